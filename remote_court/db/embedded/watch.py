"""Wait until nobody uses the server any more, then have it stopped.

Run by path, with the standard library only: it lives as long as the server does and should
weigh nothing. Its words: the desk, the cluster's home, the handle of the watcher's lock, and
the path our packages are imported from.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path


def watch(desk: Path, home: Path, watcher: int, packages: str) -> None:
    """Return when nobody uses the server and it is stopped; ``packages`` is a PYTHONPATH.

    The desk stays locked from the last look at the users until the right to watch is given
    back: whoever starts the server next finds no watcher, and sets a new one.
    """
    lease = os.open(desk / "lease", os.O_RDWR)
    users = os.open(desk / "users", os.O_RDWR)
    lock = os.open(desk / "lock", os.O_RDWR)
    while True:
        fcntl.flock(lease, fcntl.LOCK_EX)  # waits here, days perhaps
        fcntl.flock(lease, fcntl.LOCK_UN)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _unused(users):
            break
        fcntl.flock(lock, fcntl.LOCK_UN)
    if (home / "data" / "postmaster.pid").exists():
        words = [str(home), *([str(desk.parent)] if _is(lock, desk / "lock") else [])]
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-P", "-m", "remote_court.db.embedded", *words],
            env={**os.environ, "PYTHONPATH": packages},
            cwd="/",
            check=True,
        )
    os.close(watcher)


def _unused(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(users, fcntl.LOCK_UN)
    return True


def _is(handle: int, path: Path) -> bool:
    """Whether the file we hold is still the one of that name: a data directory may be replaced."""
    return path.exists() and os.path.samestat(os.fstat(handle), path.stat())


def detach() -> None:
    """Leave the terminal and the parent: its end must not be ours."""
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")


if __name__ == "__main__":
    detach()
    watch(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
