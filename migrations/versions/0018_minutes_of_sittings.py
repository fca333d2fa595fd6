"""Minutes of sittings, who signs them, and the keys they sign with.

Revision ID: 0018
Revises: 0017
Created: 2026-11-25 17:13:06.168306
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "signer_key",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("signer_key_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("signer_key_pkey")),
    )
    op.create_table(
        "minutes",
        sa.Column("hearing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("roll", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("frozen_by", sa.BigInteger(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(document IS NULL) = (sha256 IS NULL) AND (document IS NULL) = (frozen_at IS NULL)",
            name=op.f("minutes_frozen_check"),
        ),
        sa.ForeignKeyConstraint(["frozen_by"], ["person.id"], name=op.f("minutes_frozen_by_fkey")),
        sa.ForeignKeyConstraint(
            ["hearing_id"], ["hearing.id"], name=op.f("minutes_hearing_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("minutes_written_by_fkey")
        ),
        sa.PrimaryKeyConstraint("hearing_id", name=op.f("minutes_pkey")),
    )
    op.create_table(
        "minutes_signer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("hearing_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "party",
                "lawyer",
                "interpreter",
                "clerk",
                "judge",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "own",
                "fingerprint",
                "read_aloud",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(length=16), nullable=True),
        sa.Column("signature", sa.String(length=128), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signature IS NULL)", name=op.f("minutes_signer_signature_check")
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR refused_at IS NULL", name=op.f("minutes_signer_one_act_check")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("minutes_signer_by_id_fkey")),
        sa.ForeignKeyConstraint(
            ["hearing_id"], ["minutes.hearing_id"], name=op.f("minutes_signer_hearing_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("minutes_signer_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("minutes_signer_pkey")),
    )
    op.create_index(
        "minutes_signer_person_key", "minutes_signer", ["hearing_id", "person_id"], unique=True
    )


def downgrade() -> None:
    op.drop_index("minutes_signer_person_key", table_name="minutes_signer")
    op.drop_table("minutes_signer")
    op.drop_table("minutes")
    op.drop_table("signer_key")
