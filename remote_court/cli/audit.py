"""``remote-court audit``: copy the record out, and prove a copy."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy import text

from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import settings

if TYPE_CHECKING:
    from remote_court.audit.verify import Report

app = typer.Typer(help="The record of who did what, chained by hash.", no_args_is_help=True)
File = Annotated[Path | None, typer.Argument(help="An exported copy; none: the database.")]
Noted = Annotated[
    list[str] | None,
    typer.Option("--head", help="SEQ:HASH noted earlier, through which the chain must pass."),
]
SHOWN_MOST = 20


@app.command()
def verify(file: File = None, *, head: Noted = None, json: Json = False) -> None:
    """Prove that nothing in the record was changed, removed or put in between."""
    from remote_court.audit.verify import read_lines
    from remote_court.audit.verify import verify as prove

    noted = [read_head(written) for written in head or ()]
    if file is not None:
        with file.open(encoding="utf-8") as lines:
            report = prove(read_lines(lines), noted)
    else:
        report = prove(asyncio.run(everything()), noted)
    if json:
        write_json(report.as_json())
    else:
        tell(report)
    raise typer.Exit(0 if report.holds else 1)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; none: standard output.")] = None,
) -> None:
    """Copy the record out, a JSON line an entry, so that it can be proven without us."""
    asyncio.run(write(file))


async def write(file: Path | None) -> None:
    """Write every line."""
    from remote_court.audit.export import line

    out = file.open("w", encoding="utf-8") if file else sys.stdout
    try:
        async for row in rows():
            out.write(f"{line(row)}\n")
    finally:
        if file:
            out.close()


async def everything() -> list[dict[str, Any]]:
    """The whole record of the database."""
    return [row async for row in rows()]


async def rows() -> AsyncIterator[dict[str, Any]]:
    """The record in one picture, row by row."""
    from remote_court.audit import export as exported
    from remote_court.db import Database
    from remote_court.serving import postgres

    with postgres(settings()) as url:
        database = Database(url)
        try:
            async with database.transaction() as session:
                await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                async for row in exported(session):
                    yield row
        finally:
            await database.close()


def read_head(written: str) -> Any:
    """A head as somebody noted it, ``SEQ:HASH``."""
    from remote_court.audit import Head

    seq, colon, hashed = written.partition(":")
    if not (colon and seq.isdecimal()):
        raise typer.BadParameter("a head is written SEQ:HASH", param_hint="--head")
    return Head(int(seq), hashed.lower())


def tell(report: Report) -> None:
    """Say what was found."""
    if report.holds:
        console.print(f"[green]✓[/] the chain holds: {report.sealed} entries sealed")
    else:
        console.print(f"[bold red]✗[/] the chain is broken: {len(report.findings)} findings")
        for found in report.findings[:SHOWN_MOST]:
            console.print(f"    {found.fault.value} at {found.seq} (entry {found.entry_id})")
    if report.head:
        console.print(f"  head {report.head.seq}:{report.head.hash}")
    if report.unsealed:
        console.print(f"  {report.unsealed} not sealed yet, the oldest of {report.unsealed_since}")
    if report.backdated:
        console.print(f"  [yellow]![/] {len(report.backdated)} look backdated")
