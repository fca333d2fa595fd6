"""Receive visitors: their visit, who is here, and which document each showed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound
from remote_court.identifiers import FidaCode, NationalId, compact
from remote_court.people.verify_identity import Document
from remote_court.scheduling.hold import SlotTaken
from remote_court.server.deps import Now, Work, site_of
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import N_, translate
from remote_court.server.office.shared import AtDesk, around, at_desk, maybe
from remote_court.server.pages import render
from remote_court.server.people.lookups import looked_up
from remote_court.server.problems import Again
from remote_court.visits.check_in import PROVES_ADULT, PROVES_CHILD, check_in
from remote_court.visits.desk import DeskLine, Guest, visit_at
from remote_court.visits.door import DESK
from remote_court.visits.name_interpreter import name_interpreter
from remote_court.visits.stages import receivable, stage
from remote_court.visits.status import Status

router = APIRouter(include_in_schema=False, route_class=OnceRoute, dependencies=[Depends(at_desk)])

DOCUMENTS = {
    Document.NATIONAL_CARD: N_("National card"),
    Document.BIRTH_CERTIFICATE: N_("Birth certificate"),
    Document.PASSPORT: N_("Passport"),
    Document.RESIDENCE_CARD: N_("Residence card"),
    Document.MARRIAGE_DEED: N_("Marriage deed"),
}
FOR_FOREIGNERS = frozenset({Document.PASSPORT, Document.RESIDENCE_CARD})
FIDA_LENGTH = 12
ELSEWHERE = N_("This interpreter is in another visit at this time; name somebody else.")
MOVABLE = frozenset({Status.REQUESTED, Status.BOOKED, Status.DISPLACED})


@router.get("/desk/{office_id}/visits/{visit_id}")
async def arrival(request: Request, work: Work, office_id: Id, visit_id: Id) -> Response:
    """A visit at the desk."""
    page = await arrival_page(request, work, office_id, visit_id)
    return render(request, "office/arrival.html", **page, chosen={}, errors={})


@router.post("/desk/{office_id}/visits/{visit_id}/check-in")
async def receive(
    request: Request,
    actor: AtDesk,
    work: Work,
    now: Now,
    form: Form,
    office_id: Id,
    visit_id: Id,
    _key: Key,
) -> Response:
    """Receive who is here."""
    line = await visit_at(work, office_id, visit_id)
    if line is None:
        raise NotFound
    rule = await policy.current(work, local(line.starts_at).date())
    try:
        await check_in(work, actor, visit_id, sighted_by(form, line), now, rule)
    except Invalid as refusal:
        form.refuse(refusal)
        page = await arrival_page(request, work, office_id, visit_id)
        chosen = {guest.id: form.text(f"document_{guest.id}") for guest in line.guests}
        shown = render(
            request, "office/arrival.html", status=422, chosen=chosen, errors=form.errors, **page
        )
        raise Again(shown) from refusal
    return RedirectResponse(f"/desk/{office_id}/visits/{visit_id}?received=1", 303)


@router.post("/desk/{office_id}/visits/{visit_id}/interpreter")
async def interpreter(
    request: Request,
    actor: AtDesk,
    work: Work,
    now: Now,
    form: Form,
    office_id: Id,
    visit_id: Id,
    _key: Key,
) -> Response:
    """Name the interpreter of a visit."""
    if await visit_at(work, office_id, visit_id) is None:
        raise NotFound
    number = form.read("interpreter", lambda typed: person_number(typed).value)
    named = None
    try:
        async with work.begin_nested():
            if number:
                opened = await name_interpreter(work, actor, visit_id, number, now)
                named = opened.visit.interpreter_id
    except Invalid as refusal:
        form.refuse(refusal)
    except SlotTaken:
        form.note("interpreter", ELSEWHERE)
    if number:
        await looked_up(request, actor, DESK, office_id, number, named)
    if form.errors:
        page = await arrival_page(request, work, office_id, visit_id)
        shown = render(
            request, "office/arrival.html", status=422, chosen={}, errors=form.errors, **page
        )
        raise Again(shown)
    return RedirectResponse(f"/desk/{office_id}/visits/{visit_id}", 303)


def person_number(typed: str) -> NationalId | FidaCode:
    """A national ID or, if it has twelve digits, a foreigner's code."""
    return FidaCode.parse(typed) if len(compact(typed)) == FIDA_LENGTH else NationalId.parse(typed)


def sighted_by(form: Fields, line: DeskLine) -> dict[int, Document]:
    """The document chosen for each visitor who is here."""
    read = {g.id: maybe(form, f"document_{g.id}", Document) for g in line.guests}
    return {person_id: document for person_id, document in read.items() if document}


async def arrival_page(
    request: Request, session: AsyncSession, office_id: int, visit_id: int
) -> dict[str, Any]:
    """What the page of a visit at the desk shows.

    Raises:
        NotFound: it is not this office's.
    """
    line = await visit_at(session, office_id, visit_id)
    if line is None:
        raise NotFound
    now = site_of(request).now()
    rule = await policy.current(session, local(line.starts_at).date())
    page = await around(session, office_id)
    return page | {
        "line": line,
        "stage": stage(line, now),
        "receivable": receivable(line, now, rule),
        "movable": line.status in MOVABLE,
        "early": rule.integer("visit.check_in_before_min"),
        "received": request.query_params.get("received") == "1",
        "documents": {guest.id: options(request, guest) for guest in line.guests},
        "words": {document.value: translate(request, word) for document, word in DOCUMENTS.items()},
    }


def options(request: Request, guest: Guest) -> list[tuple[str, str]]:
    """The documents that serve for a visitor, as a list to choose from."""
    serve = PROVES_ADULT if guest.adult else PROVES_CHILD
    if guest.foreign:
        serve &= FOR_FOREIGNERS
    return [(d.value, translate(request, word)) for d, word in DOCUMENTS.items() if d in serve]
