"""Who may see the prison's pages, and what each of them shows besides."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from remote_court.errors import NotFound, Refusal, RuleRefused
from remote_court.people import Actor, Role
from remote_court.people.inmates import Inmate
from remote_court.places import Prison
from remote_court.server.fields import Fields
from remote_court.server.guards import needs
from remote_court.server.locale import locale_of
from remote_court.server.pages import render
from remote_court.server.prison import words
from remote_court.server.problems import said_reasons
from remote_court.visits.entering import inmate_of

officer = needs(Role.PRISON_OFFICER)
Officer = Annotated[Actor, Depends(officer)]


async def own_prison(work: AsyncSession, actor: Actor, prison_id: int) -> Prison:
    """The prison, if the actor is an officer of it.

    Raises:
        NotFound: it is another's, or there is none.
    """
    actor.need_at(prison_id, Role.PRISON_OFFICER)
    prison = await work.get(Prison, prison_id)
    if prison is None:
        raise NotFound
    return prison


async def own_inmate(
    work: AsyncSession, actor: Actor, prison_id: int, inmate_id: int
) -> tuple[Prison, Inmate]:
    """An inmate held in the actor's own prison, and the prison.

    Raises:
        NotFound: held elsewhere, or there is none.
    """
    prison = await own_prison(work, actor, prison_id)
    inmate = await inmate_of(work, inmate_id)
    if inmate.prison_id != prison_id:
        raise NotFound
    return prison, inmate


def show(
    request: Request,
    template: str,
    prison: Prison,
    *,
    form: Fields | None = None,
    refusal: Refusal | None = None,
    **context: Any,
) -> Response:
    """A page of the prison; with a form that was refused, what is wrong with it."""
    errors = dict(form.errors) if form else {}
    reasons = said_reasons(request, refusal.reasons) if isinstance(refusal, RuleRefused) else []
    return render(
        request,
        f"prison/{template}.html",
        status=422 if form else 200,
        prison=prison,
        prison_name=prison.name_fa if locale_of(request) == "fa" else prison.name_en,
        words=words,
        errors=errors,
        reasons=reasons,
        typed=form.text if form else lambda _name: "",
        **context,
    )
