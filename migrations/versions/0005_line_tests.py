"""line tests

Revision ID: 0005
Revises: 0004
Created: 2026-11-25 13:05:26.821721
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "line_test",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("worker_id", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("opened_at <= ends_at", name=op.f("line_test_order_check")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name=op.f("line_test_opened_by_fkey")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("line_test_pkey")),
    )


def downgrade() -> None:
    op.drop_table("line_test")
