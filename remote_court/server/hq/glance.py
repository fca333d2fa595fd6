"""The country's load, kept for ten seconds: everybody who looks at the map sees the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import policy
from remote_court.errors import NotFound
from remote_court.places import Province
from remote_court.places import queries as places
from remote_court.server.hq import country
from remote_court.server.hq.country import Drawing, ProvinceLoad
from remote_court.visits import load
from remote_court.visits.load import OfficeLoad

FRESH_FOR = timedelta(seconds=10)
DAYS = 8


@dataclass(frozen=True, slots=True)
class Glance:
    """Everything the map shows of a day, and when it was counted."""

    day: date
    at: datetime
    offices: Sequence[OfficeLoad]
    provinces: Sequence[ProvinceLoad]
    drawing: Drawing
    dots: dict[country.State, str]

    @property
    def booked(self) -> int:
        """Visits booked in the whole country."""
        return sum(p.booked for p in self.provinces)

    @property
    def room_for(self) -> int:
        """How many visits there is room for."""
        return sum(p.room_for for p in self.provinces)

    @property
    def percent(self) -> int | None:
        """How full the country's offices are."""
        return round(100 * self.booked / self.room_for) if self.room_for else None


@dataclass(slots=True)
class Memory:
    """The latest glance of some days; one request counts while others wait for it."""

    seen: dict[date, Glance] = field(default_factory=dict)
    counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def glance(self, work: AsyncSession, day: date, now: datetime) -> Glance:
        """The day's load, at most ten seconds old."""
        async with self.counting:
            known = self.seen.get(day)
            if known is None or not timedelta(0) <= now - known.at < FRESH_FOR:
                known = await count(work, day, now)
                if len(self.seen) >= DAYS:
                    self.seen.clear()
                self.seen[day] = known
            return known


async def count(work: AsyncSession, day: date, now: datetime) -> Glance:
    """Count the load of a day, and draw it.

    Raises:
        NotFound: the day lies before the first rules.
    """
    try:
        offices = await load.of_day(work, day, now, await policy.current(work, day))
    except policy.UnknownRule as error:
        raise NotFound from error
    known: Sequence[Province] = await places.provinces(work)
    # Drawing areas anew takes half a second, once: in a thread, so that nobody else waits.
    drawn = await asyncio.to_thread(country.drawing, country.sites(offices))
    return Glance(
        day, now, offices, country.provinces(offices, known), drawn, country.dots(offices)
    )


def memory(app: FastAPI) -> Memory:
    """What this process remembers."""
    found: Memory | None = getattr(app.state, "glance", None)
    if found is None:
        found = app.state.glance = Memory()
    return found
