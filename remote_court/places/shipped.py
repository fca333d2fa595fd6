"""The 31 provinces as the product brings them, and how they get into the table."""

from __future__ import annotations

import csv
from importlib import resources

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.places.provinces import Province


def provinces() -> list[dict[str, object]]:
    """Every province as columns of its table (census of 1395; capitals' places are approximate)."""
    file = resources.files(__package__).joinpath("data", "provinces.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return [
        {
            **row,
            "population": int(row["population"]),
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
        }
        for row in rows
    ]


async def seed_provinces(session: AsyncSession) -> int:
    """Enter the provinces that the table does not have yet; return how many were new."""
    enter = insert(Province).values(provinces()).on_conflict_do_nothing().returning(Province.code)
    return len((await session.execute(enter)).all())
