"""The operator's first page: whether everything runs, and what waits for a hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import update
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import audit, ticks
from remote_court.audit import Act
from remote_court.audit import queries as record
from remote_court.calls import queries as calls
from remote_court.calls.workers import since, state
from remote_court.clock import monotonic
from remote_court.errors import NotFound
from remote_court.outbox import OutboxRow
from remote_court.people import Actor, Role
from remote_court.server.deps import Now, Work
from remote_court.server.guards import needs
from remote_court.server.hq import queries
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.pages import render

operator = needs(Role.OPERATOR)
Operator = Annotated[Actor, Depends(operator)]
router = APIRouter(
    prefix="/operator",
    include_in_schema=False,
    dependencies=[Depends(operator)],
    route_class=OnceRoute,
)


@router.get("")
async def overview(request: Request, work: Work, now: Now) -> Response:
    """Show the state of the system."""
    started = monotonic()
    database = await queries.database_state(work)
    took_ms = round((monotonic() - started) * 1000, 1)
    workers = [(w, state(w, now), since(w, now)) for w in await calls.workers(work, now)]
    return render(
        request,
        "hq/operator.html",
        database=database,
        took_ms=took_ms,
        living=[one for one in workers if one[0].lease_until > now],
        gone=[one for one in reversed(workers) if one[0].lease_until <= now],
        alarms=await calls.recordings_in_alarm(work),
        recordings=await calls.recordings(work),
        backlog=await queries.backlog(work, now),
        given_up=await queries.given_up(work),
        ticks=await ticks.latest(work),
        chain=await record.chain(work),
        now=now,
    )


@router.post("/outbox/{row_id}/retry")
async def retry(row_id: Id, actor: Operator, work: Work, now: Now, _key: Key) -> Response:
    """Try once more what was given up."""
    changed = await work.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.gave_up_at.is_not(None))
        .values(gave_up_at=None, attempts=0, due_at=now)
        .returning(OutboxRow.topic)
    )
    topic = changed.scalar_one_or_none()
    if topic is None:
        raise NotFound
    act = Act(
        "outbox.retried",
        "outbox",
        row_id,
        actor_id=actor.person_id,
        role=Role.OPERATOR,
        detail={"topic": topic},
    )
    await audit.record(work, now, act)
    return RedirectResponse("/operator", 303)
