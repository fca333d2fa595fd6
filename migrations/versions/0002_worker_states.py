"""worker states

Revision ID: 0002
Revises: 0001
Created: 2026-11-25 12:49:24.778368
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "media_worker",
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.add_column(
        "media_worker", sa.Column("draining_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "media_worker", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("media_worker", "stopped_at")
    op.drop_column("media_worker", "draining_since")
    op.drop_column("media_worker", "started_at")
