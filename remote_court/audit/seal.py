"""Chain committed entries by hash, soon after they were written.

A chain head inside the transaction would make every act wait for every other one. So acts write
plain rows, and one sealer in the cluster chains those whose transactions have ended, in order of
(transaction, id). Every transaction below the snapshot's horizon has ended, so no row can appear
later behind the last one sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, RowMapping, bindparam, insert, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger

from remote_court.audit.chain import GENESIS, link
from remote_court.audit.entries import AuditSeal

SEALER = 0x5EA1_C0DE
BATCH = 5_000

ONLY_ONE = text("SELECT pg_try_advisory_xact_lock(:key)").bindparams(
    bindparam("key", type_=BigInteger)
)
HEAD = text(
    """
    SELECT s.seq, s.hash, e.tx, e.id FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id
    ORDER BY s.seq DESC LIMIT 1
    """
)
HORIZON = text(
    """
    SELECT pg_snapshot_xmin(s)::text::bigint AS ended_below,
           pg_snapshot_xmax(s)::text::bigint AS unborn_from
    FROM pg_current_snapshot() AS s
    """
)
COLUMNS = "id, tx, at, actor_id, role, place_id, act, subject_kind, subject_id, detail"
AFTER_HEAD = text(
    f"""
    SELECT {COLUMNS} FROM audit_entry e
    WHERE (tx, id) > (:tx, :id) AND tx < :ended_below
      AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id)
    ORDER BY tx, id LIMIT :limit
    """  # noqa: S608 - a constant of ours
)
ANYWHERE = text(
    f"""
    SELECT {COLUMNS} FROM audit_entry e
    WHERE (tx < :ended_below OR tx >= :unborn_from)
      AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id)
    ORDER BY tx < :unborn_from, tx, id LIMIT :limit
    """  # noqa: S608 - a constant of ours
)


async def seal(session: AsyncSession, now: datetime, *, limit: int = BATCH) -> int:
    """Chain entries whose transactions have ended; return how many.

    Nothing, when another sealer is at work. Call it again while it returns ``limit``.
    """
    if not await session.scalar(ONLY_ONE, {"key": SEALER}):
        return 0
    head = (await session.execute(HEAD)).one_or_none()
    entries = await _waiting(session, head, limit)
    if not entries:
        return 0
    seq, before = (head.seq, bytes(head.hash)) if head else (0, GENESIS)
    rows: list[dict[str, Any]] = []
    for seq, entry in enumerate(entries, start=seq + 1):  # noqa: B020 - goes on from the head
        before = link(before, seq, entry)
        rows.append({"seq": seq, "entry_id": entry["id"], "hash": before, "sealed_at": now})
    await session.execute(insert(AuditSeal), rows)
    return len(rows)


async def _waiting(
    session: AsyncSession, head: Row[Any] | None, limit: int
) -> Sequence[RowMapping]:
    horizon = (await session.execute(HORIZON)).one()
    bounds = {"ended_below": horizon.ended_below, "limit": limit}
    # A dump restored into a new cluster starts counting transactions anew: the old rows' numbers
    # lie ahead of ours, and only a look at every row finds what is not sealed yet.
    if head is None or head.tx >= horizon.unborn_from:
        found = await session.execute(ANYWHERE, {**bounds, "unborn_from": horizon.unborn_from})
    else:
        found = await session.execute(AFTER_HEAD, {**bounds, "tx": head.tx, "id": head.id})
    return found.mappings().all()
