"""``remote-court``: what an operator types."""

from __future__ import annotations

import sys

import typer

from remote_court.cli import audit, checks, court, database, minutes, recording, serve, workers
from remote_court.cli.terminal import complain
from remote_court.cli.ticket import ticket
from remote_court.errors import CourtError

app = typer.Typer(
    name="remote-court",
    help="Remote Court: visits and hearings by video. Settings: REMOTE_COURT_… (docs/settings.md).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(serve.demo)
app.command(name="serve")(serve.serve_site)
app.command()(database.migrate)
app.command()(database.seed)
app.command()(serve.sweep)
app.command()(ticket)
app.command()(checks.doctor)
app.add_typer(audit.app, name="audit")
app.add_typer(court.app, name="court")
app.add_typer(recording.app, name="recording")
app.add_typer(minutes.app, name="minutes")
app.add_typer(workers.app, name="workers")
app.add_typer(database.postgres_app, name="postgres")


def main() -> None:
    """Run a command; what we can explain is said in a sentence, not by a traceback."""
    try:
        app()
    except CourtError as error:
        complain(error)
        sys.exit(1)
