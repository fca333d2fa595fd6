"""Who sits where, when: finds each visit a time in everybody's hours and seats that are free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from random import Random

from remote_court.demo.seed.country import OfficeSite, PrisonSite, Seat
from remote_court.demo.seed.hours import Clockwork, starts
from remote_court.places import Audience

TRIES = 5
DAYS_MOST = 64


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the diary: the day, its quarter hour, how many of them, and the two seats."""

    day: date
    quarter: int
    length: int
    room: Seat
    booth: Seat


class Diary:
    """What is taken, a bit a quarter hour, for every seat and person on every day."""

    def __init__(self, random: Random, clockwork: Clockwork, first: date) -> None:
        self._random = random
        self._clockwork = clockwork
        self._first = first
        self._taken: dict[int, int] = {}

    def find(
        self,
        office: OfficeSite,
        prison: PrisonSite,
        day: date,
        length: int,
        people: Sequence[int],
        audiences: frozenset[Audience],
    ) -> Spot | None:
        """Take seats for ``length`` quarter hours at a random time of the day, if there is one."""
        both = frozenset({Audience.ANYONE})
        open_ = self._clockwork.open(office.hours, office.city.province, day, both)
        open_ &= self._clockwork.open(prison.hours, prison.city.province, day, audiences)
        if not open_:
            return None
        for person in people:
            open_ &= ~self._taken.get(self._key(person, day), 0)
        possible = starts(open_, length)
        for _ in range(TRIES if possible else 0):
            quarter = possible[int(self._random.random() * len(possible))]
            wanted = ((1 << length) - 1) << quarter
            room = self._seat(office.seats, day, wanted)
            booth = self._seat(prison.seats, day, wanted)
            if room and booth:
                for id_ in (room.id, booth.id, *people):
                    key = self._key(id_, day)
                    self._taken[key] = self._taken.get(key, 0) | wanted
                return Spot(day, quarter, length, room, booth)
        return None

    def meet(
        self,
        offices: Sequence[OfficeSite],
        day: date,
        length: int,
        people: Sequence[int],
        hours: tuple[time, time],
    ) -> tuple[int, list[Seat]] | None:
        """Take a room of each office, all for the same quarter hours within a court's hours."""
        both = frozenset({Audience.ANYONE})
        first, last = (t.hour * 4 + -(-t.minute // 15) for t in hours)
        open_ = ((1 << last) - 1) & ~((1 << first) - 1)
        for office in offices:
            open_ &= self._clockwork.open(office.hours, office.city.province, day, both)
        for person in people:
            open_ &= ~self._taken.get(self._key(person, day), 0)
        possible = starts(open_, length) if open_ else ()
        for _ in range(TRIES if possible else 0):
            quarter = possible[int(self._random.random() * len(possible))]
            wanted = ((1 << length) - 1) << quarter
            seats: list[Seat] = []
            for office in offices:
                free = (seat for seat in office.seats if seat not in seats)
                if (seat := self._seat(free, day, wanted)) is not None:
                    seats.append(seat)
            if len(seats) == len(offices):
                for id_ in (*(seat.id for seat in seats), *people):
                    key = self._key(id_, day)
                    self._taken[key] = self._taken.get(key, 0) | wanted
                return quarter, seats
        return None

    def _seat(self, seats: Iterable[Seat], day: date, wanted: int) -> Seat | None:
        for seat in seats:
            if seat.in_service and not self._taken.get(self._key(seat.id, day), 0) & wanted:
                return seat
        return None

    def _key(self, id_: int, day: date) -> int:
        return id_ * DAYS_MOST + (day - self._first).days
