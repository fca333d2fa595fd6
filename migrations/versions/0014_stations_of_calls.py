"""Where people stand in a call, and every stay at a station.

Revision ID: 0014
Revises: 0013
Created: 2026-11-25 16:21:47.152369
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "call_stay",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("since <= until", name=op.f("call_stay_order_check")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("call_stay_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("call_stay_sent_by_fkey")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("call_stay_session_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("call_stay_pkey")),
    )
    op.create_index(
        "call_stay_current_key",
        "call_stay",
        ["session_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.add_column(
        "call",
        sa.Column(
            "stations", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("call", "stations")
    op.drop_index(
        "call_stay_current_key", table_name="call_stay", postgresql_where=sa.text("until IS NULL")
    )
    op.drop_table("call_stay")
