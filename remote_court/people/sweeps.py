"""What the people room tidies by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.people import answers, codes, rate, sessions


async def forget(session: AsyncSession, now: datetime) -> int:
    """Delete sessions, tokens, codes, counts and kept answers that matter no more; how many."""
    gone = await sessions.forget_expired(session, now)
    gone += await codes.forget_old(session, now)
    gone += await rate.forget_old(session, now)
    return gone + await answers.forget_old(session, now)
