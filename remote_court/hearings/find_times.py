"""Look for times at which a sitting could be listed, or to which one could move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import Invalid
from remote_court.hearings import lawful, rules, search
from remote_court.hearings.board import Seating
from remote_court.hearings.list_hearing import need_court_of
from remote_court.hearings.matter import Matter, board_of, gather, today_of
from remote_court.hearings.plan import Plan
from remote_court.hearings.queries import points
from remote_court.hearings.rules import OF_THE_SITTING, ListingRefused
from remote_court.hearings.search import MOST_DAYS, MOST_OFFERS, OFFERS, WINDOW_DAYS, Found, Window
from remote_court.people import Actor
from remote_court.places.distance import metres
from remote_court.scheduling.opening import Openings

FARTHEST = timedelta(days=400)


class BadWindow(Invalid):
    """Ask for days in order, at most 120 of them, none in the past, and at most 20 times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Where to look: days from the first lawful one on, and how many times are wanted."""

    first: date | None = None
    last: date | None = None
    limit: int = OFFERS
    moving: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and how many metres each office is from the one its party likes best."""

    found: Found
    matter: Matter
    places: Openings
    metres: dict[tuple[int, int], float]


async def find_times(
    session: AsyncSession, actor: Actor, plan: Plan, asked: Times, now: datetime
) -> Answer:
    """The earliest lawful times for a sitting over a case of one's own branch.

    Raises:
        Forbidden, NotFound: it is not their case.
        BadWindow: the days are in no order, or too many.
        ListingRefused: reasons for which it could be at no time; the judge's order may follow.
    """
    await need_court_of(session, actor, plan.case_id)
    return await times(session, plan, asked, now)


async def times(session: AsyncSession, plan: Plan, asked: Times, now: datetime) -> Answer:
    """As ``find_times``, for whoever may ask."""
    today = today_of(now)
    matter = await gather(session, plan, today)
    if reasons := rules.refusals(matter.asked, matter.rule(today), OF_THE_SITTING):
        raise ListingRefused(reasons)
    terms = matter.court.terms(grave=matter.case.grave)
    lawful_from = lawful.earliest_for_all(matter.to_serve, terms, today)
    window = window_of(asked, lawful_from, now)
    board = await board_of(
        session,
        matter,
        window.first,
        max(window.first, window.last),
        now,
        ignoring=[asked.moving] if asked.moving else [],
    )
    found = search.search(board, matter.to_serve, window, grave=matter.case.grave)
    seats = [seat for offer in found.offers for seat in offer.seats]
    return Answer(found, matter, board.places, await distances(session, matter, seats))


def window_of(asked: Times, lawful_from: date, now: datetime) -> Window:
    """The days to look at: those asked for, from the first lawful one on.

    Raises:
        BadWindow: they are in no order, or too many.
    """
    today = today_of(now)
    first = max(asked.first or today, lawful_from)
    if abs(first - today) > FARTHEST:
        raise BadWindow(where="from")
    last = asked.last or first + timedelta(days=WINDOW_DAYS - 1)
    backwards = asked.first is not None and (asked.first > last or asked.first < today)
    if backwards or not 0 < asked.limit <= MOST_OFFERS or (last - first).days >= MOST_DAYS:
        raise BadWindow(where="to")
    return Window(first, last, asked.limit, now)


async def distances(
    session: AsyncSession, matter: Matter, seats: list[Seating]
) -> dict[tuple[int, int], float]:
    """Metres from each party's best-liked office to those they are offered, by (party, place)."""
    liked = {one.party.id: one.party.office_ids for one in matter.cast.attendees}
    asked = {
        (seat.party_id, seat.place_id)
        for seat in seats
        if seat.place_id is not None and seat.place_id in liked[seat.party_id]
    }
    where = await points(session, {place for who, place in asked for place in liked[who]})
    return {
        (who, place): metres(where[liked[who][0]], where[place])
        for who, place in asked
        if liked[who][0] in where and place in where
    }
