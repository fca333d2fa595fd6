"""What a clerk enters for prisons at her own desk: kinship documents and powers of attorney."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Conflict, Invalid, NotFound, Refusal
from remote_court.people import Actor, Role
from remote_court.places import Office
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import needs
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.pages import render
from remote_court.server.people.lookups import looked_up, visitor_of
from remote_court.server.prison import words
from remote_court.server.problems import Again, said
from remote_court.server.sent import note
from remote_court.visits import kinship_entry, mandate_entry, prison_queries
from remote_court.visits.entering import DESK, UnknownInmate
from remote_court.visits.kinship_entry import Evidence
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.prison_queries import Held

clerk = needs(*DESK)
Clerk = Annotated[Actor, Depends(clerk)]
router = APIRouter(
    prefix="/desk/{office_id}",
    include_in_schema=False,
    dependencies=[Depends(clerk)],
    route_class=OnceRoute,
)


async def page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    office_id: int,
    template: str,
    form: Fields | None = None,
) -> Response:
    """A form at the desk of one's own office.

    Raises:
        NotFound: another office's desk.
    """
    actor.need_at(office_id, Role.OFFICE_CLERK, Role.OFFICE_MANAGER)
    office = await work.get(Office, office_id)
    if office is None:
        raise NotFound
    return render(
        request,
        f"prison/{template}.html",
        status=422 if form else 200,
        office=office,
        words=words,
        errors=dict(form.errors) if form else {},
        typed=form.text if form else lambda _name: "",
        claim=None,
        done=request.query_params.get("done") == "1",
    )


async def inmate_of(
    request: Request, actor: Actor, office_id: int, work: AsyncSession, form: Fields
) -> Held:
    """The inmate whose number was typed; that a clerk looked for them is written down.

    Raises:
        UnknownInmate: nobody has it.
    """
    typed = form.text("inmate")
    found = await prison_queries.inmate_by_number(work, typed)
    await looked_up(request, actor, DESK, office_id, typed, found.id if found else None)
    if found is None:
        raise UnknownInmate(where="inmate")
    return found


def refuse(request: Request, form: Fields, refusal: Refusal) -> None:
    """Note what is wrong, beside its field or above the form."""
    note(form, refusal)
    if isinstance(refusal, Conflict):
        form.errors[""] = said(request, refusal)


@router.get("/kinship")
async def ask_kinship(request: Request, office_id: Id, actor: Clerk, work: Work) -> Response:
    """Ask who is what to whom, and by which document."""
    return await page(request, work, actor, office_id, "desk_kinship")


@router.post("/kinship")
async def enter_kinship(
    request: Request, office_id: Id, actor: Clerk, form: Form, work: Work, now: Now, _key: Key
) -> Response:
    """Enter the relation with its proof, sighted at this desk."""
    actor.need_at(office_id, *DESK)
    kind, evidence = form.read("kind", KinshipKind), form.read("evidence", Evidence)
    try:
        inmate = await inmate_of(request, actor, office_id, work, form)
        visitor = await visitor_of(request, actor, DESK, office_id, work, form)
        if kind is None or evidence is None:
            raise Invalid(where="kind" if kind is None else "evidence")
        await kinship_entry.enter(
            work,
            actor,
            inmate.id,
            visitor.id,
            kind=kind,
            evidence=evidence,
            place_id=office_id,
            now=now,
        )
    except (Invalid, Conflict) as refusal:
        refuse(request, form, refusal)
        raise Again(await page(request, work, actor, office_id, "desk_kinship", form)) from refusal
    return RedirectResponse(f"/desk/{office_id}/kinship?done=1", 303)


@router.get("/mandate")
async def ask_mandate(request: Request, office_id: Id, actor: Clerk, work: Work) -> Response:
    """Ask for the prisoner, the lawyer and the document."""
    return await page(request, work, actor, office_id, "desk_mandate")


@router.post("/mandate")
async def enter_mandate(
    request: Request, office_id: Id, actor: Clerk, form: Form, work: Work, now: Now, _key: Key
) -> Response:
    """Register the power of attorney, sighted at this desk."""
    actor.need_at(office_id, *DESK)
    try:
        inmate = await inmate_of(request, actor, office_id, work, form)
        lawyer = await visitor_of(request, actor, DESK, office_id, work, form)
        await mandate_entry.enter(
            work, actor, inmate.id, lawyer.id, form.text("reference"), place_id=office_id, now=now
        )
    except (Invalid, Conflict) as refusal:
        refuse(request, form, refusal)
        raise Again(await page(request, work, actor, office_id, "desk_mandate", form)) from refusal
    return RedirectResponse(f"/desk/{office_id}/mandate?done=1", 303)
