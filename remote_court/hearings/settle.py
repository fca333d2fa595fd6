"""Claim every place of a sitting at one lawful moment, or none of them.

What a new listing and a move have in common. Locks of the days come before any row, here as
everywhere, so that nobody waits in a ring; what was seen before them is looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.clock import local
from remote_court.errors import Conflict, Reason
from remote_court.hearings import lawful, rules
from remote_court.hearings.board import Obstacle, Seating
from remote_court.hearings.entering import cited
from remote_court.hearings.lawful import UnlawfulDate
from remote_court.hearings.matter import Matter, board_of, gather, today_of
from remote_court.hearings.plan import Plan
from remote_court.hearings.rules import ListingRefused
from remote_court.scheduling import hold
from remote_court.scheduling.hold import SlotTaken

IN_THE_PAST = "in-the-past"
NOWHERE = frozenset({"no-office", "not-in-prison"})
"""Reasons that leave somebody without any place to look for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A start, the last day until which it may be put off, and the sitting that moves, if one."""

    starts_at: datetime
    latest: date | None = None
    moving: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A sitting in its claimed places."""

    id: int
    starts_at: datetime
    ends_at: datetime
    seats: Sequence[Seating]
    matter: Matter


async def line_up(session: AsyncSession, plan: Plan, whens: Sequence[When]) -> frozenset[int]:
    """Lock every place and person of these sittings on their days, in one sorted statement.

    Returns:
        The keys that are locked now.

    Raises:
        NotFound, BadLength: as ``gather``.
    """
    keys: set[int] = set()
    for when in whens:
        matter = await gather(session, plan, local(when.starts_at).date())
        keys.update(matter.keys(when.starts_at))
        if when.moving is not None:
            keys.update(await hold.keys_of(session, when.moving))
    await hold.lock(session, sorted(keys))
    return frozenset(keys)


async def settle(
    session: AsyncSession,
    plan: Plan,
    when: When,
    locked: frozenset[int],
    now: datetime,
    created_by: int | None,
) -> Settled:
    """Claim the places of a sitting; the caller has lined up for it.

    Raises:
        SlotTaken: somebody or something is taken then; this wins over what the rules may say.
        UnlawfulDate: it is inside somebody's clear days; with every other reason.
        ListingRefused: every reason for which the rules do not allow it.
        Conflict: somebody's place changed in between; look again.
    """
    day = local(when.starts_at).date()
    matter = await gather(session, plan, day)
    if not locked.issuperset(matter.keys(when.starts_at)):
        raise Conflict
    board = await board_of(
        session, matter, day, day, now, ignoring=[when.moving] if when.moving else []
    )
    reasons = rules.refusals(matter.asked, matter.rule(day))
    seats: Sequence[Seating] = ()
    if (busy := next(board.busy(when.starts_at), None)) is not None:
        raise SlotTaken(busy.taken)
    if (closed := board.court_closed(when.starts_at)) is not None:
        reasons.append(cited(closed.reason, matter.rule(day)))
    elif not any(reason.code in NOWHERE for reason in reasons):
        found = board.seats(when.starts_at)
        if isinstance(found, Obstacle):
            if found.taken is not None:
                raise SlotTaken(found.taken)
            reasons.append(found.reason)
        else:
            seats = found
    reasons += dates(matter, when, now)
    refuse(matter, when, reasons, now)
    return await _claim(session, matter, when, seats, now, created_by)


def dates(matter: Matter, when: When, now: datetime) -> list[Reason]:
    """Why it may not be on this day: it is past, or later than the law lets it be put off."""
    day = local(when.starts_at).date()
    if when.starts_at <= now:
        return [Reason(IN_THE_PAST, "This time has passed. Choose another one.")]
    if when.latest is None:
        return []
    people, terms = matter.to_serve, matter.court.terms(grave=matter.case.grave)
    # The clear days come first, also where they end after the last day for a rehearing.
    latest = max(when.latest, lawful.earliest_for_all(people, terms, today_of(now)))
    if day <= latest:
        return []
    reason = Reason(
        "too-late",
        "The next session must be held by %(day)s, since the parties do not answer for the delay.",
        "rehearing_max_days_when_not_parties_fault",
        {"day": latest},
    )
    return [cited(reason, matter.rule(day))]


def refuse(matter: Matter, when: When, reasons: list[Reason], now: datetime) -> None:
    """Raise what was found, if anything was.

    Raises:
        UnlawfulDate: it is inside somebody's clear days.
        ListingRefused: every other reason.
    """
    today, day = today_of(now), local(when.starts_at).date()
    people, terms = matter.to_serve, matter.court.terms(grave=matter.case.grave)
    late = lawful.too_soon(people, terms, day, today) if when.starts_at > now else []
    if late:
        each = lawful.earliest_of_each(people, terms, today)
        raise UnlawfulDate([lawful.refusal(late), *reasons], each)
    if reasons:
        raise ListingRefused(reasons)


async def _claim(
    session: AsyncSession,
    matter: Matter,
    when: When,
    seats: Sequence[Seating],
    now: datetime,
    created_by: int | None,
) -> Settled:
    units = {
        one.unit_id: one.place_id
        for one in seats
        if one.unit_id is not None and one.place_id is not None
    }
    wish = matter.wish(when.starts_at, units, created_by)
    claimed = await hold.claim(session, wish, now, session_id=when.moving)
    return Settled(claimed.session_id, wish.told.start, wish.told.end, seats, matter)
