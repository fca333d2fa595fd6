"""media workers load

Revision ID: 0007
Revises: 0006
Created: 2026-11-25 12:52:37.006053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "media_worker", sa.Column("packets_per_s", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "media_worker", sa.Column("cpu_share", sa.Float(), server_default="0", nullable=False)
    )
    op.add_column(
        "media_worker",
        sa.Column(
            "running_since",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.add_column(
        "media_worker",
        sa.Column(
            "reported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.add_column(
        "media_worker", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("media_worker", "retired_at")
    op.drop_column("media_worker", "reported_at")
    op.drop_column("media_worker", "running_since")
    op.drop_column("media_worker", "cpu_share")
    op.drop_column("media_worker", "packets_per_s")
