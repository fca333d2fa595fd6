"""Cases, their parties, the sessions in which they are heard, and service of process.

Revision ID: 0010
Revises: 0009
Created: 2026-11-25 15:54:49.783467
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "official",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "interpreter",
                "sign_interpreter",
                "expert",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("provinces", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("official_entered_by_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("official_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("official_pkey")),
    )
    op.create_index("official_licence_key", "official", ["kind", "licence"], unique=True)
    op.create_index("official_person_id_idx", "official", ["person_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("date_no", sa.SmallInteger(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "sana",
                "officer",
                "publication",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("paper", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.CheckConstraint("viewed_at >= delivered_at", name=op.f("notice_order_check")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("notice_message_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("notice_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("notice_recorded_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("notice_session_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("notice_pkey")),
        sa.UniqueConstraint("number", name=op.f("notice_number_key")),
    )
    op.create_index(
        "notice_once_key", "notice", ["session_id", "person_id", "occasion", "date_no"], unique=True
    )
    op.create_index("notice_person_id_idx", "notice", ["person_id", "id"], unique=False)
    op.create_table(
        "court_case",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column("sub_row", sa.String(length=3), nullable=False),
        sa.Column("archive_number", sa.String(length=12), nullable=True),
        sa.Column("branch_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("grave", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("juvenile", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("custody", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("limitation_on", sa.Date(), nullable=True),
        sa.Column("registered_by", sa.BigInteger(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("court_case_branch_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["person.id"], name=op.f("court_case_registered_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("court_case_pkey")),
    )
    op.create_index(
        "court_case_branch_id_idx", "court_case", ["branch_id", "archive_number"], unique=False
    )
    op.create_index("court_case_number_key", "court_case", ["case_number", "sub_row"], unique=True)
    op.create_table(
        "case_party",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "plaintiff",
                "defendant",
                "complainant",
                "accused",
                "convict",
                "prosecutor",
                "lawyer",
                "guardian",
                "expert",
                "interpreter",
                "witness",
                "escort_guard",
                "observer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), server_default="fa", nullable=False),
        sa.Column("needs_interpreter", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "address",
            sa.Enum(
                "known",
                "abroad",
                "unknown",
                name="address",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="known",
            nullable=False,
        ),
        sa.Column("protected", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "site",
            sa.Enum(
                "office",
                "prison",
                "own_device",
                "courtroom",
                name="site",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="office",
            nullable=False,
        ),
        sa.Column(
            "office_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False
        ),
        sa.Column("own_device_by", sa.BigInteger(), nullable=True),
        sa.Column("own_device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["court_case.id"], name=op.f("case_party_case_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("case_party_entered_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["own_device_by"], ["person.id"], name=op.f("case_party_own_device_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("case_party_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("case_party_pkey")),
    )
    op.create_index(
        "case_party_part_key",
        "case_party",
        ["case_id", "person_id", "role"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index("case_party_person_id_idx", "case_party", ["person_id"], unique=False)
    op.create_table(
        "hearing",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("branch_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "forum",
            sa.Enum(
                "civil_court",
                "family_court",
                "peace_court",
                "criminal_court_one",
                "criminal_court_two",
                "revolutionary_court",
                "juvenile_court",
                "appeal_court",
                "prosecution_office",
                name="forum",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "remote",
                "hybrid",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("follows_id", sa.BigInteger(), nullable=True),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("closed_reason", sa.String(length=48), nullable=True),
        sa.Column("remote_order", sa.Text(), nullable=False),
        sa.Column("remote_ordered_by", sa.BigInteger(), nullable=False),
        sa.Column("listed_by", sa.BigInteger(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("date_no", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("displaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("displaced_reason", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "adjournment",
            sa.Enum(
                "service_defect",
                "gap_breach",
                "quorum",
                "judge_absent",
                "party_excuse",
                "lawyer_excuse",
                "lawyer_conflict",
                "expert_absent",
                "witness_absent",
                "interpreter_absent",
                "joint_request",
                "continued",
                "technical_ours",
                "technical_office",
                "technical_prison",
                "technical_network",
                "prison_security",
                "calendar_closure",
                name="adjournment",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("hearing_branch_id_fkey")),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("hearing_case_id_fkey")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("hearing_ended_by_fkey")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["hearing.id"], name=op.f("hearing_follows_id_fkey")
        ),
        sa.ForeignKeyConstraint(["id"], ["session.id"], name=op.f("hearing_id_fkey")),
        sa.ForeignKeyConstraint(["listed_by"], ["person.id"], name=op.f("hearing_listed_by_fkey")),
        sa.ForeignKeyConstraint(
            ["remote_ordered_by"], ["person.id"], name=op.f("hearing_remote_ordered_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("hearing_pkey")),
    )
    op.create_index("hearing_branch_id_idx", "hearing", ["branch_id"], unique=False)
    op.create_index("hearing_case_id_idx", "hearing", ["case_id", "number"], unique=False)
    op.create_index("hearing_follows_id_idx", "hearing", ["follows_id"], unique=False)
    op.create_table(
        "hearing_part",
        sa.Column("hearing_id", sa.BigInteger(), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "site",
            sa.Enum(
                "office",
                "prison",
                "own_device",
                "courtroom",
                name="site",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hearing_id"],
            ["hearing.id"],
            name=op.f("hearing_part_hearing_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["case_party.id"], name=op.f("hearing_part_party_id_fkey")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("hearing_part_unit_id_fkey")),
        sa.PrimaryKeyConstraint("hearing_id", "party_id", name=op.f("hearing_part_pkey")),
    )
    op.create_index("hearing_part_party_id_idx", "hearing_part", ["party_id"], unique=False)
    op.create_index("hearing_part_place_id_idx", "hearing_part", ["place_id"], unique=False)
    op.create_table(
        "hearing_seat",
        sa.Column("hearing_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "seat",
            sa.Enum(
                "presiding_judge",
                "associate_judge",
                "alternate_judge",
                "adviser",
                name="seat",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["hearing_id"],
            ["hearing.id"],
            name=op.f("hearing_seat_hearing_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("hearing_seat_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("hearing_id", "person_id", name=op.f("hearing_seat_pkey")),
    )
    op.create_index("hearing_seat_person_id_idx", "hearing_seat", ["person_id"], unique=False)
    op.create_table(
        "representation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("speaker_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["case_party.id"], name=op.f("representation_client_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("representation_entered_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["case_party.id"], name=op.f("representation_speaker_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("representation_pkey")),
    )
    op.create_index("representation_client_id_idx", "representation", ["client_id"], unique=False)
    op.create_index(
        "representation_current_key",
        "representation",
        ["speaker_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "representation_current_key",
        table_name="representation",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("representation_client_id_idx", table_name="representation")
    op.drop_table("representation")
    op.drop_index("hearing_seat_person_id_idx", table_name="hearing_seat")
    op.drop_table("hearing_seat")
    op.drop_index("hearing_part_place_id_idx", table_name="hearing_part")
    op.drop_index("hearing_part_party_id_idx", table_name="hearing_part")
    op.drop_table("hearing_part")
    op.drop_index("hearing_follows_id_idx", table_name="hearing")
    op.drop_index("hearing_case_id_idx", table_name="hearing")
    op.drop_index("hearing_branch_id_idx", table_name="hearing")
    op.drop_table("hearing")
    op.drop_index("case_party_person_id_idx", table_name="case_party")
    op.drop_index(
        "case_party_part_key", table_name="case_party", postgresql_where=sa.text("left_at IS NULL")
    )
    op.drop_table("case_party")
    op.drop_index("court_case_number_key", table_name="court_case")
    op.drop_index("court_case_branch_id_idx", table_name="court_case")
    op.drop_table("court_case")
    op.drop_index("notice_person_id_idx", table_name="notice")
    op.drop_index("notice_once_key", table_name="notice")
    op.drop_table("notice")
    op.drop_index("official_person_id_idx", table_name="official")
    op.drop_index("official_licence_key", table_name="official")
    op.drop_table("official")
