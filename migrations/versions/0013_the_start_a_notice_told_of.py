"""The start that a notice told of.

Revision ID: 0013
Revises: 0012
Created: 2026-11-25 16:20:13.573086
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:

    op.add_column("notice", sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:

    op.drop_column("notice", "starts_at")
