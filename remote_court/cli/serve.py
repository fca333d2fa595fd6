"""Serve: the product, or the demo with all it needs; and run the sweeps once."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from remote_court.cli import database as databases
from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import Settings, settings
from remote_court.errors import CourtError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

    from remote_court.people.demo import DemoLine

Port = Annotated[int | None, typer.Option(help="Port of the web server.")]
Workers = Annotated[
    int | None,
    typer.Option(min=0, max=64, help="Processes that carry calls; 0: in this one."),
]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
AT = {"family": "a mother, visiting right now"}


class NotForEverybody(CourtError):
    """The demo tells everybody its passwords, so it listens on this machine only; if you mean it, say --open-to-everybody too."""  # noqa: E501 - one sentence


class PagesNotBuilt(CourtError):
    """The pages' files are not built yet: run `python -m remote_court.assets` first."""


class Outdated(CourtError):
    """The database is not at this version's revision: run `remote-court migrate` first."""


def demo(
    *,
    reset: Annotated[bool, typer.Option("--reset", help="Forget the demo's data first.")] = False,
    host: Host = None,
    port: Port = None,
    media_workers: Workers = None,
    open_to_everybody: Annotated[
        bool, typer.Option("--open-to-everybody", help="Allow another address than loopback.")
    ] = False,
) -> None:
    """Serve a seeded country with invented people: everything from nothing."""
    from remote_court import serving

    chosen = changed(settings(), host, port, mode="demo", media_workers=media_workers)
    need_loopback(chosen, told_twice=open_to_everybody)
    need_pages()
    taken, chosen = serving.listen(chosen)
    with ExitStack() as stack:
        stack.enter_context(taken)
        if reset:
            asyncio.run(databases.forget(chosen))
        with console.status("starting the database …"):
            url = stack.enter_context(serving.postgres(chosen))
        asyncio.run(databases.bring_up(url))
        lines = asyncio.run(databases.fill(url))
        run(chosen, url, taken, lines)


def serve_site(*, host: Host = None, port: Port = None, media_workers: Workers = None) -> None:
    """Serve the product, with its media workers, on one machine."""
    from remote_court import serving

    chosen = changed(settings(), host, port, media_workers=media_workers)
    need_loopback(chosen, told_twice=not chosen.shows_codes)
    need_pages()
    taken, chosen = serving.listen(chosen)
    with taken, serving.postgres(chosen) as url:
        if chosen.database_url is None:
            asyncio.run(databases.bring_up(url))
        asyncio.run(check(chosen, url))
        run(chosen, url, taken, ())


def sweep(*, json: Json = False) -> None:
    """Run every sweep once, and say how many rows each dealt with."""
    from remote_court import serving

    with serving.postgres(settings()) as url:
        dealt = asyncio.run(sweep_all(settings(), url))
    if json:
        write_json(dealt)
        return
    for name, count in dealt.items():
        console.print(f"{count:>7}  {name}")


async def sweep_all(chosen: Settings, url: str) -> dict[str, int]:
    """Run the sweeps one after another, each in a transaction of its own."""
    from remote_court.app import register_kinds, sending, sweeps_of
    from remote_court.db import Database
    from remote_court.server.site import Site

    register_kinds()
    site = Site(chosen, Database(url))
    dealt = {}
    async with sending(site) as letters:
        for one in (*sweeps_of(site), *letters):
            async with site.database.transaction() as session:
                dealt[one.name] = await one.work(session, site.now())
    await site.database.close()
    return dealt


def changed(
    chosen: Settings,
    host: str | None,
    port: int | None,
    *,
    mode: str | None = None,
    media_workers: int | None = None,
) -> Settings:
    """The settings with what the command line says instead."""
    said = {"host": host, "port": port, "mode": mode, "media_workers": media_workers}
    quiet = {"log_level": "WARNING"} if mode == "demo" else {}
    unset = {k: v for k, v in quiet.items() if k not in chosen.model_fields_set}
    return chosen.model_copy(update={k: v for k, v in said.items() if v is not None} | unset)


def need_loopback(chosen: Settings, *, told_twice: bool) -> None:
    """Go on only where nobody else can reach the demo, unless told twice.

    Raises:
        NotForEverybody: others could.
    """
    if not told_twice and not (chosen.host == "localhost" or loopback(chosen.host)):
        raise NotForEverybody


def need_pages() -> None:
    """Go on only when there is something to show.

    Raises:
        PagesNotBuilt: this is a source tree whose assets were never built.
    """
    from remote_court import assets

    try:
        assets.manifest()
    except assets.NotBuilt as error:
        raise PagesNotBuilt from error


def loopback(host: str) -> bool:
    """Whether an address is of this machine alone; a name is not known to be."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def check(chosen: Settings, url: str) -> None:
    """Look whether this database is one that this mode may serve.

    Raises:
        Outdated: it was not migrated to this version.
        NotOurs: the demo did not seed it.
        DemoData: the demo did, and this is no demo.
    """
    from remote_court import schema
    from remote_court.db import Database
    from remote_court.demo import marker

    database = Database(url)
    try:
        if await schema.applied(database) != schema.newest():
            raise Outdated
        async with database.engine.connect() as connection:
            seeded = await marker.seeded_at(connection)
        if chosen.demo and seeded is None:
            raise marker.NotOurs
        if seeded is not None and not chosen.demo:
            raise marker.DemoData
    finally:
        await database.close()


def run(chosen: Settings, url: str, taken: socket, lines: Sequence[DemoLine]) -> None:
    """Serve until told to stop."""
    from remote_court import app, serving
    from remote_court.db import Database
    from remote_court.telemetry import start_logging

    start_logging(chosen.log_level)
    site = app.build(chosen, Database(url, pool=chosen.database_pool))
    serving.serve(site, chosen, taken, lambda: announce(chosen, lines))


def announce(chosen: Settings, lines: Sequence[DemoLine]) -> None:
    """Say where to click, and as whom."""
    console.print(f"\n[bold green]●[/] Remote Court is at [bold cyan]{chosen.origin}[/]")
    if not lines:
        return
    table = Table(title="One account of each role", box=SIMPLE_HEAD, pad_edge=False)
    for column in ("role", "national ID", "name", "at"):
        table.add_column(column, no_wrap=column in {"role", "national ID"})
    for line in lines:
        place = line.place_en or AT.get(line.role, "")
        table.add_row(line.role, line.national_id, line.name, place)
    console.print(table)
    first = lines[0]
    console.print(
        f"Password of all: [bold]{first.password}[/]   code: [bold]{first.otp}[/]"
        f"   more accounts: {chosen.origin}/api/v1/demo/accounts\n",
        soft_wrap=True,
    )
    console.print(
        "Open the address, sign in as the mother (the first), open her visit, enter: her son\n"
        "answers by himself. Ctrl+C stops; the data stay (make demo RESET=1 starts anew).\n",
        soft_wrap=True,
    )
