"""By when a worker that is drained shall be empty.

Revision ID: 0011
Revises: 0010
Created: 2026-11-25 16:12:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("media_worker", sa.Column("drain_by", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("media_worker", "drain_by")
