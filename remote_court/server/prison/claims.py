"""A relative says what they are to a prisoner, and what to bring so that it is proven."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Conflict, Invalid, NotFound, Refusal
from remote_court.people import Actor, Role
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import needs
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.locale import N_, translate
from remote_court.server.pages import render
from remote_court.server.prison import words
from remote_court.server.problems import Again, said
from remote_court.text import ascii_digits
from remote_court.visits import kinship_entry, prison_queries
from remote_court.visits.kinships import KinshipKind

family = needs(Role.FAMILY)
Family = Annotated[Actor, Depends(family)]
router = APIRouter(
    prefix="/kinships",
    include_in_schema=False,
    dependencies=[Depends(family)],
    route_class=OnceRoute,
)
NOT_FOUND = N_("No prisoner with this number has this family name. Check both.")


@router.get("")
async def mine(request: Request, actor: Family, work: Work) -> Response:
    """Show what waits for its proof, and ask for another."""
    return await page(request, work, actor)


async def page(
    request: Request, work: AsyncSession, actor: Actor, form: Fields | None = None
) -> Response:
    """The claims with the form for another."""
    return render(
        request,
        "prison/claims.html",
        status=422 if form else 200,
        claims=await prison_queries.claims_of(work, actor.person_id),
        words=words,
        proves=kinship_entry.PROVES,
        errors=dict(form.errors) if form else {},
        typed=form.text if form else lambda _name: "",
    )


@router.post("")
async def claim(
    request: Request, actor: Family, form: Form, work: Work, now: Now, _key: Key
) -> Response:
    """Write the claim down."""
    kind = form.read("kind", KinshipKind)
    try:
        if kind is None:
            raise Invalid(where="kind")
        number, name = ascii_digits(form.text("number")), form.text("family_name")
        await kinship_entry.claim(work, actor, number, name, kind, now=now)
    except (Invalid, Conflict, NotFound) as refusal:
        tell(request, form, refusal)
        raise Again(await page(request, work, actor, form)) from refusal
    return RedirectResponse("/kinships", 303)


def tell(request: Request, form: Fields, refusal: Refusal) -> None:
    """Say what is wrong beside its field."""
    if isinstance(refusal, NotFound):
        form.errors["number"] = translate(request, NOT_FOUND)
    elif isinstance(refusal, Invalid):
        form.refuse(refusal)
    else:
        form.errors[""] = said(request, refusal)
