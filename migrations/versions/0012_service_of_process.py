"""Outages and rebuttals of service, letters of hearings, and telephones that are called.

Revision ID: 0012
Revises: 0011
Created: 2026-11-25 16:10:45.113903
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
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
    "missed",
    "reminder",
    "account",
    "code",
)
NEW = ("listed", "confirmed", "adjourned", "late", "minutes", "notice")
AFTER = (*BEFORE[:10], *NEW, *BEFORE[10:])


def allow(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds and no others."""
    op.drop_constraint(op.f("message_kind_check"), "message", type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("message_kind_check"), "message", f"kind IN ({words})")


def upgrade() -> None:
    allow(AFTER)
    op.create_table(
        "uptime",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("uptime_pkey")),
    )
    op.create_table(
        "outage",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "silence",
                "operator",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("started_at < ended_at", name=op.f("outage_order_check")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("outage_entered_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("outage_pkey")),
    )
    op.create_index("outage_ended_at_idx", "outage", ["ended_at"], unique=False)
    op.create_table(
        "service_rebuttal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("said_by", sa.BigInteger(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(decided_by, decided_at, accepted) IN (0, 3)",
            name=op.f("service_rebuttal_decided_check"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("service_rebuttal_decided_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("service_rebuttal_notice_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["said_by"], ["person.id"], name=op.f("service_rebuttal_said_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("service_rebuttal_pkey")),
    )
    op.create_index(
        "service_rebuttal_notice_id_idx", "service_rebuttal", ["notice_id"], unique=False
    )
    op.create_index(
        "service_rebuttal_open_key",
        "service_rebuttal",
        ["notice_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.add_column("message", sa.Column("english", sa.Text(), nullable=True))
    op.add_column(
        "message",
        sa.Column(
            "arrival",
            sa.Enum(
                "delivered",
                "failed",
                name="arrival",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
    )
    op.add_column("message", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("notice_message_id_key", "notice", ["message_id"], unique=True)
    op.add_column(
        "person",
        sa.Column(
            "reminded_by",
            sa.Enum(
                "text",
                "voice",
                name="reminded_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="text",
            nullable=False,
        ),
    )


def downgrade() -> None:
    op.execute("UPDATE notice SET message_id = NULL")
    op.execute(
        "DELETE FROM message WHERE kind IN "
        "('listed', 'confirmed', 'adjourned', 'late', 'minutes', 'notice')"
    )
    allow(BEFORE)
    op.drop_column("person", "reminded_by")
    op.drop_index("notice_message_id_key", table_name="notice")
    op.drop_column("message", "arrived_at")
    op.drop_column("message", "arrival")
    op.drop_column("message", "english")
    op.drop_index(
        "service_rebuttal_open_key",
        table_name="service_rebuttal",
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_index("service_rebuttal_notice_id_idx", table_name="service_rebuttal")
    op.drop_table("service_rebuttal")
    op.drop_index("outage_ended_at_idx", table_name="outage")
    op.drop_table("outage")
    op.drop_table("uptime")
