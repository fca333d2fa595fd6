"""``remote-court minutes``: give out the keys that prove signed minutes, and prove a copy."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remote_court.cli.recording import public_key_of
from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import settings

if TYPE_CHECKING:
    from remote_court.hearings.minutes.verify import Verdict

app = typer.Typer(
    help="Minutes of sittings: docs/minutes.md tells what their file is made of.",
    no_args_is_help=True,
)
File = Annotated[Path, typer.Argument(help="A copy of signed minutes (PDF).", exists=True)]
Keys = Annotated[
    Path, typer.Option("--trust", help="What `minutes trust` of the court wrote.", exists=True)
]


@app.command()
def verify(file: File, *, trust: Keys, json: Json = False) -> None:
    """Prove that a copy is whole and everybody signed who had to; works offline."""
    from remote_court.hearings.minutes.trust import Trust
    from remote_court.hearings.minutes.verify import verify as prove

    verdict = prove(file.read_bytes(), Trust.read(trust.read_text(encoding="utf-8")))
    if json:
        write_json(as_json(verdict))
    else:
        tell(file, verdict)
    raise typer.Exit(0 if verdict.good else 1)


@app.command()
def trust() -> None:
    """Print the public keys of the court and of everybody who ever signed, to prove copies by."""
    from remote_court.hearings.minutes.trust import write

    court = public_key_of(None)
    typer.echo(write(court, asyncio.run(signers())), nl=False)


async def signers() -> Mapping[str, bytes]:
    """The public keys of the database."""
    from remote_court.db import Database
    from remote_court.hearings.minutes.signer_keys import public_keys
    from remote_court.serving import postgres

    with postgres(settings()) as url:
        database = Database(url)
        try:
            async with database.transaction() as session:
                return await public_keys(session)
        finally:
            await database.close()


def as_json(verdict: Verdict) -> dict[str, object]:
    """A verdict for a machine; names stay in the file."""
    kept = ("person", "part", "role", "method", "state", "at", "by")
    return {
        "good": verdict.good,
        "sha256": verdict.sha256,
        "signers": [{k: one[k] for k in kept if k in one} for one in verdict.signers],
        "findings": [{"code": f.code, "where": f.where} for f in verdict.findings],
    }


def tell(file: Path, verdict: Verdict) -> None:
    """Say what was found, and who did what."""
    if verdict.good:
        console.print(f"[green]✓[/] {file}: nothing was changed, and everybody has acted")
    else:
        console.print(f"[bold red]✗[/] {file}:")
        for found in verdict.findings:
            console.print(f"    {found.code} at {found.where}")
    for one in verdict.signers:
        line = f"  {one['part']} {one['name']}: {one['state']} {one.get('at', '')}"
        console.print(line, markup=False, highlight=False)
