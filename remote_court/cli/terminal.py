"""How we speak to a terminal, and to a machine."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from remote_court.errors import CourtError

console = Console(highlight=False)
stderr = Console(stderr=True, highlight=False)
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for a machine.")]


def complain(error: CourtError) -> None:
    """Say what went wrong: its message, and what it knows besides."""
    told = str(error)
    message = told if told.count(" ") > 1 else f"{error.message} {told}".strip()
    stderr.print(f"[bold red]✗[/] {escape(message)}")


def write_json(value: Any) -> None:
    """Write a value as JSON, and nothing else."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
