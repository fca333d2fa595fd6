"""Who missed a visit is told.

Revision ID: 0006
Revises: 0005
Created: 2026-11-25 13:12:00
"""

from __future__ import annotations

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

BEFORE = (
    "booked",
    "requested",
    "moved",
    "displaced",
    "cancelled",
    "approved",
    "refused",
    "lapsed",
    "reminder",
    "account",
    "code",
)
AFTER = (*BEFORE[:8], "missed", *BEFORE[8:])


def allow(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds and no others."""
    op.drop_constraint(op.f("message_kind_check"), "message", type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("message_kind_check"), "message", f"kind IN ({words})")


def upgrade() -> None:
    allow(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE kind = 'missed'")
    allow(BEFORE)
