from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from remote_court.db import Database


async def test_a_transaction_apart_does_not_wait_for_its_own_callers_connection(database):
    narrow = Database(database.url, pool=1, wait_s=0.2)
    try:
        async with narrow.transaction() as session:
            await session.execute(text("SELECT 1"))
            async with narrow.apart() as aside:
                assert await aside.scalar(text("SELECT 2")) == 2
            with pytest.raises(exc.TimeoutError):
                async with narrow.transaction() as again:
                    await again.execute(text("SELECT 3"))
    finally:
        await narrow.close()
