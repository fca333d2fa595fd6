"""``remote-court doctor``: what is well, what is not, and how to mend it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

import typer
from rich.markup import escape

from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import settings

SIGNS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "failed": "[bold red]✗[/]"}


def doctor(*, json: Json = False) -> None:
    """Check database, ports, clock, fonts and disk, and say how to mend what is wrong."""
    from remote_court import doctor as surgery

    findings = asyncio.run(surgery.examine(settings()))
    healthy = all(finding.state != "failed" for finding in findings)
    if json:
        write_json({"healthy": healthy, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            console.print(f"{SIGNS[finding.state]} [bold]{finding.name}[/]: {escape(finding.told)}")
            if finding.mend:
                console.print(f"    → {escape(finding.mend)}")
    raise typer.Exit(0 if healthy else 1)
