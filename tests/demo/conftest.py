"""A small country, seeded once and copied for each test that changes it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import text

from remote_court.db import Database
from remote_court.demo.seed import Stage, seed
from tests.conftest import admin, within

TUESDAY = datetime(2026, 11, 24, 6, 40, tzinfo=UTC)
"""A working day, 10:10 in Tehran."""
INMATES = 1200


class Country:
    """Where the seeded template lies, and what the seed told on its way."""

    def __init__(self, server: str, name: str, stages: list[Stage]) -> None:
        self.server = server
        self.name = name
        self.stages = stages


@pytest.fixture(scope="session")
def country(postgres: str, template: str) -> Country:
    """A database with a seeded country, to be copied."""

    async def plant() -> Country:
        name = f"country_{uuid.uuid4().hex[:8]}"
        await admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
        database, stages = Database(within(postgres, name)), list[Stage]()
        await seed(database, TUESDAY, stages.append, inmates=INMATES)
        await database.close()
        return Country(postgres, name, stages)

    return asyncio.run(plant())


@pytest_asyncio.fixture
async def seeded(country: Country) -> AsyncIterator[Database]:
    """A copy of the country for one test."""
    name = f"seeded_{uuid.uuid4().hex[:8]}"
    made = f"CREATE DATABASE {name} TEMPLATE {country.name} STRATEGY FILE_COPY"
    await admin(country.server, made)
    database = Database(within(country.server, name))
    yield database
    await database.close()
    await admin(country.server, f"DROP DATABASE {name} WITH (FORCE)")


async def value(database: Database, query: str) -> object:
    """The one value that a query gives."""
    async with database.engine.connect() as connection:
        return (await connection.execute(text(query))).scalar_one()
