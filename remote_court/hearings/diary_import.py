"""Import a branch's diary from a file: tried out first, then written in one act, or not at all."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    bindparam,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court import audit
from remote_court import policy as rules
from remote_court.clock import local
from remote_court.db import Base, Database, words
from remote_court.errors import Conflict, Invalid, NotFound, RuleRefused
from remote_court.hearings import case_queries, enter_party, register_case, represent, who
from remote_court.hearings.diary_plan import CasePlan, Changes, Plan, plan
from remote_court.hearings.diary_rows import Fault, read_rows
from remote_court.hearings.entering import Stand, as_court
from remote_court.hearings.models import CaseParty
from remote_court.hearings.sheets import MOST_BYTES, read_table
from remote_court.people import Actor, Role

IMPORT = "case_import"
FAULTS_KEPT = 500
NAME_MOST = 120
TELL_EVERY = 20
TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:key)").bindparams(
    bindparam("key", type_=BigInteger)
)
LOCK_SPACE = 0x1D1A << 40
"""Keys of imports among the advisory locks; those of days of resources are smaller."""


class State(StrEnum):
    """How far an import is."""

    FAULTY = "faulty"
    READY = "ready"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class NothingToApply(Conflict):
    """This file cannot be applied now: it has errors, or was applied already."""


class CaseImport(Base):
    """A diary's file on its way into a branch; its content is dropped once it was written.

    ``changes`` counts what it would change, or has changed; ``faults`` are the first of those
    found, ``faults_found`` how many there are.
    """

    __tablename__ = "case_import"
    __table_args__ = (Index("case_import_branch_id_idx", "branch_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    file_name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[State] = mapped_column(words(State, "state"))
    rows_total: Mapped[int]
    rows_done: Mapped[int] = mapped_column(server_default="0")
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    faults_found: Mapped[int]
    sent_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_as: Mapped[str]
    sent_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


Tell = Callable[[int], Awaitable[None]]


async def examine(
    session: AsyncSession, branch_id: int, content: bytes, now: datetime, most: int = MOST_BYTES
) -> tuple[Plan, int]:
    """What a file would change, and how many lines it has; nothing is written.

    Raises:
        Invalid: it cannot be read at all.
    """
    today = local(now).date()
    branch = await case_queries.branch(session, branch_id)
    if branch is None:
        raise NotFound
    # A thousand lines take long enough that others should not wait for them.
    table = await asyncio.to_thread(read_table, content, most)
    rows, faults = read_rows(table)
    policy = await rules.current(session, today, branch.province_code)
    made = await plan(session, branch_id, rows, today=today, policy=policy)
    every = sorted([*faults, *made.faults], key=lambda fault: fault.line)
    return Plan(made.cases, every, made.changes), len(table.lines)


async def submit(
    session: AsyncSession,
    actor: Actor,
    branch_id: int,
    file_name: str,
    content: bytes,
    now: datetime,
) -> CaseImport:
    """Keep a file with what it would change, for somebody to look at before it is applied.

    Raises:
        Invalid: it cannot be read at all.
        NotFound: another's branch.
    """
    stand = as_court(actor, branch_id)
    found, lines = await examine(session, branch_id, content, now)
    made = CaseImport(
        branch_id=branch_id,
        file_name=file_name[-NAME_MOST:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content if not found.faults else None,
        state=State.FAULTY if found.faults else State.READY,
        rows_total=lines,
        changes=asdict(found.changes),
        faults=[told(fault) for fault in found.faults[:FAULTS_KEPT]],
        faults_found=len(found.faults),
        sent_by=actor.person_id,
        sent_as=stand.role or Role.COURT_CLERK,
        sent_at=now,
    )
    session.add(made)
    await session.flush()
    return made


def told(fault: Fault) -> dict[str, Any]:
    """A fault as it is kept."""
    return asdict(fault) | {"values": {name: str(value) for name, value in fault.values.items()}}


async def apply(session: AsyncSession, actor: Actor, import_id: int) -> CaseImport:
    """Let a file that has no errors be written; a sweep does it.

    Raises:
        NotFound: another branch's, or there is none.
        NothingToApply: it has errors, or was applied already.
    """
    found = await session.get(CaseImport, import_id, with_for_update=True)
    if found is None:
        raise NotFound
    as_court(actor, found.branch_id)
    if found.state is not State.READY:
        raise NothingToApply
    found.state = State.QUEUED
    await session.flush()
    return found


async def write(
    session: AsyncSession, stand: Stand, cases: Sequence[CasePlan], now: datetime, tell: Tell
) -> None:
    """Write everything a plan has, in the caller's one transaction."""
    done = 0
    for case in cases:
        await write_case(session, stand, case, now)
        done += max(1, len(case.parts))
        await tell(done)


