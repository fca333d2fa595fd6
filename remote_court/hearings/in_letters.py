"""What letters and notices learn of a hearing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.hearings import letter_queries
from remote_court.hearings.letter_queries import HearingView
from remote_court.hearings.letters import HEARING, Serving
from remote_court.hearings.status import Status
from remote_court.notices.occasions import register
from remote_court.notices.ports import Occasion

EXPECTED = frozenset({Status.PROVISIONAL, Status.CONFIRMED})


@dataclass(frozen=True, slots=True)
class HearingOccasion:
    """A hearing as letters and notices speak of it."""

    hearing: HearingView

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.hearing.starts_at

    @property
    def stands(self) -> bool:
        """Whether its people are expected then."""
        return self.hearing.status in EXPECTED

    @property
    def court_id(self) -> int:
        """The branch that serves."""
        return self.hearing.branch_id

    def tells(self, occasion: str, date_no: int) -> bool:
        """Whether a notice still says what is so: its date is the present one and stands.

        That a hearing is cancelled stays so; a date it lost meanwhile serves nobody.
        """
        if occasion == Serving.CANCELLED:
            return self.hearing.status is Status.CANCELLED
        return self.stands and date_no == self.hearing.date_no


async def look(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Occasion]:
    """Hearings by id, whole."""
    return {view.id: HearingOccasion(view) for view in await letter_queries.views(session, ids)}


def register_hearings() -> None:
    """Let letters know how to learn of a hearing."""
    register(HEARING, look)
