"""A step of the wizard at the desk: who follows a visit that is not in Persian."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid, NotFound
from remote_court.identifiers import compact
from remote_court.people import Actor
from remote_court.server.deps import Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import needs
from remote_court.server.idempotency import OnceRoute
from remote_court.server.pages import render
from remote_court.server.people.lookups import looked_up
from remote_court.server.problems import Again
from remote_court.server.visits.choice import Choice, choice
from remote_court.visits import queries
from remote_court.visits.door import DESK
from remote_court.visits.models import VisitKind
from remote_court.visits.name_interpreter import interpreter_by

clerk = needs(*DESK)
router = APIRouter(
    prefix="/visits/new/companion",
    include_in_schema=False,
    dependencies=[Depends(clerk)],
    route_class=OnceRoute,
)
Chosen = Annotated[Choice, Depends(choice)]
Clerk = Annotated[Actor, Depends(clerk)]


async def is_asked(work: AsyncSession, chosen: Choice) -> bool:
    """Whether a clerk must name somebody who knows the language before going on."""
    if not chosen.guest or chosen.interpreter or chosen.visit or chosen.inmate is None:
        return False
    if chosen.kind is VisitKind.LAWYER:
        return False
    return await queries.asks_for_companion(work, chosen.inmate, chosen.who)


def page(request: Request, chosen: Choice, form: Fields | None = None) -> Response:
    """The question."""
    return render(
        request,
        "visits/companion.html",
        status=422 if form else 200,
        chosen=chosen,
        errors=form.errors if form else {},
        typed=form.text("interpreter_number") if form else "",
    )


@router.get("")
async def ask(request: Request, chosen: Chosen) -> Response:
    """Ask for the number of who knows the language."""
    return page(request, chosen)


@router.post("")
async def name(request: Request, actor: Clerk, work: Work, chosen: Chosen, form: Form) -> Response:
    """Find them and go on; a number never stands in an address, and who looked is written down.

    Raises:
        NotFound: the prisoner was not chosen yet.
    """
    if chosen.inmate is None:
        raise NotFound
    number, person_id = form.read("interpreter_number", compact), None
    try:
        if number is None:
            raise Invalid
        person_id = await interpreter_by(work, number, {chosen.inmate, *chosen.who})
    except Invalid as refusal:
        if number is not None:
            refusal.where = "interpreter_number"
            form.refuse(refusal)
        raise Again(page(request, chosen, form)) from refusal
    finally:
        if number is not None:
            place = next(iter(actor.places_of(*DESK)), None)
            await looked_up(request, actor, DESK, place, number, person_id)
    return RedirectResponse(chosen.put(interpreter=person_id).url("office"), 303)