async def write_case(session: AsyncSession, stand: Stand, plan: CasePlan, now: datetime) -> None:
    """Write a case, its parts, and who speaks for whom."""
    case = plan.standing
    if case is None:
        case = await register_case.write(session, stand, plan.draft, now)
    else:
        await register_case.rewrite(session, stand, case, plan.draft, now)
    today = local(now).date()
    parts: dict[tuple[str, str], CaseParty] = {}
    for key, part in plan.parts.items():
        if part.standing is not None:
            await enter_party.rewrite(session, stand, part.standing, part.draft, now)
            parts[key] = part.standing
            continue
        speaks_persian = not part.row.interpreter
        person = await who.person_of(
            session, part.row.who, today=today, speaks_persian=speaks_persian
        )
        as_what = person.id, part.row.role
        parts[key] = await enter_party.write(session, stand, case, as_what, part.draft, now)
    for speaker, client, paper in plan.speaks:
        pair = parts[speaker].id, parts[client].id
        await represent.write(session, stand, case, pair, paper, now)


def importer(database: Database) -> Callable[[AsyncSession, datetime], Awaitable[int]]:
    """The sweep that writes files that wait, each in one transaction of its own."""

    async def sweep(session: AsyncSession, now: datetime) -> int:
        waiting = select(CaseImport.id).where(CaseImport.state.in_((State.QUEUED, State.RUNNING)))
        ids = list(await session.scalars(waiting.order_by(CaseImport.id)))
        return sum([await carry_out(database, import_id, now) for import_id in ids])

    return sweep


async def carry_out(database: Database, import_id: int, now: datetime) -> int:
    """Write one file, unless another node is at it; what stands in its way is noted in it.

    The lock ends with the transaction, however that ends: what a killed node left is done anew.
    """
    try:
        async with database.transaction() as session:
            if not await session.scalar(TRY_LOCK, {"key": LOCK_SPACE + import_id}):
                return 0
            job = await session.get(CaseImport, import_id)
            if job is None or job.state not in {State.QUEUED, State.RUNNING}:
                return 0
            await _progress(database, import_id, 0)
            await _written(session, database, job, now)
    except (Invalid, Conflict, RuleRefused) as refusal:
        await _failed(database, import_id, refusal.message, now)
    return 1


async def _written(
    session: AsyncSession, database: Database, job: CaseImport, now: datetime
) -> None:
    assert job.content is not None, "it is dropped once it was written"
    found, _ = await examine(session, job.branch_id, job.content, now)
    if found.faults:
        raise NothingToApply
    stand = Stand(job.sent_by, Role(job.sent_as), job.branch_id)
    last = 0

    async def tell(done: int) -> None:
        nonlocal last
        if done - last >= TELL_EVERY:
            last = done
            await _progress(database, job.id, done)

    await write(session, stand, found.cases, now, tell)
    await finish(session, job.id, found.changes, job.rows_total, now)
    act = stand.act("diary.imported", (IMPORT, job.id), sha256=job.sha256, **asdict(found.changes))
    await audit.record(session, now, act)


async def finish(
    session: AsyncSession, import_id: int, changes: Changes, rows: int, now: datetime
) -> None:
    """Write down what was changed, and drop the file's content."""
    values = {
        "state": State.DONE,
        "rows_done": rows,
        "changes": asdict(changes),
        "content": None,
        "finished_at": now,
    }
    await session.execute(update(CaseImport).where(CaseImport.id == import_id).values(values))


async def _progress(database: Database, import_id: int, done: int) -> None:
    mine = update(CaseImport).where(CaseImport.id == import_id)
    async with database.apart() as session:
        await session.execute(mine.values(state=State.RUNNING, rows_done=done))


async def _failed(database: Database, import_id: int, message: str, now: datetime) -> None:
    fault = told(Fault(0, "", message))
    mine = update(CaseImport).where(CaseImport.id == import_id)
    values = {"state": State.FAILED, "faults": [fault], "faults_found": 1, "finished_at": now}
    async with database.transaction() as session:
        await session.execute(mine.values(**values, content=None))
