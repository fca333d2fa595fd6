"""Wait until nobody uses the server any more, then have it stopped.

Run by path, with the standard library only: it lives as long as the server does and should
weigh nothing. Its words: the desk, the cluster's home, the handle of the watcher's lock, and
the directory our package is imported from.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path


def watch(desk: Path, home: Path, watcher: int, packages: str) -> None:
    """Return when the server is gone; raise when it could not be stopped.

    The right to watch is given back while the desk is locked: whoever starts the server next
    finds either a watcher that will look again, or none.
    """
    lease = os.open(desk / "lease", os.O_RDWR)
    lock = os.open(desk / "lock", os.O_RDWR)
    words = [sys.executable, "-m", "remote_court.db.embedded", str(desk.parent), str(home)]
    while True:
        fcntl.flock(lease, fcntl.LOCK_EX)  # waits here, days perhaps
        fcntl.flock(lease, fcntl.LOCK_UN)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _unused(lease) and not (home / "data" / "postmaster.pid").exists():
            os.close(watcher)
            return
        fcntl.flock(lock, fcntl.LOCK_UN)
        environment = {**os.environ, "PYTHONPATH": packages}
        subprocess.run(words, env=environment, cwd="/", check=True)  # noqa: S603 - our own words


def _unused(lease: int) -> bool:
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(lease, fcntl.LOCK_UN)
    return True


def detach() -> None:
    """Leave the terminal and the parent: its end must not be ours."""
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")


if __name__ == "__main__":
    detach()
    watch(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
