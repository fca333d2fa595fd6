"""What a closure or change would do to visits, as the pages show it before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse

from remote_court.places.queries import rooms
from remote_court.scheduling.queries import Touched
from remote_court.visits.desk import holders
from remote_court.visits.displace import Plan


@dataclass(frozen=True, slots=True)
class Row:
    """A visit that is touched: it goes ``into`` another room, ``stays``, or must be rebooked."""

    starts_at: datetime
    holder: str
    into: str | None = None
    stays: bool = False


async def rows_of(session: AsyncSession, office_id: int, plan: Plan, locale: str) -> Sequence[Row]:
    """Every visit a plan touches, by time."""
    touched = [*(t for t, _ in plan.moves), *plan.lost, *plan.staying]
    names = await holders(session, [t.session_id for t in touched])
    units = {
        room.id: room.name_fa if locale == "fa" else room.name_en
        for room in await rooms(session, office_id)
    }

    def row(t: Touched, into: int | None = None, *, stays: bool = False) -> Row:
        name = units.get(into, "") if into else None
        return Row(t.told.start, names.get(t.session_id, "—"), name, stays)

    found = [row(t, into) for t, into in plan.moves]
    found += [row(t) for t in plan.lost]
    found += [row(t, stays=True) for t in plan.staying]
    return sorted(found, key=lambda one: one.starts_at)


def done(office_id: int, plan: Plan, what: str) -> RedirectResponse:
    """Back to the manager's page, which says what became of the visits."""
    told = urlencode({"done": what, "moved": len(plan.moves), "lost": len(plan.lost)})
    return RedirectResponse(f"/offices/{office_id}/manage?{told}", 303)
