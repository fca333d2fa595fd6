"""Who learns that a sitting changed: notices to be served, and boards to be moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.hearings.facts import PartyFacts
from remote_court.hearings.lawful import ToServe
from remote_court.hearings.letters import HEARING, Serving
from remote_court.hearings.models import Hearing
from remote_court.hearings.roles import SERVED, SUMMONED
from remote_court.notices import service


async def serve(
    session: AsyncSession,
    hearing: Hearing,
    parties: Iterable[PartyFacts],
    attending: Iterable[int],
    occasion: Serving,
    now: datetime,
) -> None:
    """Queue one notice for each person who must be served, or is summoned to attend.

    Args:
        attending: ids of the parties who are to come; a witness of another day gets none.
    """
    here = set(attending)
    told: set[int] = set()
    for party in parties:
        called = party.role in SERVED or (party.role in SUMMONED and party.id in here)
        if not called or party.person_id in told:
            continue
        told.add(party.person_id)
        to_serve = ToServe(party.person_id, party.role, party.address, party.has_account)
        await service.queue(
            session,
            session_id=hearing.id,
            person_id=party.person_id,
            occasion=occasion,
            date_no=hearing.date_no,
            method=to_serve.method,
            now=now,
        )


def live(hearing: Hearing, places: Iterable[int | None], now: datetime) -> list[outbox.Row]:
    """Live updates for the branch's diary, for the places that host it, and for its page."""
    channels = [f"branch:{hearing.branch_id}", f"{HEARING}:{hearing.id}"]
    for place in sorted({one for one in places if one is not None}):
        channels += [f"office:{place}", f"prison:{place}"]
    return [outbox.live(name, now, event=HEARING, id=hearing.id) for name in channels]
