"""When a sitting could be: the earliest lawful common times, and why nothing is earlier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from remote_court.calendars.opening_hours import starts, whole_day
from remote_court.clock import local
from remote_court.errors import Reason
from remote_court.hearings import lawful
from remote_court.hearings.board import Board, Obstacle, Seating, court_closed, days_of
from remote_court.hearings.entering import cited
from remote_court.hearings.lawful import Earliest
from remote_court.scheduling.availability import QUARTER

WINDOW_DAYS, MOST_DAYS = 30, 120
OFFERS, MOST_OFFERS = 5, 20


@dataclass(frozen=True, slots=True)
class Skipped:
    """A stretch of starts at which nothing can be, all for one reason.

    ``first`` and ``last`` are the first and last such start; none: the whole of the days.
    """

    day: date
    until: date
    reason: Reason
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A start at which everything is free and lawful, with everybody's place.

    ``skipped`` is why nothing lies between it and the offer before, or today.
    """

    starts_at: datetime
    ends_at: datetime
    seats: tuple[Seating, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; ``skipped`` is why there is nothing after the last offer.

    ``earliest`` are the first lawful days of each recipient, the latest first.
    """

    offers: tuple[Offer, ...]
    skipped: tuple[Skipped, ...]
    earliest: tuple[Earliest, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Window:
    """Where to look: the days, how many offers, and the moment of asking."""

    first: date
    last: date
    limit: int
    now: datetime


def offers(board: Board, window: Window) -> tuple[list[Offer], list[Skipped]]:
    """The earliest starts at which everything is free, and what was passed over.

    Every quarter hour of the court's hours is looked at in turn, until there are enough.
    """
    found: list[Offer] = []
    skipped: list[Skipped] = []
    for day in days_of(window.first, window.last):
        if (why := board.court.why_closed(day)) is not None:
            _add(skipped, Skipped(day, day, court_closed(why.fa, why.en)))
            continue
        for start in _starts(board, day, window.now):
            seats = board.at(start)
            if isinstance(seats, Obstacle):
                _add(skipped, Skipped(day, day, seats.reason, start, start))
                continue
            found.append(Offer(start, start + board.told, tuple(seats), tuple(skipped)))
            skipped = []
            if len(found) == window.limit:
                return found, skipped
    return found, skipped


def _starts(board: Board, day: date, now: datetime) -> Iterator[datetime]:
    hours = board.court.hours(day)
    return (start for start in starts(hours, board.told, QUARTER) if start > now)


def _add(skipped: list[Skipped], one: Skipped) -> None:
    """Put a step to the one before it where both were passed over for the same reason."""
    last = skipped[-1] if skipped else None
    if last is None or (last.reason.code, last.reason.values) != (
        one.reason.code,
        one.reason.values,
    ):
        skipped.append(one)
    elif one.first is None and last.first is None:
        skipped[-1] = replace(last, until=one.day)
    elif one.first is not None and last.first is not None and one.day == last.day:
        skipped[-1] = replace(last, last=one.last)
    else:
        skipped.append(one)


def gap(earliest: Sequence[Earliest], today: date, first: date, board: Board) -> list[Skipped]:
    """The days before the first lawful one, by the longest term."""
    if not earliest or first <= today:
        return []
    last = earliest[0]
    reason = Reason(
        "clear-days",
        "The clear days of everybody who must be served run until %(until)s.",
        last.citation,
        {"until": last.day - timedelta(days=1)},
    )
    told = cited(reason, board.court.policy(last.day))
    return [Skipped(today, first - timedelta(days=1), told)]


def search(
    board: Board, people: Sequence[lawful.ToServe], window: Window, *, grave: bool = False
) -> Found:
    """Offers from the first lawful day on, within the window; everything is loaded already."""
    today = local(window.now).date()
    terms = board.court.terms(grave=grave)
    each = tuple(lawful.earliest_of_each(people, terms, today))
    first = max(lawful.earliest_for_all(people, terms, today), window.first)
    before = gap(each, today, first, board)
    made, rest = offers(board, replace(window, first=first)) if first <= window.last else ([], [])
    if made:
        made[0] = replace(made[0], skipped=(*before, *made[0].skipped))
    else:
        rest = [*before, *rest]
    return Found(tuple(made), tuple(rest), each, first, window.last)


def origin_of(first: date) -> datetime:
    """Where the bits of a window begin."""
    return whole_day(first).start
