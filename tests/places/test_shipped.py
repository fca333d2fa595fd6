"""The 31 provinces come with the product, and are entered once."""

from __future__ import annotations

from sqlalchemy import func, select

from remote_court.db import Database
from remote_court.places import Province
from remote_court.places.shipped import provinces, seed_provinces


async def test_the_provinces_are_entered_once(database: Database):
    async with database.transaction() as session:
        assert await seed_provinces(session) == 31
        assert await seed_provinces(session) == 0
        assert await session.scalar(select(func.sum(Province.population))) == 79_926_270


def test_codes_are_two_digits_and_capitals_lie_in_the_country():
    rows = provinces()
    assert [row["code"] for row in rows] == [f"{n:02}" for n in range(31)]
    assert all(25 < float(str(row["lat"])) < 40 for row in rows)
    assert all(44 < float(str(row["lon"])) < 63 for row in rows)
