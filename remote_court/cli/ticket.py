"""``remote-court ticket``: a ticket to a room in which a line is tried out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import Settings, settings

if TYPE_CHECKING:
    from remote_court.calls.admit import Entry

Room = Annotated[str, typer.Option("--room", help="Name of the room: small letters, digits, -.")]
Role = Annotated[
    str, typer.Option("--as", help="presenter (is seen and heard) or viewer (is not).")
]
Minutes = Annotated[int, typer.Option(help="How long a new room stays open; at most 240.")]
People = Annotated[int, typer.Option(help="How many may be in a new room at once; at most 12.")]


def ticket(
    *, room: Room, role: Role, minutes: Minutes = 60, people: People = 8, json: Json = False
) -> None:
    """Mint a ticket to a line test, outside any session; needs the server's database and key.

    Good for one entry while the room is open. Nothing of it is ever recorded.
    """
    from remote_court import serving

    chosen = settings()
    with serving.postgres(chosen) as url:
        entry = asyncio.run(enter(url, room, role, minutes, people))
    told = shown(chosen, entry)
    if json:
        write_json(told)
        return
    for name, value in told.items():
        console.print(f"[bold]{name:>10}[/]  {escape(str(value))}", soft_wrap=True)


async def enter(url: str, room: str, role: str, minutes: int, people: int) -> Entry:
    """Open the room if need be, and its door."""
    from remote_court import clock
    from remote_court.calls import line_tests
    from remote_court.db import Database

    if role not in tuple(line_tests.As):
        raise typer.BadParameter("presenter or viewer", param_hint="--as")
    as_ = line_tests.As(role)
    wish = line_tests.Wish(room=room, as_=as_, minutes=minutes, people=people)
    database = Database(url)
    try:
        async with database.transaction() as session:
            return await line_tests.enter(session, wish, None, clock.now())
    finally:
        await database.close()


def shown(chosen: Settings, entry: Entry) -> dict[str, Any]:
    """What the operator passes on, and until when it is good."""
    from remote_court.server.calls.workers import door_of
    from remote_court.tickets import mint

    ticket = entry.ticket
    return {
        "ticket": mint(ticket, chosen.signing_key()),
        "url": entry.url,
        "whip": door_of(entry.url, "whip", ticket.session_id),
        "whep": door_of(entry.url, "whep", ticket.session_id),
        "expires_at": ticket.expires_at.isoformat(),
    }
