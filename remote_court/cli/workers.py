"""``remote-court workers``: who carries calls, and how to take one out of service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import settings
from remote_court.errors import CourtError

if TYPE_CHECKING:
    from remote_court.calls.models import MediaWorker
    from remote_court.db import Database


class NoSharedDatabase(CourtError):
    """A worker by itself needs the app's database: set REMOTE_COURT_DATABASE_URL, and the app's secret key."""  # noqa: E501 - one sentence


app = typer.Typer(help="The media workers: list them, or take one out of service.")
LOOK_EVERY_S = 0.5


@app.callback(invoke_without_command=True)
def workers(context: typer.Context, *, json: Json = False) -> None:
    """List the media workers that live, and how busy each is."""
    if context.invoked_subcommand is not None:
        return
    found = asyncio.run(on_database(listed))
    if json:
        write_json(found)
        return
    if not found:
        console.print("no media worker lives")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in found[0]:
        table.add_column(column.replace("_", " "), no_wrap=column == "id")
    for row in found:
        table.add_row(*(shown(value) for value in row.values()))
    console.print(table)


@app.command()
def drain(
    worker_id: Annotated[str, typer.Argument(metavar="ID", help="As `workers` lists it.")],
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Return only once it is empty.")] = False,
    within: Annotated[
        int | None,
        typer.Option(
            "--within",
            min=0,
            metavar="MINUTES",
            help="After so long, talks that still run go on at other workers: a second's pause.",
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let it take new calls again.")] = False,
) -> None:
    """Give a worker no new calls; once nobody is left there, its process ends.

    Talks that run are not disturbed; without --within the last ends when its places are needed by
    others. While no other worker lives, none is moved. The worker of the app's own process stays,
    but empty.
    """
    asyncio.run(on_database(lambda database: set_draining(database, worker_id, not undo, within)))
    if undo:
        console.print(f"{worker_id} takes new calls again")
        return
    console.print(f"{worker_id} takes no new calls")
    if wait:
        with console.status("waiting for the last talk there to end …") as status:
            asyncio.run(
                on_database(lambda database: until_empty(database, worker_id, status.update))
            )
        console.print(f"[green]✓[/] nobody is left at {worker_id}")


@app.command()
def run(
    number: Annotated[int, typer.Option(min=1, max=64, help="Which worker of this machine.")] = 1,
) -> None:
    """Be one media worker, for whoever starts each by itself: on a machine without the app, say.

    Its ports are REMOTE_COURT_MEDIA_PORT and those after it, by its number.
    """
    from remote_court.telemetry import start_logging
    from remote_court.worker_process import WorkerProcess

    told = settings()
    if told.database_url is None:
        raise NoSharedDatabase
    start_logging(told.log_level, f"media worker {number}")
    port = told.media_port and told.media_port + number - 1
    chosen = told.model_copy(update={"port": port, "base_url": told.origin})
    process = WorkerProcess(
        chosen,
        number,
        port,
        parent=None,
        ready=lambda who: console.print(f"{who.worker_id} serves"),
    )
    raise typer.Exit(process.run())


async def on_database(work: Any) -> Any:
    """Do something with the database of the settings."""
    from remote_court.db import Database
    from remote_court.serving import postgres

    with postgres(settings()) as url:
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.close()


async def listed(database: Database) -> list[dict[str, Any]]:
    """The living workers as rows."""
    from remote_court import clock
    from remote_court.calls import queries

    async with database.transaction() as session:
        return [
            row(one, calls) for one, calls in await queries.living_workers(session, clock.now())
        ]


def row(worker: MediaWorker, calls: int) -> dict[str, Any]:
    """What is told of a worker."""
    return {
        "id": worker.id,
        "url": worker.url,
        "udp_port": worker.udp_port,
        "calls": calls,
        "rooms": worker.rooms,
        "peers": worker.peers,
        "packets_per_s": worker.packets_per_s,
        "cpu_share": worker.cpu_share,
        "draining": worker.draining,
        "drain_by": worker.drain_by.isoformat() if worker.drain_by else None,
        "reported_at": worker.reported_at.isoformat(),
    }


def shown(value: object) -> str:
    """A value as the table has it."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


async def set_draining(
    database: Database, worker_id: str, draining: bool, within_minutes: int | None
) -> None:
    """Write it down, and let the worker look at once."""
    from datetime import timedelta

    from remote_court import clock, outbox
    from remote_court.calls import workers as calls
    from remote_court.server.calls.hosting import pulse_channel

    now = clock.now()
    by = None if within_minutes is None else now + timedelta(minutes=within_minutes)
    async with database.transaction() as session:
        await calls.drain(session, worker_id, now, draining=draining, by=by)
        look = outbox.live(pulse_channel(worker_id), clock.now(), event="drain")
        await outbox.put(session, look)


async def until_empty(database: Database, worker_id: str, tell: Any) -> None:
    """Wait until the worker has left, or holds nobody."""
    from remote_court import clock
    from remote_court.calls import queries

    asked = clock.now()
    while True:
        async with database.transaction() as session:
            worker = await queries.worker(session, worker_id)
        now = clock.now()
        if worker is None or worker.lease_until <= now:
            return
        if worker.reported_at > asked and not worker.peers:
            return
        tell(f"{worker.peers} people are still there …")
        await asyncio.sleep(LOOK_EVERY_S)
