from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.db import Database
from tests.calls.scene import Scene, make_scene
from tests.conftest import admin, within


@pytest_asyncio.fixture(scope="package")
async def shared(postgres: str, template: str) -> AsyncIterator[Database]:
    """One database for all tests that roll back what they do; their tables are long."""
    name = f"calls_{uuid.uuid4().hex[:12]}"
    await admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    made = Database(within(postgres, name))
    yield made
    await made.close()
    await admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def session(shared: Database) -> AsyncIterator[AsyncSession]:
    async with shared.sessions() as opened:
        yield opened
        await opened.rollback()


@pytest.fixture
async def scene(session: AsyncSession) -> Scene:
    return await make_scene(session)
