"""Hours in which telephones are left in peace; what is due then waits until the morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import policy
from remote_court.clock import local
from remote_court.policy import Policy

FROM: Final = "service.quiet_hours.from"
TO: Final = "service.quiet_hours.to"


async def quiet_until(session: AsyncSession, now: datetime) -> datetime | None:
    """When the quiet hours end, if it is one of them."""
    return quiet_end(now, await policy.current(session, local(now).date()))


def quiet_end(now: datetime, rule: Policy) -> datetime | None:
    """When the quiet hours around an instant end; none: it is in none of them.

    They may go over midnight. Where both ends are the same there are none.
    """
    begins, ends = rule.clock(FROM), rule.clock(TO)
    wall = local(now)
    at, over_midnight = wall.time(), begins > ends
    quiet = at >= begins or at < ends if over_midnight else begins <= at < ends
    if not quiet:
        return None
    day = wall.date() + timedelta(days=int(over_midnight and at >= begins))
    return datetime.combine(day, ends, wall.tzinfo)
