"""A server for a test session: there in a moment, gone without trace."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remote_court import clock
from remote_court.db.embedded import account as accounts
from remote_court.db.embedded import programs, settings
from remote_court.db.embedded.account import Account
from remote_court.db.embedded.cluster import Cluster
from remote_court.db.embedded.desk import Desk, Memory
from remote_court.db.embedded.door import temporary
from remote_court.db.embedded.failure import PostgresFailed
from remote_court.db.embedded.server import Server, prepare, remove, run, stop_if_unused

TEMPLATE_S = 5 * 24 * 3600
"""Younger than what cleaners of temporary directories take away file by file."""
LEFTOVER_S = 3600


@contextmanager
def throwaway(*, bin_dir: Path | None = None) -> Iterator[Server]:
    """A running server of one's own, which forgets everything at the end.

    Its data are copied from a cluster initialised once and kept in the temporary directory.
    They are removed also when this process is killed.
    """
    server = run(copy_of_template(bin_dir))
    try:
        yield server
    finally:
        server.stop()


def copy_of_template(bin_dir: Path | None) -> Cluster:
    """A cluster of one's own in a new directory, not yet started."""
    account = accounts.for_cluster(Path("/nonexistent"))
    base = _base(account)
    _sweep(base)
    template = _template(base, account, bin_dir)
    desk = Desk.of(Path(tempfile.mkdtemp(prefix="run-", dir=base)))
    desk.directory.parent.chmod(0o711)
    desk.set_up()
    home = desk.directory / "home"
    home.mkdir()
    account.own(home)
    with template.desk.locked():
        done = account.run(["cp", "-Rp", template.home.data, "data"], cwd=home)
    if done.returncode:
        raise PostgresFailed(
            "The template could not be copied.", advice="make room on the disk.", log=done.stdout
        )
    passwords = template.memory.superuser_password, template.memory.password
    memory = desk.write(Memory(str(home), 0, "", True, True, *passwords))
    return Cluster(desk, memory, account, template.programs)


def _template(base: Path, account: Account, bin_dir: Path | None) -> Cluster:
    """The cluster to copy, made by whoever comes first; it never runs."""
    found = programs.find(bin_dir, account)
    told = [settings.file_of(throwaway=True), settings.ROLES, *settings.QUICK]
    words = [found.version, account.name, *told]
    mark = hashlib.sha256("\0".join(words).encode()).hexdigest()[:12]
    place = base / f"template-{mark}"
    desk = Desk.of(place)
    with desk.locked():
        if (memory := desk.read()) and _is_older(desk.directory / "server.json", TEMPLATE_S):
            remove(desk, memory)
    return prepare(place, bin_dir=bin_dir, throwaway=True)


def _sweep(base: Path) -> None:
    """Remove what sessions left behind when the machine went down with their watchers."""
    for run_dir in base.glob("run-*"):
        desk = Desk.of(run_dir)
        if not _is_older(run_dir, LEFTOVER_S):
            continue
        with desk.locked():
            stop_if_unused(desk)


def _is_older(path: Path, age_s: int) -> bool:
    try:
        return clock.now().timestamp() - path.stat().st_mtime > age_s
    except FileNotFoundError:
        return False


def _base(account: Account) -> Path:
    """A directory of ours among the temporary ones; a stranger's of that name is refused."""
    base = temporary(account) / f"remote-court-{os.geteuid()}"
    base.mkdir(mode=0o711, exist_ok=True)
    if base.is_symlink() or base.stat().st_uid != os.geteuid():
        raise PostgresFailed(
            f"{base} is there and not ours.", advice="set TMPDIR to a directory of yours."
        )
    base.chmod(0o711)
    return base
