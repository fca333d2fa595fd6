"""What tables cannot say: functions, triggers and extensions, made beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, event

from remote_court.db.base import Base

BEFORE: list[str] = []
"""Statements that go before the tables; each is safe to run again."""
AFTER: list[str] = []
"""Statements that follow the tables; each is safe to run again, and replaces what it made."""


def run_with_tables(*, before: Iterable[str] = (), after: Iterable[str] = ()) -> None:
    """Run statements whenever all tables are made, and again after every migration.

    Each statement stands alone and may be run twice: ``IF NOT EXISTS``, ``OR REPLACE``.
    """
    BEFORE.extend(before)
    AFTER.extend(after)


def runner(statements: list[str]) -> Callable[..., None]:
    """A listener that runs what the list holds by then."""

    def run(_target: object, connection: Connection, **_kwargs: object) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return run


event.listen(Base.metadata, "before_create", runner(BEFORE))
event.listen(Base.metadata, "after_create", runner(AFTER))
