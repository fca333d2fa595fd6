"""Receive visitors at the desk: the booking is found, and each person's document is sighted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.audit import Act
from remote_court.errors import Invalid, NotFound, Refusal, WrongState
from remote_court.identifiers import parse_tracking_code
from remote_court.people import Actor, Person, Role
from remote_court.people.verify_identity import Document
from remote_court.policy import Policy
from remote_court.visits.door import DESK, Opened, open_visit
from remote_court.visits.letters import VISIT, live
from remote_court.visits.models import Visit, VisitVisitor
from remote_court.visits.status import Status

PROVES_ADULT = frozenset({Document.NATIONAL_CARD, Document.PASSPORT, Document.RESIDENCE_CARD})
PROVES_CHILD = frozenset({Document.BIRTH_CERTIFICATE, Document.PASSPORT, Document.RESIDENCE_CARD})
RECEIVED = frozenset({Status.BOOKED, Status.IN_PROGRESS})


class TooEarly(Refusal):
    """The desk receives visitors from %(minutes)s minutes before the visit."""


class TooLate(Refusal):
    """The time to arrive has passed; this visit counts as missed."""


class NobodySighted(Invalid):
    """Choose the document you saw of at least one visitor."""


class AdultNeeded(Invalid):
    """A child cannot come alone; an adult of this visit must be here too."""


class DocumentDoesNotServe(Invalid):
    """This document does not serve; see a card or passport, of a child the birth certificate."""


def read_code(text: str) -> str:
    """Read a tracking code as typed, or from what a QR code holds: the code or a slip's address.

    Raises:
        BadTrackingCode: it is not a tracking code.
    """
    written = text.strip()
    if "://" in written:
        query, _, _ = written.partition("?")[2].partition("#")
        last = written.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
        written = dict(parse_qsl(query)).get("code", last)
    return parse_tracking_code(written)


async def find(session: AsyncSession, actor: Actor, office_id: int, code: str) -> int:
    """The visit with this tracking code at this office.

    Raises:
        BadTrackingCode: it is not a tracking code.
        NotFound: no visit of this office has it.
        Forbidden: the actor is no clerk.
    """
    actor.need_at(office_id, *DESK)
    query = select(Visit.id).where(
        Visit.tracking_code == read_code(code), Visit.office_id == office_id
    )
    found = await session.scalar(query)
    if found is None:
        raise NotFound
    return found


async def check_in(
    session: AsyncSession,
    actor: Actor,
    visit_id: int,
    sighted: Mapping[int, Document],
    now: datetime,
    rule: Policy,
) -> Opened:
    """Write down who is here and which document each showed; who comes later is added so too.

    Args:
        sighted: the document of each visitor who is here, by person.

    Raises:
        NotFound: no such visit at the clerk's office, or no such visitor in it.
        WrongState: the visit was cancelled, missed or is over.
        TooEarly, TooLate: outside the window of the policy.
        NobodySighted, AdultNeeded, DocumentDoesNotServe: what the clerk must mend.
    """
    opened = await open_visit(session, visit_id)
    actor.need_at(opened.visit.office_id, *DESK)
    if opened.status not in RECEIVED:
        raise WrongState
    in_time(opened, now, rule)
    visitors = await _visitors(session, visit_id)
    _check(visitors, sighted)
    for person_id, document in sighted.items():
        seen, _ = visitors[person_id]
        seen.sighted_at, seen.sighted_by = now, actor.person_id
        seen.sighted_document = document.value
    visit = opened.visit
    if visit.checked_in_at is None:
        visit.checked_in_at, visit.checked_in_by = now, actor.person_id
    await outbox.put(session, *live(visit.id, visit.office_id, visit.prison_id, now))
    await audit.record(session, now, _act(actor, visit, sighted))
    await session.flush()
    return opened


def in_time(opened: Opened, now: datetime, rule: Policy) -> None:
    """Go on only while the desk receives this visit's people.

    Raises:
        TooEarly, TooLate: by the policy of the visit's day.
    """
    early = rule.minutes("visit.check_in_before_min")
    if now < opened.session.starts_at - early:
        raise TooEarly(minutes=early // timedelta(minutes=1))
    if opened.visit.checked_in_at is None and now > last_arrival(opened.session.starts_at, rule):
        raise TooLate


def last_arrival(starts_at: datetime, rule: Policy) -> datetime:
    """Until when the first of the visitors must have come."""
    return starts_at + rule.minutes("visit.grace_min")


async def _visitors(session: AsyncSession, visit_id: int) -> dict[int, tuple[VisitVisitor, Person]]:
    query = (
        select(VisitVisitor, Person)
        .join(Person, Person.id == VisitVisitor.person_id)
        .where(VisitVisitor.visit_id == visit_id)
        .execution_options(populate_existing=True)
    )
    return {row.Person.id: (row.VisitVisitor, row.Person) for row in await session.execute(query)}


def _check(
    visitors: Mapping[int, tuple[VisitVisitor, Person]], sighted: Mapping[int, Document]
) -> None:
    if not sighted:
        raise NobodySighted(where="sighted")
    if not sighted.keys() <= visitors.keys():
        raise NotFound
    for person_id, document in sighted.items():
        seen, _ = visitors[person_id]
        if document not in (PROVES_ADULT if seen.adult else PROVES_CHILD):
            raise DocumentDoesNotServe(where=f"document_{person_id}")
    here = [
        seen
        for person_id, (seen, _) in visitors.items()
        if person_id in sighted or seen.sighted_at is not None
    ]
    if not any(seen.adult for seen in here):
        raise AdultNeeded(where="sighted")


def _act(actor: Actor, visit: Visit, sighted: Mapping[int, Document]) -> Act:
    return Act(
        "visit.checked_in",
        VISIT,
        visit.id,
        actor_id=actor.person_id,
        role=Role.OFFICE_CLERK,
        place_id=visit.office_id,
        detail={"sighted": {str(who): document.value for who, document in sighted.items()}},
    )
