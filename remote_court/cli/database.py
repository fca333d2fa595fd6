"""The database: migrate it, fill it for the demo, and look after the embedded server."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import Settings, settings
from remote_court.errors import CourtError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from remote_court.demo.seed import Stage
    from remote_court.people.demo import DemoLine

STALE = timedelta(days=10)


class DemoRuns(CourtError):
    """A demo runs on these data: stop it before you start anew."""


postgres_app = typer.Typer(help="The embedded PostgreSQL server.", no_args_is_help=True)


def migrate() -> None:
    """Bring the database to this version's tables, rules of law and provinces."""
    from remote_court.serving import postgres

    with postgres(settings()) as url:
        revision = asyncio.run(bring_up(url))
    console.print(f"[green]✓[/] the database is at revision {revision}")


def seed() -> None:
    """Fill an empty database with the demo's invented country."""
    from remote_court.serving import postgres

    with postgres(settings()) as url:
        asyncio.run(bring_up(url))
        asyncio.run(fill(url))


async def bring_up(url: str) -> str | None:
    """Migrate, and enter what the product brings along; the revision reached."""
    from remote_court import clock, policy, schema
    from remote_court.db import Database
    from remote_court.places.shipped import seed_provinces

    database = Database(url)
    try:
        await schema.upgrade(database)
        async with database.transaction() as session:
            await policy.seed_defaults(session, clock.now())
            await seed_provinces(session)
        return await schema.applied(database)
    finally:
        await database.close()


async def forget(chosen: Settings) -> None:
    """Forget the demo's data, to begin anew.

    Raises:
        DemoRuns: somebody uses them now.
        NotOurs: they are not the demo's.
    """
    from remote_court.db import embedded

    if chosen.database_url is None:
        if embedded.status(chosen.data_dir).in_use:
            raise DemoRuns
        embedded.discard(chosen.data_dir)
        return
    from remote_court import schema, serving
    from remote_court.db import Database
    from remote_court.demo import marker

    with serving.postgres(chosen) as url:
        database = Database(url)
        try:
            if await schema.applied(database):
                async with database.engine.connect() as connection:
                    ours = await marker.seeded_at(connection) or await marker.empty(connection)
                if not ours:
                    raise marker.NotOurs
                await schema.downgrade(database, "base")
        finally:
            await database.close()


async def fill(url: str) -> Sequence[DemoLine]:
    """Seed the demo unless it is there, see to the visit of right now, and list who can be tried.

    Raises:
        NotOurs: somebody else's data are there.
    """
    from remote_court import clock
    from remote_court.db import Database
    from remote_court.demo import marker, right_now, sitting_now
    from remote_court.demo.seed import seed as plant
    from remote_court.people.demo import one_of_each

    database, now = Database(url), clock.now()
    try:
        async with database.engine.connect() as connection:
            since = await marker.seeded_at(connection)
            if since is None and not await marker.empty(connection):
                raise marker.NotOurs
        if since is None:
            with bars() as progress:
                tasks: dict[str, TaskID] = {}
                await plant(database, now, lambda stage: show(progress, tasks, stage))
        elif now - since > STALE:
            days = (now - since).days
            console.print(
                f"[yellow]![/] This demo was seeded {days} days ago, and its booked fortnight is"
                " running out. [bold]make demo RESET=1[/] (or --reset) starts anew."
            )
        async with database.transaction() as session:
            await right_now.keep(session, now)
            await sitting_now.keep(session, now)
            return await one_of_each(session)
    finally:
        await database.close()


def bars() -> Progress:
    """Progress, a line a stage."""
    columns = (
        TextColumn("{task.description:>12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


def show(progress: Progress, tasks: dict[str, TaskID], stage: Stage) -> None:
    """Move the line of a stage."""
    if stage.what not in tasks:
        tasks[stage.what] = progress.add_task(stage.what, total=stage.total)
    progress.update(tasks[stage.what], completed=stage.done, total=stage.total)


@postgres_app.command()
def stop() -> None:
    """Stop the embedded server, also while it is used."""
    from remote_court.db import embedded

    stopped = embedded.stop(settings().data_dir)
    console.print("stopped" if stopped else "it was not running")


@postgres_app.command()
def status(*, json: Json = False) -> None:
    """Say whether the embedded server runs."""
    from remote_court.db import embedded

    found = embedded.status(settings().data_dir)
    if json:
        write_json(
            {
                "running": found.running,
                "in_use": found.in_use,
                "pid": found.pid,
                "port": found.port,
                "home": found.home,
            }
        )
    elif found.running:
        use = "in use" if found.in_use else "not in use"
        console.print(f"running (process {found.pid}, port {found.port}), {use}, in {found.home}")
    else:
        console.print("not running")
    raise typer.Exit(0 if found.running else 3)
