"""``python -m remote_court``: the same as ``remote-court``."""

from __future__ import annotations

from remote_court.cli import main

main()
