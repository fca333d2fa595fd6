"""Claim a new visit's places and write it down: its row, visitors, letters and audit line.

All in one statement: the booking path pays for every round trip, and once the law allows the
visit nothing is left to decide but whether its places are free. Where they are not, nothing is
written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act
from remote_court.outbox import Row
from remote_court.scheduling import hold
from remote_court.scheduling.wish import Claim, Wish

ENTER = text(
    f"""
    WITH claimed AS MATERIALIZED (
        SELECT session_id, unit_ids, taken FROM {hold.CLAIM_SESSION}
    ), got AS MATERIALIZED (
        SELECT session_id AS id, unit_ids FROM claimed WHERE taken IS NULL
    ), entered AS (
        INSERT INTO visit (id, kind, tracking_code, inmate_id, prison_id, office_id, room_id,
            booth_id, week, booked_for, operator_id, consent, needs_interpreter, needs_step_free,
            makeup_of, interpreter_id)
        SELECT id, :visit_kind, :tracking_code, :inmate_id, :prison_id, :office_id, unit_ids[1],
            unit_ids[2], :week, :booked_for, :operator_id, :consent, :needs_interpreter,
            :needs_step_free, :makeup_of, :interpreter_id FROM got
    ), accompanied AS (
        INSERT INTO visit_visitor (visit_id, person_id, adult)
        SELECT id, who.* FROM got, unnest(:visitors, :adults) AS who
    ), told AS (
        INSERT INTO outbox (topic, payload, due_at)
        SELECT o->>'topic', o->'payload', CAST(o->>'due_at' AS timestamptz)
        FROM got, jsonb_array_elements(:letters) AS o
    ), recorded AS (
        INSERT INTO audit_entry
            (at, actor_id, role, place_id, act, subject_kind, subject_id, detail)
        SELECT :now, :actor_id, :role, :place_id, :act, 'visit', id, :detail FROM got
    )
    SELECT session_id, unit_ids, taken FROM claimed
    """  # noqa: S608 - our own words
).bindparams(
    *hold.CLAIMING,
    *(
        bindparam(name, type_=BigInteger)
        for name in [
            "inmate_id",
            "prison_id",
            "office_id",
            "booked_for",
            "operator_id",
            "makeup_of",
            "interpreter_id",
            "actor_id",
            "place_id",
        ]
    ),
    *(
        bindparam(name, type_=Text)
        for name in ["visit_kind", "tracking_code", "consent", "role", "act"]
    ),
    *(bindparam(name, type_=Boolean) for name in ["needs_interpreter", "needs_step_free"]),
    bindparam("week", type_=Date),
    bindparam("visitors", type_=ARRAY(BigInteger)),
    bindparam("adults", type_=ARRAY(Boolean)),
    bindparam("letters", type_=JSONB),
    bindparam("detail", type_=JSONB),
)


async def enter(
    session: AsyncSession,
    wish: Wish,
    visit_id: int,
    values: dict[str, Any],
    *,
    visitors: Sequence[tuple[int, bool]],
    leaving: Sequence[Row],
    act: Act,
    now: datetime,
) -> Claim:
    """Claim the wish under the number that was drawn, and insert all that a new visit is made of.

    Args:
        values: the columns of ``visit`` that ``ENTER`` names, beside those below.
        visitors: person ids and whether each is an adult.
        leaving: outbox rows; their ``due_at`` must be aware.
        act: the audit line; its subject is this visit.

    Raises:
        SlotTaken: a person or every unit of a pool is taken then.
    """
    asked = {
        **hold.values(wish, now, visit_id),
        **values,
        "visitors": [person for person, _ in visitors],
        "adults": [adult for _, adult in visitors],
        "letters": [{**row, "due_at": row["due_at"].isoformat()} for row in leaving],
        "actor_id": act.actor_id,
        "role": act.role,
        "place_id": act.place_id,
        "act": act.act,
        "detail": act.detail,
    }
    return await hold.claimed(session, ENTER, asked)
