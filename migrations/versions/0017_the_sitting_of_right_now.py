"""The demo's sitting of right now.

Revision ID: 0017
Revises: 0016
Created: 2026-11-25 17:03:21.469102
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("demo_seed", sa.Column("hearing_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("demo_seed", "hearing_id")
