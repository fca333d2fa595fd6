"""The record only grows: the database itself refuses to change or remove a line of it."""

from __future__ import annotations

from remote_court.db.ddl import run_with_tables

TABLES = ("audit_entry", "audit_seal")

REFUSE = """
CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""

DDL: list[str] = [
    REFUSE,
    *(
        f"CREATE OR REPLACE TRIGGER {table}_append_only "
        f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
        for table in TABLES
    ),
]
"""What tables cannot say; tests run it with the tables, the migration runs the same list."""

run_with_tables(after=DDL)
