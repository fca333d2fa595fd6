"""Stop a server that nobody uses: what the watcher runs, holding the desk's lock.

Its words: the home of the cluster, and the data directory unless that is gone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from remote_court.db.embedded.desk import Desk
from remote_court.db.embedded.home import Home
from remote_court.db.embedded.server import stop_if_unused


def main(home: Path, data_dir: Path | None) -> None:
    """Stop it if no lease is left; without its desk nobody can hold one."""
    if data_dir is None:
        Home(home).stop()
    else:
        stop_if_unused(Desk.of(data_dir))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)  # noqa: PLR2004
