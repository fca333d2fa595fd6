"""``python -m remote_court.assets [messages [room] | check] [--tools] [--release]``: build assets.

``--tools`` also fetches what checks and tests need; ``--release`` keeps nothing older.
``check`` runs the type checker over our scripts. ``messages`` lists what lacks Persian; with a
room it appends empty entries to that room's file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import web_dir
from .build import KEPT, build
from .extract import ROOMS, append, room_of, untranslated
from .npm import npm


def main(arguments: list[str]) -> int:
    """Build, or with ``messages`` tell what lacks Persian."""
    if arguments[:1] == ["messages"]:
        return tell_missing(arguments[1:])
    if arguments[:1] == ["check"]:
        done = npm(["run", "--silent", "check"], web_dir())
        say(done.stdout + done.stderr)
        return done.returncode
    kept = 1 if "--release" in arguments else KEPT
    build(web_dir(), tools="--tools" in arguments, kept=kept, say=say)
    return 0


def tell_missing(rooms: list[str]) -> int:
    """List what lacks Persian; give the named rooms entries to fill in."""
    missing = untranslated(web_dir(), Path(__file__).parents[1])
    for room in ROOMS:
        lacking = [text for text in missing if room_of(text.file) == room]
        if lacking and (room in rooms or not rooms):
            say(f"{room}: {len(lacking)} without Persian")
            for text in lacking:
                say(f"  {text.message}")
            if room in rooms:
                append(web_dir(), room, lacking)
    return 1 if missing else 0


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
