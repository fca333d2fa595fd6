from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from remote_court import audit
from remote_court.audit import Act, AuditEntry


async def test_an_act_is_written_with_its_transaction(session, noon):
    await audit.record(session, noon, Act("ban.entered", "ban", 7, actor_id=3, place_id=9))
    entry = (await session.scalars(select(AuditEntry))).one()
    mine = await session.scalar(text("SELECT pg_current_xact_id()::text::bigint"))
    assert (entry.act, entry.subject_id, entry.at, entry.tx) == ("ban.entered", 7, noon, mine)


async def test_what_is_rolled_back_is_not_recorded(database, noon):
    async with database.sessions() as session:
        await audit.record(session, noon, Act("visit.booked", "visit", 1))
        await session.rollback()
    async with database.transaction() as session:
        assert (await session.scalars(select(AuditEntry))).all() == []


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET hash = hash", "TRUNCATE {} CASCADE"]
)
async def test_the_database_refuses_to_change_or_remove_a_line(session, noon, table, statement):
    await audit.record(session, noon, Act("visit.booked", "visit", 1))
    if table == "audit_entry":
        statement = statement.replace("hash = hash", "act = 'nothing'")
    with pytest.raises(DBAPIError, match="append-only"):
        await session.execute(text(statement.format(table)))
