"""consular visits

Revision ID: 0004
Revises: 0003
Created: 2026-11-25 12:59:49.862994
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.drop_constraint("visit_kind_check", "visit")
    op.create_check_constraint(
        op.f("visit_kind_check"), "visit", "kind IN ('family', 'lawyer', 'consular')"
    )
    op.create_table(
        "consular_papers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("inmate_id", sa.BigInteger(), nullable=False),
        sa.Column("visitor_id", sa.BigInteger(), nullable=False),
        sa.Column("papers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("consular_papers_order_check")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("consular_papers_entered_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["inmate_id"], ["inmate.person_id"], name=op.f("consular_papers_inmate_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["person.id"], name=op.f("consular_papers_visitor_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("consular_papers_pkey")),
    )
    op.create_index(
        "consular_papers_inmate_visitor_idx",
        "consular_papers",
        ["inmate_id", "visitor_id"],
        unique=False,
    )
    op.create_index(
        "consular_papers_visitor_id_idx", "consular_papers", ["visitor_id"], unique=False
    )
    op.add_column(
        "inmate",
        sa.Column("security_convict", sa.Boolean(), server_default="false", nullable=False),
    )


def downgrade() -> None:
    op.drop_constraint("visit_kind_check", "visit")
    op.create_check_constraint(op.f("visit_kind_check"), "visit", "kind IN ('family', 'lawyer')")
    op.drop_column("inmate", "security_convict")
    op.drop_index("consular_papers_visitor_id_idx", table_name="consular_papers")
    op.drop_index("consular_papers_inmate_visitor_idx", table_name="consular_papers")
    op.drop_table("consular_papers")
