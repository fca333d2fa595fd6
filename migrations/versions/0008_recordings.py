"""recordings

Revision ID: 0008
Revises: 0007
Created: 2026-11-25 13:07:36.403917
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("ordered_by", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.BigInteger(), nullable=True),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("octets", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lost_packets", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ordered_by"], ["person.id"], name=op.f("recording_ordered_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("recording_session_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["stopped_by"], ["person.id"], name=op.f("recording_stopped_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("recording_pkey")),
    )
    op.create_index(
        "recording_keep_until_idx",
        "recording",
        ["keep_until"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "recording_running_key",
        "recording",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_index(op.f("recording_session_id_idx"), "recording", ["session_id"], unique=False)
    op.add_column("call", sa.Column("recording_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("call_recording_id_fkey"), "call", "recording", ["recording_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("call_recording_id_fkey"), "call", type_="foreignkey")
    op.drop_column("call", "recording_id")
    op.drop_index(op.f("recording_session_id_idx"), table_name="recording")
    op.drop_index(
        "recording_running_key",
        table_name="recording",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index(
        "recording_keep_until_idx",
        table_name="recording",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("recording")
