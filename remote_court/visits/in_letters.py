"""What letters learn of a visit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.notices.occasions import register
from remote_court.notices.ports import Occasion
from remote_court.visits import queries
from remote_court.visits.letters import VISIT
from remote_court.visits.queries import VisitView
from remote_court.visits.status import Status


@dataclass(frozen=True, slots=True)
class VisitOccasion:
    """A visit as letters speak of it."""

    visit: VisitView

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.visit.starts_at

    @property
    def stands(self) -> bool:
        """Whether its people are expected then."""
        return self.visit.status is Status.BOOKED


async def look(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Occasion]:
    """Visits by id, whole."""
    return {visit.id: VisitOccasion(visit) for visit in await queries.visits(session, ids)}


def register_visits() -> None:
    """Let letters know how to learn of a visit."""
    register(VISIT, look)
