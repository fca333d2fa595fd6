"""What tables cannot say: functions, triggers and extensions, made beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, event

from remote_court.db.base import Base


def run_with_tables(*, before: Iterable[str] = (), after: Iterable[str] = ()) -> None:
    """Run statements whenever all tables are made; migrations run the same statements."""

    def runner(statements: tuple[str, ...]) -> Callable[..., None]:
        def run(_target: object, connection: Connection, **_kwargs: object) -> None:
            for statement in statements:
                connection.exec_driver_sql(statement)

        return run

    event.listen(Base.metadata, "before_create", runner(tuple(before)))
    event.listen(Base.metadata, "after_create", runner(tuple(after)))
