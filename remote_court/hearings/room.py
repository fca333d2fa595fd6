"""The course of a session: it is opened, people are called in and sent out, doors are closed.

Every act is asked of the table of powers, carried out under the call's lock, and written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls import queries as calls
from remote_court.calls import stations, withdraw
from remote_court.calls.arrivals import open_call
from remote_court.calls.models import CallEntry, CallStatus
from remote_court.calls.plan import Standing, standing
from remote_court.calls.prepare import Prepared, prepare
from remote_court.calls.refusals import CallOver, NotYetOpen
from remote_court.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Reason,
    RuleRefused,
    WrongState,
)
from remote_court.hearings.bench import JUDGES, bench_of
from remote_court.hearings.cast import (
    ASIDE,
    CHAMBER,
    HELD,
    LOBBY,
    WITNESS_ROOM,
    Cast,
)
from remote_court.hearings.cast import station as station_of
from remote_court.hearings.forums import law_of
from remote_court.hearings.in_call import HEARING, both, leader, present, rule_of
from remote_court.hearings.in_call_facts import HearingFacts, Part, load
from remote_court.hearings.in_call_roles import concerns
from remote_court.hearings.powers import POWERS, Power
from remote_court.hearings.roles import SERVED, Site
from remote_court.hearings.status import Status
from remote_court.notices.service import services
from remote_court.people import Actor, Role

ONE_AT_A_TIME = frozenset({Cast.WITNESS})


class AnotherWitness(Conflict):
    """Another witness is in the room; send them out first, for they must not hear each other."""


class NotHere(Conflict):
    """This person is not connected now."""


class NoClient(Conflict):
    """This lawyer does not speak for that party."""


class NoRoomAside(Conflict):
    """Every room aside is taken; end one of the private talks first."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session's call, locked, with who leads it and who is connected, as what."""

    facts: HearingFacts
    prepared: Prepared
    actor: Actor
    cast: Cast
    here: Mapping[int, str]
    now: datetime

    def station(self, person_id: int) -> str:
        """Where somebody who is connected stands.

        Raises:
            NotHere: they are not.
        """
        role = self.here.get(person_id)
        if role is None:
            raise NotHere
        return station_of(role, self.prepared.call.stations, person_id)

    def at(self, place: str) -> list[int]:
        """Who is connected and stands at a station."""
        return [person for person in self.here if self.station(person) == place]


async def sitting(
    session: AsyncSession, actor: Actor, hearing_id: int, power: Power, now: datetime
) -> Sitting:
    """Go on only for who has a power in this session; its call is locked.

    Raises:
        NotFound: the hearing is nothing to the actor.
        Forbidden: the actor's part in it has no such power.
        CallNotPlanned, CallOver: it has no call, or that is over.
    """
    facts = await load(session, hearing_id)
    cast = await cast_of(session, facts, actor)
    if cast not in POWERS[power]:
        raise Forbidden if concerns(facts, actor) else NotFound
    prepared = await prepare(session, hearing_id)
    if prepared.call.status is CallStatus.CLOSED:
        raise CallOver
    rows = await calls.attendance(session, hearing_id)
    here = {row.person_id: row.role for row in rows if row.left_at is None}
    return Sitting(facts, prepared, actor, cast, here, now)


async def cast_of(session: AsyncSession, facts: HearingFacts, actor: Actor) -> Cast | None:
    """As what somebody acts now: the senior member presides where the president is not there."""
    seat = facts.seats.get(actor.person_id)
    if seat is not None:
        leads = leader(facts, await present(session, facts)) == actor.person_id
        return Cast.PRESIDING if leads else Cast.ASSOCIATE
    if actor.holds_at(facts.branch_id, Role.COURT_CLERK):
        return Cast.CLERK
    part = facts.part(actor.person_id)
    return part.cast if part is not None else None


