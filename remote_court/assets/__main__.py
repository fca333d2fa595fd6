"""``python -m remote_court.assets [messages] [--tools]``: build the pages' assets."""

from __future__ import annotations

import sys
from pathlib import Path

from . import web_dir
from .build import build
from .extract import add_missing


def main(arguments: list[str]) -> int:
    """Build, or with ``messages`` add what lacks Persian to the catalogues."""
    if "messages" in arguments:
        missing = add_missing(web_dir(), Path(__file__).parents[1])
        for room, messages in missing.items():
            say(f"{room}: {len(messages)} without Persian")
            for message in messages:
                say(f"  {message}")
        return 1 if missing else 0
    build(web_dir(), tools="--tools" in arguments, say=say)
    return 0


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
