"""What the bench and the clerk see of a session: who is here, where, and who is awaited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries as calls
from remote_court.calls.models import Call, CallStatus
from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.bench import JUDGES, bench_of
from remote_court.hearings.cast import SEAT_OF, Cast
from remote_court.hearings.cast import station as station_of
from remote_court.hearings.forums import law_of
from remote_court.hearings.in_call import leader, rule_of
from remote_court.hearings.in_call_facts import HearingFacts, load
from remote_court.hearings.in_call_roles import concerns
from remote_court.hearings.powers import POWERS, Power
from remote_court.hearings.room import cast_of
from remote_court.people import Actor, Person

WHO_MAY_LOOK = frozenset({Cast.PRESIDING, Cast.ASSOCIATE, Cast.CLERK})


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody of the session; ``station`` is None while they are not connected.

    ``clients`` are for whom a lawyer speaks.
    """

    id: int
    name: str
    role: str
    part: str
    site: str | None
    station: str | None
    clients: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """How a session stands for who leads it."""

    id: int
    status: str
    call: str
    revision: int
    starts_at: datetime
    ends_at: datetime
    quorum: int
    judges_here: int
    presiding_id: int | None
    closed_reason: str | None
    closing_reasons: Sequence[str]
    recording: bool
    people: Sequence[Present]
    powers: Sequence[Power]


async def view(session: AsyncSession, actor: Actor, hearing_id: int) -> RoomView:
    """Look at a session.

    Raises:
        NotFound: it is nothing to the actor.
        Forbidden: the actor neither sits on its bench nor writes its minutes.
    """
    facts = await load(session, hearing_id)
    cast = await cast_of(session, facts, actor)
    if cast not in WHO_MAY_LOOK:
        raise Forbidden if concerns(facts, actor) else NotFound
    call = await calls.call(session, hearing_id)
    rows = await calls.attendance(session, hearing_id)
    here = {row.person_id: row.role for row in rows if row.left_at is None}
    rule = await rule_of(session, facts)
    bench = bench_of(law_of(facts.forum, grave=facts.grave), rule)
    judges = frozenset(here) & facts.seats.keys()
    return RoomView(
        id=facts.id,
        status=facts.status,
        call=(call.status if call else CallStatus.WAITING).value,
        revision=call.revision if call else 0,
        starts_at=call.starts_at if call else facts.told.start,
        ends_at=call.ends_at if call else facts.told.end,
        quorum=bench.quorum,
        judges_here=sum(facts.seats[person] in JUDGES for person in judges),
        presiding_id=leader(facts, judges),
        closed_reason=facts.closed_reason,
        closing_reasons=rule.words("publicity.closed_if"),
        recording=call is not None and call.recording_id is not None,
        people=list(everybody(facts, here, call, await names(session, facts, here))),
        powers=[power for power in Power if cast in POWERS[power]],
    )


def everybody(
    facts: HearingFacts, here: Mapping[int, str], call: Call | None, others: Mapping[int, str]
) -> Iterator[Present]:
    """The bench, those who are to attend, and whoever else is here."""
    sent = call.stations if call else {}

    def where(person_id: int) -> str | None:
        role = here.get(person_id)
        return None if role is None else station_of(role, sent, person_id)

    for person_id, seat in facts.seats.items():
        name = facts.judges[person_id]
        yield Present(person_id, name, SEAT_OF[seat], seat, None, where(person_id))
    for part in facts.parts:
        clients = tuple(
            other.person_id
            for other in facts.parts
            if (part.party_id, other.party_id) in facts.speaks_for
        )
        here_at = where(part.person_id)
        yield Present(part.person_id, part.name, part.cast, part.role, part.site, here_at, clients)
    for person_id, name in others.items():
        role = here[person_id]
        yield Present(person_id, name, role, role, None, where(person_id))


async def names(
    session: AsyncSession, facts: HearingFacts, here: Mapping[int, str]
) -> Mapping[int, str]:
    """The names of those who are here and were not listed: clerks, guards, observers."""
    listed = {*facts.seats, *(part.person_id for part in facts.parts)}
    found = {}
    for person_id in sorted(set(here) - listed):
        person = await session.get(Person, person_id)
        found[person_id] = person.name if person else ""
    return found
