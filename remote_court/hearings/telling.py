"""Who learns that a sitting changed: notices to be served, letters, and boards to be moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.hearings.facts import PartyFacts
from remote_court.hearings.lawful import ToServe
from remote_court.hearings.letters import HEARING, Serving, letter, reminders
from remote_court.hearings.models import Hearing
from remote_court.hearings.roles import SERVED, SUMMONED
from remote_court.notices import service
from remote_court.notices.messages import MessageKind
from remote_court.notices.service import Method
from remote_court.policy import Policy

KIND_OF = {
    Serving.LISTED: MessageKind.LISTED,
    Serving.MOVED: MessageKind.MOVED,
    Serving.CANCELLED: MessageKind.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody of a case whom a sitting concerns; ``attending`` are the parties who come."""

    parties: Sequence[PartyFacts]
    attending: frozenset[int]

    @property
    def people(self) -> list[int]:
        """Who is told: those who attend, and those who must be served."""
        return sorted(
            {p.person_id for p in self.parties if p.role in SERVED or p.id in self.attending}
        )

    @property
    def summoned(self) -> list[PartyFacts]:
        """Who gets a notice, each once; a witness of another day gets none."""
        found: dict[int, PartyFacts] = {}
        for party in self.parties:
            called = party.role in SERVED or (party.role in SUMMONED and party.id in self.attending)
            if called:
                found.setdefault(party.person_id, party)
        return list(found.values())


async def serve(
    session: AsyncSession, hearing: Hearing, audience: Audience, occasion: Serving, now: datetime
) -> set[int]:
    """Queue a notice for each who is summoned; returns those whom their account tells of it."""
    in_account: set[int] = set()
    for party in audience.summoned:
        method = ToServe(party.person_id, party.role, party.address, party.has_account).method
        await service.queue(
            session,
            session_id=hearing.id,
            person_id=party.person_id,
            occasion=occasion,
            date_no=hearing.date_no,
            method=method,
            now=now,
        )
        if method is Method.SANA:
            in_account.add(party.person_id)
    return in_account


async def announce(
    session: AsyncSession,
    hearing: Hearing,
    audience: Audience,
    occasion: Serving,
    now: datetime,
    *,
    was: datetime | None = None,
) -> None:
    """Serve a date of a sitting, and tell by letter whom no notice in an account tells.

    Args:
        was: the start that was lost, where one was.
    """
    in_account = await serve(session, hearing, audience, occasion, now)
    others = [who for who in audience.people if who not in in_account]
    await tell(session, hearing, others, KIND_OF[occasion], now, was=was)


async def tell(
    session: AsyncSession,
    hearing: Hearing,
    people: Iterable[int],
    kind: MessageKind,
    now: datetime,
    *,
    was: datetime | None = None,
) -> None:
    """Write to people about a sitting; ``was`` is the start that was lost."""
    params = {"starts_at": was.isoformat()} if was is not None else {}
    await outbox.put(session, *(letter(kind, who, hearing.id, now, **params) for who in people))


async def remind(
    session: AsyncSession,
    hearing: Hearing,
    people: Iterable[int],
    starts_at: datetime,
    now: datetime,
    rule: Policy,
) -> None:
    """Remind people before a sitting's start, if it still stands then."""
    rows = (reminders(who, hearing.id, starts_at, now, rule) for who in people)
    await outbox.put(session, *(row for each in rows for row in each))


def live(hearing: Hearing, places: Iterable[int | None], now: datetime) -> list[outbox.Row]:
    """Live updates for the branch's diary, for the places that host it, and for its page."""
    channels = [f"branch:{hearing.branch_id}", f"{HEARING}:{hearing.id}"]
    for place in sorted({one for one in places if one is not None}):
        channels += [f"office:{place}", f"prison:{place}"]
    return [outbox.live(name, now, event=HEARING, id=hearing.id) for name in channels]
