"""Webhooks of court systems.

Revision ID: 0016
Revises: 0015
Created: 2026-11-25 16:56:40.071515
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:

    op.create_table(
        "webhook_cursor",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_cursor_pkey")),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("registered_by", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["person.id"], name=op.f("webhook_registered_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_pkey")),
    )
    op.create_index(
        "webhook_place_id_idx",
        "webhook",
        ["place_id"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:

    op.drop_index(
        "webhook_place_id_idx", table_name="webhook", postgresql_where=sa.text("removed_at IS NULL")
    )
    op.drop_table("webhook")
    op.drop_table("webhook_cursor")
