"""Book for who stands at the desk and cannot do it alone: find the person, then the wizard."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import NotFound
from remote_court.people import AccountStatus
from remote_court.people import queries as people
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.listing import Id
from remote_court.server.locale import N_
from remote_court.server.office.shared import AtDesk, around, at_desk
from remote_court.server.pages import render
from remote_court.server.people.lookups import looked_up, viewed
from remote_court.visits import queries as visits
from remote_court.visits.desk import coming_of
from remote_court.visits.door import DESK

router = APIRouter(include_in_schema=False, dependencies=[Depends(at_desk)])

UNKNOWN = N_("Nobody is known by this number. Register the person first.")


@router.get("/desk/{office_id}/walk-in")
async def ask(request: Request, work: Work, office_id: Id) -> Response:
    """Ask for the person's number."""
    return await asked(request, work, office_id)


async def asked(
    request: Request, work: Work, office_id: int, form: Fields | None = None
) -> Response:
    """The question who it is for."""
    page = await around(work, office_id)
    return render(
        request,
        "office/walk_in.html",
        status=422 if form else 200,
        identifier=form.text("identifier") if form else "",
        errors=form.errors if form else {},
        **page,
    )


@router.post("/desk/{office_id}/walk-in")
async def find(request: Request, actor: AtDesk, work: Work, form: Form, office_id: Id) -> Response:
    """Find the person; a number never stands in an address."""
    who = form.read("identifier", people.identifier)
    person = await people.person_by(work, who) if who else None
    if who is not None:
        found = person.id if person else None
        await looked_up(request, actor, DESK, office_id, who.value, found)
        if person is None:
            form.note("identifier", UNKNOWN)
    if person is None:
        return await asked(request, work, office_id, form)
    return RedirectResponse(f"/desk/{office_id}/walk-in/{person.id}", 303)


@router.get("/desk/{office_id}/walk-in/{person_id}")
async def person_at_desk(
    request: Request, actor: AtDesk, work: Work, now: Now, office_id: Id, person_id: Id
) -> Response:
    """The person, whom they may visit, and where to go on."""
    person = await people.person(work, person_id)
    inmates = await visits.inmates_of(work, person_id)
    account = await people.account(work, person_id)
    if account is None and not inmates:
        raise NotFound
    await viewed(request, actor, DESK, office_id, person_id)
    page = await around(work, office_id)
    number = person.national_id or person.fida_code or ""
    return render(
        request,
        "office/walk_in_person.html",
        person=person,
        number=number,
        inmates=inmates,
        waiting=account is not None and account.status is AccountStatus.PENDING,
        coming=await coming_of(work, office_id, number, now),
        **page,
    )
