"""Copy the record out, so that it can be proven without us."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit.chain import plain

SEALED = text(
    """
    SELECT s.seq, s.hash, s.entry_id, e.* FROM audit_seal s
    LEFT JOIN audit_entry e ON e.id = s.entry_id ORDER BY s.seq
    """
)
TAIL = text(
    """
    SELECT e.* FROM audit_entry e
    WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id) ORDER BY e.tx, e.id
    """
)


async def export(session: AsyncSession) -> AsyncIterator[dict[str, Any]]:
    """Give the record line by line: sealed entries in order of the chain, then the unsealed tail.

    A line is ``{"seq", "hash", "entry"}``; the tail has neither ``seq`` nor ``hash``, and a seal
    whose entry is gone has no ``entry``. Run it in a REPEATABLE READ transaction for one picture.
    """
    async for row in (await session.stream(SEALED)).mappings():
        entry = plain(row) if row["id"] is not None else None
        yield {"seq": row["seq"], "hash": bytes(row["hash"]).hex(), "entry": entry}
    async for row in (await session.stream(TAIL)).mappings():
        yield {"seq": None, "hash": None, "entry": plain(row)}


def line(row: dict[str, Any]) -> str:
    """One line of the exported file."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
