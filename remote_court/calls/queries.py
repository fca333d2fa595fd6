"""Every SELECT of the calls."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls.models import (
    HELP,
    MUTE,
    Attendance,
    Call,
    CallEntry,
    CallStatus,
    Device,
    LineTest,
    MediaWorker,
    Recording,
    SupervisionAct,
)
from remote_court.calls.states import CALLED_OFF
from remote_court.people import AccountStatus, Actor, Grant, Person, SanaAccount
from remote_court.people.sessions import grants_of
from remote_court.places import Unit
from remote_court.scheduling.models import Reservation, Session

FORGET = timedelta(hours=1)
"""How long a worker that is gone stays in the list."""
NOT_CLOSED = Call.status != CallStatus.CLOSED
FULL = 0.85
"""The part of a core beyond which a worker gets no new calls while others have room."""


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A paired device as a list shows it."""

    id: int
    label: str
    paired_at: datetime
    paired_by: str
    seen_at: datetime | None


async def told(session: AsyncSession, session_id: int) -> Session | None:
    """The session a call belongs to."""
    return await session.get(Session, session_id)


async def call(session: AsyncSession, session_id: int) -> Call | None:
    """A call as it stands."""
    query = select(Call).where(Call.session_id == session_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def locked(session: AsyncSession, session_id: int) -> Call | None:
    """A call that nobody else changes until the transaction ends."""
    query = select(Call).where(Call.session_id == session_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def roles_in(
    session: AsyncSession, session_id: int, *, besides: int | None = None
) -> frozenset[str]:
    """Roles of which somebody is connected now; ``besides`` is a device that does not count."""
    query = select(Attendance.role).where(
        Attendance.session_id == session_id, Attendance.left_at.is_(None)
    )
    if besides is not None:
        query = query.where(Attendance.device_id.is_distinct_from(besides))
    return frozenset(await session.scalars(query.distinct()))


async def attended(session: AsyncSession, session_id: int, person_id: int) -> bool:
    """Whether somebody is or was in a call."""
    query = select(Attendance.id).where(
        Attendance.session_id == session_id, Attendance.person_id == person_id
    )
    return await session.scalar(query.limit(1)) is not None


async def attendance(session: AsyncSession, session_id: int) -> Sequence[Attendance]:
    """Every connection to a call, in order of arrival."""
    query = select(Attendance).where(Attendance.session_id == session_id)
    return (await session.scalars(query.order_by(Attendance.arrived_at, Attendance.id))).all()


async def silenced(session: AsyncSession, session_id: int) -> frozenset[int]:
    """People whose microphone a supervisor switched off last, and not on again."""
    query = (
        select(SupervisionAct.whom_id, SupervisionAct.verb)
        .where(SupervisionAct.session_id == session_id, SupervisionAct.whom_id.is_not(None))
        .ext(distinct_on(SupervisionAct.whom_id))
        .order_by(SupervisionAct.whom_id, SupervisionAct.id.desc())
    )
    rows = await session.execute(query)
    return frozenset(whom for whom, verb in rows if whom is not None and verb == MUTE)


async def acts(session: AsyncSession, session_id: int) -> Sequence[SupervisionAct]:
    """What supervisors did, in order."""
    query = select(SupervisionAct).where(SupervisionAct.session_id == session_id)
    return (await session.scalars(query.order_by(SupervisionAct.at, SupervisionAct.id))).all()


async def asked_for_help(
    session: AsyncSession, session_id: int, person_id: int, since: datetime
) -> bool:
    """Whether somebody has asked for help in this call since then."""
    query = select(SupervisionAct.id).where(
        SupervisionAct.session_id == session_id,
        SupervisionAct.person_id == person_id,
        SupervisionAct.verb == HELP,
        SupervisionAct.at > since,
    )
    return await session.scalar(query.limit(1)) is not None


async def least_loaded(
    session: AsyncSession, now: datetime, without: Collection[str] = ()
) -> MediaWorker | None:
    """The living worker with the fewest calls, then the fewest packets; draining ones rest.

    One whose core is all but full comes after those that have room, whatever it carries.
    """
    calls = select(func.count()).where(Call.worker_id == MediaWorker.id, NOT_CLOSED)
    query = (
        select(MediaWorker)
        .where(
            MediaWorker.lease_until > now,
            ~MediaWorker.draining,
            MediaWorker.id.not_in(list(without)),
        )
        .order_by(
            MediaWorker.cpu_share > FULL,
            calls.scalar_subquery(),
            MediaWorker.packets_per_s,
            MediaWorker.peers,
            MediaWorker.id,
        )
        .limit(1)
    )
    return await session.scalar(query)


async def carries(session: AsyncSession, worker_id: str) -> bool:
    """Whether a call that is not over is a worker's."""
    query = select(Call.session_id).where(Call.worker_id == worker_id, NOT_CLOSED)
    return await session.scalar(query.limit(1)) is not None


async def living(session: AsyncSession, worker_id: str | None, now: datetime) -> MediaWorker | None:
    """A worker, if its lease still runs."""
    query = select(MediaWorker).where(MediaWorker.id == worker_id, MediaWorker.lease_until > now)
    return await session.scalar(query)


async def worker(session: AsyncSession, worker_id: str | None) -> MediaWorker | None:
    """A worker as it last reported, whether it lives or not."""
    query = select(MediaWorker).where(MediaWorker.id == worker_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def living_workers(session: AsyncSession, now: datetime) -> Sequence[tuple[MediaWorker, int]]:
    """The living workers, by address, each with how many open calls are its own."""
    calls = select(func.count()).where(Call.worker_id == MediaWorker.id, NOT_CLOSED)
    query = select(MediaWorker, calls.scalar_subquery()).where(MediaWorker.lease_until > now)
    rows = await session.execute(query.order_by(MediaWorker.url, MediaWorker.id))
    return [(found, count) for found, count in rows]


async def worker_urls(session: AsyncSession) -> Sequence[str]:
    """The signalling addresses of known workers, the first hundred.

    Those that died of late are among them: who takes their place has the same address.
    """
    query = select(MediaWorker.url).distinct()
    return (await session.scalars(query.order_by(MediaWorker.url).limit(100))).all()


async def actor(session: AsyncSession, person_id: int) -> Actor | None:
    """Somebody as an actor, with the roles they hold now; none whose account is not in use."""
    person = await session.scalar(
        select(Person)
        .join(SanaAccount, SanaAccount.person_id == Person.id)
        .where(Person.id == person_id, SanaAccount.status == AccountStatus.ACTIVE)
    )
    if person is None:
        return None
    rows = await session.execute(
        select(Grant.role, Grant.place_id).where(
            Grant.person_id == person_id, Grant.revoked_at.is_(None)
        )
    )
    words = [f"{role.value}:{place_id or 0}" for role, place_id in rows]
    return Actor(person_id, person.name, person.locale, grants_of(words))


async def unit(session: AsyncSession, unit_id: int) -> Unit | None:
    """The room or booth a device stands in."""
    return await session.get(Unit, unit_id)


async def device(session: AsyncSession, credential_hash: bytes) -> Device | None:
    """The device of a credential, unless it was withdrawn."""
    query = select(Device).where(
        Device.credential_hash == credential_hash, Device.revoked_at.is_(None)
    )
    return await session.scalar(query)


async def devices_of(session: AsyncSession, unit_id: int) -> Sequence[DeviceLine]:
    """The devices paired with a unit, the newest first, with who paired each."""
    query = (
        select(Device, Person)
        .join(Person, Person.id == Device.paired_by)
        .where(Device.unit_id == unit_id, Device.revoked_at.is_(None))
        .order_by(Device.paired_at.desc(), Device.id)
    )
    return [
        DeviceLine(found.id, found.label, found.paired_at, by.name, found.seen_at)
        for found, by in await session.execute(query)
    ]


async def next_on_unit(
    session: AsyncSession, unit_id: int, kinds: Iterable[str], now: datetime
) -> Session | None:
    """The session that is on a unit now, or the next one there."""
    query = (
        select(Session)
        .join(Reservation, Reservation.session_id == Session.id)
        .outerjoin(Call, (Call.session_id == Session.id) & Call.reason.is_distinct_from(CALLED_OFF))
        .where(
            Reservation.resource_id == unit_id,
            func.upper(Reservation.during) > now,
            Session.kind.in_(list(kinds)),
            Session.hold_until.is_(None),
            func.coalesce(Call.status, CallStatus.WAITING) != CallStatus.CLOSED,
            func.coalesce(Call.ends_at, Session.ends_at) > now,
        )
        .order_by(func.lower(Reservation.during))
        .limit(1)
    )
    return await session.scalar(query)


def forgettable(now: datetime) -> ColumnElement[bool]:
    """Workers that have been gone for long."""
    return MediaWorker.lease_until < now - FORGET


async def workers(session: AsyncSession, now: datetime) -> Sequence[MediaWorker]:
    """Media workers, living or gone lately: the longest there first."""
    query = select(MediaWorker).where(~forgettable(now))
    query = query.order_by(MediaWorker.started_at, MediaWorker.id)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def entry(session: AsyncSession, entry_id: int, session_id: int) -> CallEntry | None:
    """An entry of this call, unless it was withdrawn."""
    query = select(CallEntry).where(
        CallEntry.id == entry_id,
        CallEntry.session_id == session_id,
        CallEntry.withdrawn_at.is_(None),
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def good_entries(
    session: AsyncSession, *conditions: ColumnElement[bool]
) -> Sequence[CallEntry]:
    """Entries of calls that are not over, and that were not withdrawn; locked."""
    query = (
        select(CallEntry)
        .join(Call, Call.session_id == CallEntry.session_id)
        .where(NOT_CLOSED, CallEntry.withdrawn_at.is_(None), *conditions)
        .order_by(CallEntry.id)
        .with_for_update(of=CallEntry)
    )
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def withdrawn(session: AsyncSession, session_id: int) -> frozenset[str]:
    """The withdrawn entries of a call, as its tokens name them."""
    query = select(CallEntry.id).where(
        CallEntry.session_id == session_id, CallEntry.withdrawn_at.is_not(None)
    )
    return frozenset(str(found) for found in await session.scalars(query))


async def line_test(session: AsyncSession, name: str, *, lock: bool = False) -> LineTest | None:
    """A room for trying a line out, locked if that is wanted."""
    query = select(LineTest).where(LineTest.name == name)
    query = query.with_for_update() if lock else query
    return await session.scalar(query.execution_options(populate_existing=True))


async def line_tests(session: AsyncSession, now: datetime) -> Sequence[LineTest]:
    """The rooms that are open, the first hundred."""
    query = select(LineTest).where(LineTest.ends_at > now).order_by(LineTest.name).limit(100)
    return (await session.scalars(query)).all()


async def newest_recording(session: AsyncSession, session_id: int) -> Recording | None:
    """The recording of a call that was ordered last."""
    query = select(Recording).where(Recording.session_id == session_id)
    return await session.scalar(query.order_by(Recording.id.desc()).limit(1))


async def recordings_in_alarm(session: AsyncSession) -> Sequence[Recording]:
    """Recordings that should run and do not, the oldest alarm first."""
    query = select(Recording).where(
        Recording.stopped_at.is_(None), Recording.alarmed_at.is_not(None)
    )
    return (await session.scalars(query.order_by(Recording.alarmed_at, Recording.id))).all()


@dataclass(frozen=True, slots=True)
class Recordings:
    """How many recordings run, wait to be signed, and are kept; and the bytes of those kept."""

    running: int
    unsigned: int
    kept: int
    octets: int


async def recordings(session: AsyncSession) -> Recordings:
    """The recordings in figures."""
    stopped = Recording.stopped_at.is_not(None)
    kept = Recording.sealed_at.is_not(None) & Recording.deleted_at.is_(None)
    query = select(
        func.count().filter(Recording.stopped_at.is_(None)),
        func.count().filter(stopped & Recording.sealed_at.is_(None)),
        func.count().filter(kept),
        func.coalesce(func.sum(Recording.octets).filter(Recording.deleted_at.is_(None)), 0),
    )
    running, unsigned, held, octets = (await session.execute(query)).one()
    return Recordings(running, unsigned, held, int(octets))
