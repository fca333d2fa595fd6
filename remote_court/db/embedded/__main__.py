"""Stop the server of a data directory if nobody uses it: what the watcher runs.

Its words: the data directory, and the home of the cluster, should the former be gone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from remote_court.db.embedded.cluster import Home
from remote_court.db.embedded.desk import Desk
from remote_court.db.embedded.server import stop_if_unused


def main(data_dir: Path, home: Path) -> None:
    """Stop it if no lease is left; without a desk nobody can hold one."""
    desk = Desk.of(data_dir)
    if desk.exists:
        with desk.locked():
            stop_if_unused(desk)
    else:
        Home(home).stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