async def open_session(
    session: AsyncSession, actor: Actor, hearing_id: int, now: datetime
) -> Standing:
    """Open the session: the bench is quorate, and everybody who is absent was served.

    Raises:
        RuleRefused: every reason for which the law does not let it open.
        NotYetOpen: its time has not come.
        WrongState: it is open already.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.OPEN, now)
    call = found.prepared.call
    if call.status is not CallStatus.WAITING:
        raise WrongState(call.status)
    if now < call.starts_at:
        raise NotYetOpen(call.starts_at)
    if reasons := await obstacles(session, found):
        raise RuleRefused(reasons)
    await open_call(session, found.prepared, now)
    await write(session, found, "opened", bench=sorted(set(found.here) & set(found.facts.seats)))
    return standing(call)


async def obstacles(session: AsyncSession, found: Sitting) -> list[Reason]:
    """Why the session may not open now, every reason at once."""
    facts = found.facts
    rule = await rule_of(session, facts)
    bench = bench_of(law_of(facts.forum, grave=facts.grave), rule)
    seats = [facts.seats[person] for person in found.here if person in facts.seats]
    reasons = []
    if not bench.is_quorate(seats):
        values = {"here": sum(seat in JUDGES for seat in seats), "quorum": bench.quorum}
        reasons.append(
            Reason(
                "not-quorate",
                "Of the bench %(here)s are here; a session opens with %(quorum)s.",
                bench.rule,
                values,
            )
        )
    if facts.status is Status.PROVISIONAL:
        reasons += await unserved(session, found)
    return reasons


async def unserved(session: AsyncSession, found: Sitting) -> list[Reason]:
    """Who was not served with this date and is not here either."""
    facts = found.facts
    told = await services(session, facts.id, facts.date_no)
    served = {one.person_id for one in told if one.day is not None}
    missing = [
        part
        for part in facts.parts
        if part.role in SERVED and part.person_id not in served | set(found.here)
    ]
    if not missing:
        return []
    return [
        Reason(
            "not-served",
            "%(count)s of those who must be served have not been, and are not here.",
            "service.served_at",
            {"count": len(missing)},
        )
    ]


async def admit(
    session: AsyncSession, actor: Actor, hearing_id: int, person_ids: list[int], now: datetime
) -> Standing:
    """Call people into the room: who waits, who was sent out, or a witness, one at a time.

    Raises:
        NotHere: one of them is not connected.
        AnotherWitness: there is a witness in the room already, or two are called at once.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.ADMIT, now)
    moves = {}
    for person_id in person_ids or called(found):
        found.station(person_id)
        moves[person_id] = found.here[person_id]
    coming = [p for p, role in moves.items() if role in ONE_AT_A_TIME]
    inside = [p for p in found.at(Cast.WITNESS) if p not in moves]
    if len(coming) + len(inside) > 1 and coming:
        raise AnotherWitness
    return await send(session, found, moves, "admitted")


def called(found: Sitting) -> list[int]:
    """Who is meant when all are called in: whoever waits, but for experts, who come for an item."""
    return [person for person in found.at(LOBBY) if found.here[person] != Cast.EXPERT]


async def send_out(
    session: AsyncSession, actor: Actor, hearing_id: int, person_id: int, now: datetime
) -> Standing:
    """Send somebody out of the room: to the lobby, or a witness where nobody is met.

    A witness who was heard is held until released, and is not with those who were not.

    Source:
        Criminal Procedure Code, art. 329.

    Raises:
        NotHere: they are not connected.
        Invalid: the bench and the clerk are not sent out.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.SEND_OUT, now)
    where, role = found.station(person_id), found.here[person_id]
    if role in {Cast.PRESIDING, Cast.ASSOCIATE, Cast.CLERK}:
        raise Invalid(where="person")
    if role != Cast.WITNESS:
        return await send(session, found, {person_id: LOBBY}, "sent_out")
    heard = where in {Cast.WITNESS, HELD}
    return await send(session, found, {person_id: HELD if heard else WITNESS_ROOM}, "sent_out")


async def release(
    session: AsyncSession, actor: Actor, hearing_id: int, person_id: int, now: datetime
) -> Standing:
    """Let somebody go for good: a witness after testimony, or whoever is dismissed.

    Raises:
        Invalid: the bench is not dismissed.
        NotFound: nobody of that number ever came; the hearing is nothing to the actor.
        Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.RELEASE, now)
    if person_id in found.facts.seats:
        raise Invalid(where="person")
    entries = await calls.good_entries(
        session, CallEntry.session_id == hearing_id, CallEntry.person_id == person_id
    )
    if not entries:
        raise NotFound
    await withdraw.withdraw(session, entries, actor.person_id, now)
    await stations.leave(session, hearing_id, [person_id], now)
    await write(session, found, "released", person=person_id)
    return standing(found.prepared.call)


