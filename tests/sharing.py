"""Fixtures for tests that roll back what they do, and so can share one database."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.db import Database
from tests.conftest import admin, within
from tests.world import World, make_world


@pytest_asyncio.fixture(scope="session")
async def shared_database(postgres: str, template: str) -> AsyncIterator[Database]:
    """A database with the tables, in which nobody commits anything."""
    name = f"shared_{uuid.uuid4().hex[:12]}"
    await admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    made = Database(within(postgres, name))
    yield made
    await made.close()
    await admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def rolled_back(shared_database: Database) -> AsyncIterator[AsyncSession]:
    """A session in the shared database; nothing of it stays."""
    async with shared_database.sessions() as opened:
        yield opened
        await opened.rollback()


@pytest_asyncio.fixture
async def village(rolled_back: AsyncSession) -> World:
    """The small country, in the shared database."""
    return await make_world(rolled_back)
