"""Bring a database to the tables this version works with, and say whether it is there.

Alembic is driven from here with a configuration made in the program: there is no ``alembic.ini``
to find, in the source tree or in the wheel. Functions, triggers and extensions are not migrated:
they are replaced by this version's after every upgrade.
"""

from __future__ import annotations

import asyncio
import pkgutil
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

from alembic import autogenerate, command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations.ops import ExecuteSQLOp, MigrationScript
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateSequence, DropSequence

import remote_court
from remote_court.db import Base, Database, Instant
from remote_court.db.ddl import AFTER, BEFORE

ROOMS: Final = (
    "audit", "calls", "demo", "hearings", "notices", "people", "places", "policy", "scheduling",
    "visits",
)  # fmt: skip
"""Packages whose modules define tables."""
MODULES: Final = ("outbox", "ticks")
ONE_AT_A_TIME: Final = 0x5C4E_3A00
LOCK_TIMEOUT: Final = "5s"
Result = TypeVar("Result")


def load_models() -> None:
    """Import every module of every room, so that the metadata holds every table."""
    for name in MODULES:
        import_module(f"remote_court.{name}")
    for room in ROOMS:
        package = import_module(f"remote_court.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)


def migrations() -> Path:
    """Where the migrations are, in the source tree and in the wheel."""
    inside = Path(remote_court.__file__).parent / "migrations"
    return inside if inside.is_dir() else inside.parents[1] / "migrations"


async def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate, one process at a time, and replace functions and triggers.

    A table that somebody else holds is waited for five seconds, not for ever: whoever queues
    behind the migration would stand still too.
    """
    await _run(database, lambda connection: _upgrade(connection, revision))


async def downgrade(database: Database, revision: str) -> None:
    """Take migrations back to a revision; ``base`` leaves nothing."""
    await _run(database, lambda connection: command.downgrade(_config(connection), revision))


async def applied(database: Database) -> str | None:
    """The revision a database is at; none: it was never migrated."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_revision)


def newest() -> str | None:
    """The revision this version works with."""
    return ScriptDirectory(str(migrations())).get_current_head()


async def differences(database: Database) -> list[Any]:
    """What Alembic would still change to make the tables those of the models."""
    load_models()
    async with database.engine.connect() as connection:
        return await connection.run_sync(_differences)


async def write(database: Database, message: str) -> Path:
    """Write the next migration from the difference between the models and a migrated database."""
    load_models()
    number = len(list((migrations() / "versions").glob("[0-9]*.py"))) + 1
    made: list[Path] = []

    def revise(connection: Connection) -> None:
        script = command.revision(
            _config(connection), message, autogenerate=True, rev_id=f"{number:04}"
        )
        assert isinstance(script, Script), "one migration at a time"
        made.append(Path(script.path))

    await _run(database, revise)
    return made[0]


async def _run(database: Database, work: Callable[[Connection], Result]) -> Result:
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": ONE_AT_A_TIME})
        await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        return await connection.run_sync(work)


def _upgrade(connection: Connection, revision: str) -> None:
    load_models()
    for statement in BEFORE:
        connection.exec_driver_sql(statement)
    command.upgrade(_config(connection), revision)
    if _revision(connection) == newest():
        for statement in AFTER if newest() else ():
            connection.exec_driver_sql(statement)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts=dict(OPTIONS))
    found: list[Any] = autogenerate.compare_metadata(context, Base.metadata)
    return found


def _with_sequences(context: MigrationContext, _revision: object, scripts: list[Any]) -> None:
    """Alembic compares no sequences; the one of resource ids goes before the tables."""
    script: MigrationScript = scripts[0]
    connection = context.connection
    assert connection is not None
    assert script.upgrade_ops
    assert script.downgrade_ops
    there = {name for (name,) in connection.execute(text("SELECT sequencename FROM pg_sequences"))}
    for sequence in Base.metadata._sequences.values():  # noqa: SLF001 - no public list of them
        if sequence.name not in there:
            made = str(CreateSequence(sequence).compile(connection)).strip()
            gone = str(DropSequence(sequence).compile(connection)).strip()
            script.upgrade_ops.ops.insert(0, ExecuteSQLOp(made))
            script.downgrade_ops.ops.append(ExecuteSQLOp(gone))


def _plain_types(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as what they are in the database: migrations outlive our names."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


OPTIONS: Final[Mapping[str, Any]] = {
    "target_metadata": Base.metadata,
    "compare_type": True,
    "compare_server_default": False,
    "render_item": _plain_types,
    "process_revision_directives": _with_sequences,
}
"""How Alembic compares and runs. Server defaults are compared by a test of ours instead."""


async def write_next(name: str) -> Path:
    """Write the next migration against a throwaway server brought to the newest one."""
    from remote_court.db.embedded import throwaway

    with throwaway() as server:
        database = Database(server.url)
        await upgrade(database)
        path = await write(database, name.replace("_", " "))
        await database.close()
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(write_next(sys.argv[1]))}\n")