async def aside(
    session: AsyncSession,
    actor: Actor,
    hearing_id: int,
    lawyer_id: int,
    client_id: int,
    now: datetime,
) -> Standing:
    """Let a lawyer and the client talk alone: nobody else hears, and nothing is recorded.

    Raises:
        NoClient: the one does not speak for the other.
        NotHere: one of them is not connected.
        NoRoomAside: as many talks as there are rooms go on.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.ASIDE, now)
    lawyer, client = part_of(found.facts, lawyer_id), part_of(found.facts, client_id)
    if (lawyer.party_id, client.party_id) not in found.facts.speaks_for:
        raise NoClient
    for person_id in (lawyer_id, client_id):
        found.station(person_id)
    free = next((room for room in ASIDE if not found.at(room)), None)
    if free is None:
        raise NoRoomAside
    return await send(session, found, {lawyer_id: free, client_id: free}, "aside")


async def chamber(
    session: AsyncSession, actor: Actor, hearing_id: int, person_id: int, now: datetime
) -> Standing:
    """Ask a prisoner alone; that it was done is written down, what was said is not.

    Raises:
        Invalid: the person is no prisoner.
        NotHere: one of the two is not connected.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.CHAMBER, now)
    if part_of(found.facts, person_id).site is not Site.PRISON:
        raise Invalid(where="person")
    for one in (actor.person_id, person_id):
        found.station(one)
    moves = {actor.person_id: CHAMBER, person_id: CHAMBER}
    return await send(session, found, moves, "chamber")


async def come_back(
    session: AsyncSession, actor: Actor, hearing_id: int, person_id: int, now: datetime
) -> Standing:
    """End a talk aside or in the chamber: everybody who is in it comes back into the room.

    Raises:
        NotHere: the person is not connected.
        WrongState: they are in no such talk.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.RETURN, now)
    where = found.station(person_id)
    if where not in {CHAMBER, *ASIDE}:
        raise WrongState
    moves = {one: found.here[one] for one in found.at(where)}
    return await send(session, found, moves, "returned")


async def close_doors(
    session: AsyncSession, actor: Actor, hearing_id: int, reason: str, now: datetime
) -> Standing:
    """Close the session to the public, for a reason the law knows; observers are put out at once.

    Source:
        Criminal Procedure Code, art. 352.

    Raises:
        Invalid: the law knows no such reason.
        WrongState: it is closed already.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.CLOSE_DOORS, now)
    if reason not in (await rule_of(session, found.facts)).words("publicity.closed_if"):
        raise Invalid(where="reason")
    if not found.facts.doors_open:
        raise WrongState
    hearing, _ = await both(session, hearing_id)
    hearing.closed_reason = reason
    await session.flush()
    await withdraw.of_session(session, hearing_id, actor.person_id, now)
    await write(session, found, "doors_closed", reason=reason)
    return standing(found.prepared.call)


async def open_doors(
    session: AsyncSession, actor: Actor, hearing_id: int, now: datetime
) -> Standing:
    """Let the public in again.

    Raises:
        WrongState: it is public.
        NotFound, Forbidden, CallOver, CallNotPlanned: as ``sitting``.
    """
    found = await sitting(session, actor, hearing_id, Power.OPEN_DOORS, now)
    if found.facts.doors_open:
        raise WrongState
    hearing, _ = await both(session, hearing_id)
    hearing.closed_reason = None
    await session.flush()
    await write(session, found, "doors_opened")
    return standing(found.prepared.call)


def part_of(facts: HearingFacts, person_id: int) -> Part:
    """Somebody's part in the hearing.

    Raises:
        NotFound: they have none.
    """
    part = facts.part(person_id)
    if part is None:
        raise NotFound
    return part


async def send(
    session: AsyncSession, found: Sitting, moves: Mapping[int, str], verb: str
) -> Standing:
    """Send people to stations, and write down who sent whom where."""
    await stations.send(session, found.prepared, moves, found.actor.person_id, found.now)
    for person_id, where in sorted(moves.items()):
        await write(session, found, verb, person=person_id, station=where)
    return standing(found.prepared.call)


async def write(session: AsyncSession, found: Sitting, verb: str, **detail: object) -> None:
    """Write an act of the session down."""
    act = Act(
        f"hearing.{verb}",
        HEARING,
        found.facts.id,
        actor_id=found.actor.person_id,
        role=found.cast,
        place_id=found.facts.branch_id,
        detail=detail,
    )
    await audit.record(session, found.now, act)
