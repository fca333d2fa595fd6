"""Days that go on without anybody at the keyboard: most invented families come, and talk.

Otherwise every seeded visit would end as missed, and the boards would tell a sad story. Nobody
of the listed accounts is touched: their visits are the visitor's own to play.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.calls.arrivals import Arrival, come_in
from remote_court.calls.prepare import prepare
from remote_court.calls.refusals import CallOver, NoWorker
from remote_court.calls.workers import place
from remote_court.db import Instant
from remote_court.errors import Conflict
from remote_court.scheduling.models import Session
from remote_court.visits.letters import live
from remote_court.visits.models import Visit
from remote_court.visits.status import Status

BATCH = 50
IN_A_HUNDRED, AT_THE_DESK_SHOWN = 90, 55
"""How many come by themselves; fewer where a clerk who tries the demo has the rest to receive."""

RECEIVE = text(
    """
    WITH shown AS (
        SELECT g.place_id FROM demo_account d JOIN role_grant g ON g.person_id = d.person_id
        WHERE d.role = 'office_clerk' AND d.ordinal = 0 AND g.role = 'office_clerk'
    ), coming AS (
        SELECT v.id, (SELECT min(g.person_id) FROM role_grant g
                      WHERE g.place_id = v.office_id AND g.role = 'office_clerk') AS clerk
        FROM visit v JOIN session s ON s.id = v.id
        WHERE s.kind = 'visit' AND s.status = 'booked' AND v.checked_in_at IS NULL
          AND s.starts_at BETWEEN :now - interval '10 minutes' AND :now + interval '12 minutes'
          AND v.id % 100 < CASE WHEN v.office_id IN (SELECT place_id FROM shown)
                                THEN :at_the_desk_shown ELSE :in_a_hundred END
          AND v.booked_for NOT IN (SELECT person_id FROM demo_account)
          AND (NOT v.needs_interpreter OR v.interpreter_id IS NOT NULL)
        ORDER BY s.starts_at LIMIT :limit FOR UPDATE OF v SKIP LOCKED
    ), sighted AS (
        UPDATE visit_visitor w
        SET sighted_at = :now, sighted_by = c.clerk,
            sighted_document = CASE WHEN w.adult THEN 'national_card' ELSE 'birth_certificate' END
        FROM coming c WHERE w.visit_id = c.id
    )
    UPDATE visit v SET checked_in_at = :now, checked_in_by = c.clerk
    FROM coming c WHERE v.id = c.id RETURNING v.id, v.office_id, v.prison_id
    """
).bindparams(
    bindparam("now", type_=Instant),
    bindparam("in_a_hundred", type_=Integer),
    bindparam("at_the_desk_shown", type_=Integer),
)


async def receive(session: AsyncSession, now: datetime) -> int:
    """Let those whose time is near come to the desk."""
    values = {
        "now": now,
        "limit": BATCH,
        "in_a_hundred": IN_A_HUNDRED,
        "at_the_desk_shown": AT_THE_DESK_SHOWN,
    }
    came = (await session.execute(RECEIVE, values)).all()
    for visit_id, office_id, prison_id in came:
        await outbox.put(session, *live(visit_id, office_id, prison_id, now))
    return len(came)


async def talk(session: AsyncSession, now: datetime) -> int:
    """Let those who were received enter their calls, and the inmates theirs."""
    listed = text("visit.booked_for NOT IN (SELECT person_id FROM demo_account)")
    due = (
        select(Session.id, Visit.booked_for, Visit.inmate_id)
        .join(Visit, Visit.id == Session.id)
        .where(
            Session.kind == "visit",
            Session.status == Status.BOOKED,
            Session.starts_at <= now,
            Session.ends_at > now,
            Visit.checked_in_at.is_not(None),
            listed,
        )
        .order_by(Session.starts_at)
        .limit(BATCH)
        .with_for_update(of=Session, skip_locked=True)
    )
    begun = 0
    for visit_id, visitor_id, inmate_id in (await session.execute(due)).all():
        try:
            prepared = await prepare(session, visit_id)
            await place(session, prepared.call, now)
            for person_id, role in ((visitor_id, "visitor"), (inmate_id, "inmate")):
                arrival = Arrival(visit_id, person_id, role, f"life-{visit_id}-{role}")
                await come_in(session, prepared, arrival, now)
            begun += 1
        except (CallOver, NoWorker, Conflict):
            continue
    return begun
