"""Migrations make exactly the tables that the models describe, and take them back."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from remote_court import schema
from remote_court.db import Base, Database

CATALOGUE = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attidentity, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
          AND NOT a.attisdropped AND c.relname <> 'alembic_version' ORDER BY 1, 2
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
          AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1, 2
    """,
    "sequences": """
        SELECT sequencename, start_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal ORDER BY 1, 2
    """,
    "functions": """
        SELECT p.proname, md5(p.prosrc) FROM pg_proc p
        LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
        WHERE p.pronamespace = 'public'::regnamespace AND d.objid IS NULL ORDER BY 1
    """,
}


async def catalogue(database: Database) -> dict[str, list[tuple[object, ...]]]:
    async with database.engine.connect() as connection:
        return {
            what: [tuple(row) for row in await connection.execute(text(query))]
            for what, query in CATALOGUE.items()
        }


async def test_models_and_migrations_agree(bare: Database):
    await schema.upgrade(bare)
    assert await schema.differences(bare) == []
    assert await schema.applied(bare) == schema.newest() is not None


async def test_a_migrated_database_is_the_same_as_one_made_from_the_models(
    bare: Database, database: Database
):
    await schema.upgrade(bare)
    there, wanted = await catalogue(bare), await catalogue(database)
    for what in CATALOGUE:
        assert there[what] == wanted[what]
        assert there[what]


async def test_taking_everything_back_leaves_no_table_and_coming_again_works(bare: Database):
    await schema.upgrade(bare)
    await schema.downgrade(bare, "base")
    left = await catalogue(bare)
    assert left["columns"] == left["sequences"] == []
    await schema.upgrade(bare)
    assert await schema.differences(bare) == []


async def test_several_processes_may_migrate_at_once(bare: Database):
    others = [Database(bare.url) for _ in range(3)]
    await asyncio.gather(*(schema.upgrade(one) for one in (bare, *others)))
    assert await schema.applied(bare) == schema.newest()
    for one in others:
        await one.close()


async def test_functions_are_replaced_by_this_version_s(bare: Database):
    await schema.upgrade(bare)
    before = (await catalogue(bare))["functions"]
    old = """
        CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RETURN NEW; END $$
    """
    async with bare.engine.begin() as connection:
        await connection.execute(text(old))
    assert (await catalogue(bare))["functions"] != before
    await schema.upgrade(bare)
    assert (await catalogue(bare))["functions"] == before


def test_every_constraint_and_index_has_a_name():
    schema.load_models()
    nameless = [
        f"{table.name}: {thing}"
        for table in Base.metadata.tables.values()
        for thing in (*table.constraints, *table.indexes)
        if not thing.name
    ]
    assert not nameless
