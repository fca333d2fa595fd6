"""Entries into calls, which can be withdrawn, in place of revoked resume tokens.

Revision ID: 0003
Revises: 0002
Created: 2026-11-25 12:46:13.918351
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "call_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(actor_id, device_id) = 1", name=op.f("call_entry_one_asker_check")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("call_entry_actor_id_fkey")),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("call_entry_device_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("call_entry_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("call_entry_session_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("call_entry_pkey")),
    )
    op.create_index(
        "call_entry_actor_id_idx",
        "call_entry",
        ["actor_id"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "call_entry_device_id_idx",
        "call_entry",
        ["device_id"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("call_entry_session_id_idx", "call_entry", ["session_id"], unique=False)
    op.drop_table("revoked_resume")


def downgrade() -> None:
    op.create_table(
        "revoked_resume",
        sa.Column("session_id", sa.BIGINT(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BIGINT(), autoincrement=False, nullable=False),
        sa.Column(
            "revoked_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("revoked_resume_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("revoked_resume_session_id_fkey")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("revoked_resume_pkey")),
    )
    op.drop_index("call_entry_session_id_idx", table_name="call_entry")
    op.drop_index(
        "call_entry_device_id_idx",
        table_name="call_entry",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(
        "call_entry_actor_id_idx",
        table_name="call_entry",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("call_entry")
