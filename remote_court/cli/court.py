"""``remote-court court``: bring a branch's diary in from a file."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from remote_court.cli.database import bars
from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import settings

if TYPE_CHECKING:
    from remote_court.hearings.diary_plan import Plan

app = typer.Typer(help="A branch's cases.", no_args_is_help=True)
MOST_BYTES = 20_000_000
File = Annotated[Path, typer.Argument(help="CSV in UTF-8, or .xlsx.", exists=True, dir_okay=False)]
Branch = Annotated[int, typer.Option("--branch", help="The branch's id.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what it would change.")]


@app.callback()
def court() -> None:
    """A branch's cases."""


@app.command(name="import")
def import_diary(file: File, *, branch: Branch, dry_run: Dry = False, json: Json = False) -> None:
    """Import a branch's diary, all of it or nothing; docs/import.md tells the columns."""
    from remote_court import serving

    with serving.postgres(settings()) as url:
        plan, lines = asyncio.run(bring_in(url, file.read_bytes(), branch, dry_run=dry_run))
    told = {
        "rows": lines,
        "written": not plan.faults and not dry_run,
        "changes": asdict(plan.changes),
        "errors": [asdict(fault) for fault in plan.faults],
    }
    if json:
        write_json(told)
    else:
        show(plan, told, dry_run=dry_run)
    raise typer.Exit(1 if plan.faults else 0)


async def bring_in(url: str, content: bytes, branch: int, *, dry_run: bool) -> tuple[Plan, int]:
    """Try the file out, and write it if nothing is wrong and it is meant."""
    from remote_court import audit, clock
    from remote_court.db import Database
    from remote_court.hearings.diary_import import IMPORT, examine, write
    from remote_court.hearings.entering import Stand

    database, now = Database(url), clock.now()
    stand = Stand(None, None, branch)
    try:
        async with database.transaction() as session:
            plan, lines = await examine(session, branch, content, now, MOST_BYTES)
            if plan.faults or dry_run or plan.changes.nothing:
                return plan, lines
            with bars() as progress:
                task = progress.add_task("writing", total=lines)

                async def tell(done: int) -> None:
                    progress.update(task, completed=done)

                await write(session, stand, plan.cases, now, tell)
                progress.update(task, completed=lines)
            act = stand.act("diary.imported", (IMPORT, branch), **asdict(plan.changes))
            await audit.record(session, now, act)
            return plan, lines
    finally:
        await database.close()


def show(plan: Plan, told: dict[str, Any], *, dry_run: bool) -> None:
    """Say what was found, for people."""
    for fault in plan.faults:
        message = fault.message % fault.values if fault.values else fault.message
        console.print(f"[red]line {fault.line:>5}[/] {escape(fault.column)}: {escape(message)}")
    if plan.faults:
        console.print(f"[bold red]✗[/] {len(plan.faults)} errors; nothing was written")
        return
    if plan.changes.nothing:
        console.print("[green]✓[/] this file changes nothing: everything is entered already")
        return
    verb = "would be" if dry_run else "were"
    for name, count in told["changes"].items():
        console.print(f"{count:>7}  {name.replace('_', ' ')}")
    console.print(f"[green]✓[/] {told['rows']} rows {verb} written")
