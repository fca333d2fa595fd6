"""Write a new visit down: its row, its visitors, its letters and its audit line, in one statement.

The booking path pays for every round trip; these rows have nothing to decide, so they travel
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act
from remote_court.db import Instant
from remote_court.outbox import Row

ENTER = text(
    """
    WITH entered AS (
        INSERT INTO visit (id, kind, tracking_code, inmate_id, prison_id, office_id, room_id,
            booth_id, week, booked_for, operator_id, consent, needs_interpreter, needs_step_free,
            makeup_of, interpreter_id)
        VALUES (:id, :kind, :tracking_code, :inmate_id, :prison_id, :office_id, :room_id,
            :booth_id, :week, :booked_for, :operator_id, :consent, :needs_interpreter,
            :needs_step_free, :makeup_of, :interpreter_id)
        RETURNING id
    ), accompanied AS (
        INSERT INTO visit_visitor (visit_id, person_id, adult)
        SELECT :id, * FROM unnest(:visitors, :adults)
    ), told AS (
        INSERT INTO outbox (topic, payload, due_at)
        SELECT o->>'topic', o->'payload', CAST(o->>'due_at' AS timestamptz)
        FROM jsonb_array_elements(:letters) AS o
    ), recorded AS (
        INSERT INTO audit_entry
            (at, actor_id, role, place_id, act, subject_kind, subject_id, detail)
        VALUES (:now, :actor_id, :role, :place_id, :act, 'visit', :id, :detail)
    )
    SELECT id FROM entered
    """
).bindparams(
    *(
        bindparam(name, type_=BigInteger)
        for name in [
            "id",
            "inmate_id",
            "prison_id",
            "office_id",
            "room_id",
            "booth_id",
            "booked_for",
            "operator_id",
            "makeup_of",
            "interpreter_id",
            "actor_id",
            "place_id",
        ]
    ),
    bindparam("week", type_=Date),
    bindparam("now", type_=Instant),
    bindparam("visitors", type_=ARRAY(BigInteger)),
    bindparam("adults", type_=ARRAY(Boolean)),
    bindparam("letters", type_=JSONB),
    bindparam("detail", type_=JSONB),
)


async def enter(
    session: AsyncSession,
    values: dict[str, Any],
    *,
    visitors: Sequence[tuple[int, bool]],
    leaving: Sequence[Row],
    act: Act,
    now: datetime,
) -> None:
    """Insert everything a new visit is made of.

    Args:
        values: the columns of ``visit`` that ``ENTER`` names, beside those below.
        visitors: person ids and whether each is an adult.
        leaving: outbox rows; their ``due_at`` must be aware.
        act: the audit line; its subject is this visit.
    """
    await session.execute(
        ENTER,
        {
            **values,
            "visitors": [person for person, _ in visitors],
            "adults": [adult for _, adult in visitors],
            "letters": [{**row, "due_at": row["due_at"].isoformat()} for row in leaving],
            "now": now,
            "actor_id": act.actor_id,
            "role": act.role,
            "place_id": act.place_id,
            "act": act.act,
            "detail": act.detail,
        },
    )
