"""Rooms in which a line is tried out: outside any session, for operators, bounded, never recorded.

Their ids begin with a word, those of sessions are numbers: neither can be taken for the other.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.audit import Act
from remote_court.calendars.interval import Interval
from remote_court.calls import queries
from remote_court.calls.admit import Entry
from remote_court.calls.kinds import Frame
from remote_court.calls.models import LINE_TEST, CallStatus, LineTest
from remote_court.calls.plan import Plan, Standing
from remote_court.calls.refusals import BadRoomName, NoWorker
from remote_court.errors import Invalid, NotFound
from remote_court.tickets import Purpose, Ticket

KIND = "line-test"
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
MOST_MINUTES = 240
MOST_PEOPLE = 12
SEEN_AT_ONCE = 3
KEPT = timedelta(days=30)
"""How long a room that is over stays in the list."""


class As(StrEnum):
    """In which role somebody tries a line: a viewer sends nothing to anybody."""

    PRESENTER = "presenter"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A ticket somebody wants; ``minutes`` and ``people`` count only where the room is new."""

    room: str
    as_: As
    minutes: int = 60
    people: int = 8

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.room):
            raise BadRoomName(where="room")
        if not 1 <= self.minutes <= MOST_MINUTES:
            raise Invalid(where="minutes")
        if not 1 <= self.people <= MOST_PEOPLE:
            raise Invalid(where="people")


def name_of(session_id: str) -> str | None:
    """The room's name, where the id is that of a line test."""
    return session_id.removeprefix(LINE_TEST) if session_id.startswith(LINE_TEST) else None


async def enter(session: AsyncSession, wish: Wish, by: int | None, now: datetime) -> Entry:
    """A ticket to a room, which is opened if need be.

    Args:
        by: the operator; none: somebody at the server's own terminal.

    Raises:
        NoWorker: nobody can carry it just now.
    """
    room = await opened(session, wish, by, now)
    worker = await queries.living(session, room.worker_id, now)
    worker = worker or await queries.least_loaded(session, now)
    if worker is None:
        raise NoWorker
    room.worker_id = worker.id
    await session.flush()
    detail = {"room": room.name, "as": wish.as_.value}
    await audit.record(session, now, Act("line_test.ticket", KIND, None, by, detail=detail))
    return Entry(ticket_for(room, wish.as_, worker.id, now), worker.url)


async def opened(session: AsyncSession, wish: Wish, by: int | None, now: datetime) -> LineTest:
    """The room as it is open now, locked; one that was over is opened anew."""
    ends_at = now.replace(microsecond=0) + timedelta(minutes=wish.minutes)  # as tickets keep it
    values = {"opened_at": now, "opened_by": by, "ends_at": ends_at, "headcount": wish.people}
    row = insert(LineTest).values(name=wish.room, **values)
    renewed = values | {"revision": LineTest.revision + 1}
    made = await session.execute(
        row.on_conflict_do_update(
            index_elements=["name"], set_=renewed, where=LineTest.ends_at <= now
        ).returning(LineTest.name)
    )
    if made.first() is not None:
        detail = {"room": wish.room, "minutes": wish.minutes, "people": wish.people}
        await audit.record(session, now, Act("line_test.opened", KIND, None, by, detail=detail))
    room = await queries.line_test(session, wish.room, lock=True)
    assert room is not None, "it was inserted by us or by somebody else"
    return room


def ticket_for(room: LineTest, as_: As, worker_id: str, now: datetime) -> Ticket:
    """A ticket for one entry, good for as long as the room is open."""
    person = secrets.token_hex(4)
    return Ticket(
        session_id=room.session_id,
        person_id=f"test-{person}",
        role=as_.value,
        name=f"{as_.value} {person}",
        label=room.name,
        audience=worker_id,
        purpose=Purpose.JOIN,
        issued_at=now,
        expires_at=room.ends_at,
    )


async def plan(session: AsyncSession, name: str, now: datetime) -> Plan:
    """What a worker must know of a room; raises NotFound."""
    room = await queries.line_test(session, name)
    if room is None:
        raise NotFound
    told = Interval(room.opened_at, max(room.ends_at, room.opened_at + timedelta(seconds=1)))
    frame = Frame(
        kind=KIND,
        told=told,
        latest_end=room.ends_at,
        opens_before=timedelta(),
        grace=timedelta(),
        extend_max=timedelta(),
        extend_rule="",
        required=frozenset(),
        hears=frozenset((role.value, As.PRESENTER.value) for role in As),
        sees=frozenset((role.value, As.PRESENTER.value) for role in As),
        slots={role.value: SEEN_AT_ONCE for role in As},
        headcount=room.headcount,
        verbs={},
    )
    return Plan(frame, standing(room, now))


def standing(room: LineTest, now: datetime) -> Standing:
    """How a room stands: it is live from its opening to its end."""
    over = now >= room.ends_at
    status = CallStatus.CLOSED if over else CallStatus.LIVE
    return Standing(status, room.opened_at, room.ends_at, "time" if over else "", room.revision)


async def end(session: AsyncSession, name: str, by: int, now: datetime) -> None:
    """Close a room before its time, for everybody in it; raises NotFound where none is open."""
    room = await queries.line_test(session, name, lock=True)
    if room is None or room.ends_at <= now:
        raise NotFound
    room.ends_at = max(now, room.opened_at)
    room.revision += 1
    await session.flush()
    told = outbox.live(f"call:{room.session_id}", now, event="state", revision=room.revision)
    await outbox.put(session, told)
    act = Act("line_test.ended", KIND, None, by, detail={"room": name})
    await audit.record(session, now, act)


async def forget(session: AsyncSession, now: datetime) -> int:
    """Delete rooms that have been over for long; what was done in them stays in the record."""
    old = delete(LineTest).where(LineTest.ends_at < now - KEPT).returning(LineTest.name)
    return len((await session.execute(old)).all())
