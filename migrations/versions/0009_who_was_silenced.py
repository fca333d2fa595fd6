"""Whose microphone a supervisor switched off or on.

Revision ID: 0009
Revises: 0008
Created: 2026-11-25 13:53:55
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("supervision_act", sa.Column("whom_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("supervision_act_whom_id_fkey"), "supervision_act", "person", ["whom_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("supervision_act_whom_id_fkey"), "supervision_act", type_="foreignkey")
    op.drop_column("supervision_act", "whom_id")
