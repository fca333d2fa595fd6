"""Every SELECT of the policy's pages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.policy.values import PolicyValue


async def history(session: AsyncSession, key: str) -> Sequence[PolicyValue]:
    """Every value a rule ever had or will have: the country's first, the latest before others."""
    query = (
        select(PolicyValue)
        .where(PolicyValue.key == key)
        .order_by(PolicyValue.province_code.nulls_first(), PolicyValue.effective_from.desc())
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()
