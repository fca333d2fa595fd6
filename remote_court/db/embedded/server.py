"""Starting, sharing and stopping the embedded server of a data directory."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import remote_court
from remote_court.db.embedded import account as accounts
from remote_court.db.embedded import programs, watch
from remote_court.db.embedded.account import Account
from remote_court.db.embedded.cluster import Cluster
from remote_court.db.embedded.desk import Desk, Memory
from remote_court.db.embedded.failure import PostgresFailed
from remote_court.db.embedded.home import Home
from remote_court.db.embedded.settings import DATABASE, SUPERUSER, USER

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Server:
    """A running server, and this process's lease on it.

    The lease ends with `stop`, or with the process, however that ends; when the last one ends,
    the server stops.
    """

    desk: Desk
    memory: Memory
    _lease: tuple[int, ...] = field(repr=False)

    @property
    def url(self) -> str:
        """SQLAlchemy's URL of the court's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str, *, driver: str = "postgresql+asyncpg") -> str:
        """The URL of a database of this server, over its private socket, as the court's role.

        Args:
            database: its name; the role may create databases.
            driver: ``postgresql`` makes a URL that psql and asyncpg itself take.
        """
        return self._url(driver, USER, self.memory.password, database)

    @property
    def superuser_url(self) -> str:
        """For an operator's psql; the product never needs it."""
        return self._url("postgresql", SUPERUSER, self.memory.superuser_password, DATABASE)

    @property
    def port(self) -> int:
        """Its port on 127.0.0.1, for tools that know no sockets."""
        return self.memory.port

    def stop(self) -> bool:
        """Give the lease back and, if nobody else holds one, stop the server; whether it did."""
        if not self._lease:
            return False
        with self.desk.locked():
            give_back(self._lease)
            self._lease = ()
            return stop_if_unused(self.desk)

    def _url(self, driver: str, user: str, password: str, database: str) -> str:
        door = f"host={quote(self.memory.socket, safe='/')}&port={self.memory.port}"
        return f"{driver}://{user}:{quote(password, safe='')}@/{quote(database, safe='')}?{door}"


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of the server of a data directory."""

    running: bool
    in_use: bool
    pid: int | None = None
    port: int | None = None
    home: Path | None = None


def start(data_dir: Path, *, bin_dir: Path | None = None, throwaway: bool = False) -> Server:
    """Start the server of ``data_dir``, or share the one that runs, and hold a lease on it.

    Safe for several processes at once, and after any of them or the server was killed.

    Args:
        data_dir: made when it is not there. When root, and its lent account cannot enter it,
            the cluster lies under ``/var/lib/remote-court`` instead.
        bin_dir: programs of an installed PostgreSQL; none: those of the wheel.
        throwaway: a new cluster is made fast and forgetful.

    Raises:
        PostgresFailed: with the end of the log and what to do next.
    """
    cluster = prepare(data_dir, bin_dir=bin_dir, throwaway=throwaway)
    return run(cluster)


def prepare(data_dir: Path, *, bin_dir: Path | None, throwaway: bool) -> Cluster:
    """The cluster of ``data_dir``, made when it is not there, whether it runs or not."""
    if sys.platform == "win32":
        raise PostgresFailed(
            "The embedded PostgreSQL does not run on Windows yet.",
            advice="set REMOTE_COURT_DATABASE_URL to a PostgreSQL server.",
        )
    desk = Desk.of(data_dir)
    with desk.locked():
        memory = desk.read()
        account = accounts.for_cluster(Path(memory.home) / "data" if memory else desk.directory)
        found = programs.find(bin_dir, account)
        if memory is None:
            home = choose_home(desk, account)
            memory = desk.write(Memory(home=str(home), throwaway=throwaway))
        cluster = Cluster(desk, memory, account, found)
        cluster.make()
        return cluster


def run(cluster: Cluster) -> Server:
    """Hold a lease, see that somebody watches, and only then start the server.

    In this order a kill at any moment leaves a watcher that knows nobody is left.
    """
    desk = cluster.desk
    with desk.locked():
        lease = desk.lease()
        try:
            set_watcher(desk, cluster.home)
            cluster.memory = desk.read() or cluster.memory
            cluster.ensure_running()
        except BaseException:
            give_back(lease)
            raise
    return Server(desk, cluster.memory, lease)


def stop(data_dir: Path) -> bool:
    """Stop the server of ``data_dir``, also while it is used; whether one ran."""
    desk = Desk.of(data_dir)
    memory = desk.read()
    if memory is None:
        return False
    with desk.locked():
        return Home(Path(memory.home)).stop(at_once=memory.throwaway)


def status(data_dir: Path) -> Status:
    """What runs for ``data_dir``, without starting or changing anything."""
    desk = Desk.of(data_dir)
    memory = desk.read()
    if memory is None:
        return Status(running=False, in_use=False)
    home = Home(Path(memory.home))
    pid = home.pid
    return Status(
        running=pid is not None,
        in_use=desk.seems_in_use(),
        pid=pid,
        port=memory.port if pid else None,
        home=home.directory,
    )


def discard(data_dir: Path) -> None:
    """Stop the server and remove its data for good, wherever they lie."""
    desk = Desk.of(data_dir)
    memory = desk.read()
    if memory is None:
        return
    with desk.locked():
        Home(Path(memory.home)).stop(at_once=True)
        remove(desk, memory)


def remove(desk: Desk, memory: Memory) -> None:
    """Remove a stopped server's files: its own, as its user, then the desk."""
    home = Path(memory.home)
    account = accounts.for_cluster(home / "data")
    socket = Path(memory.socket or home / "socket")
    for place in (home, socket):
        if place.exists():
            account.run(["find", place, "-mindepth", "1", "-delete"])
            place.rmdir()
    shutil.rmtree(desk.directory)


def stop_if_unused(desk: Desk) -> bool:
    """Stop the server when no lease is left; the caller holds the desk's lock."""
    memory = desk.read()
    if memory is None or desk.in_use:
        return False
    stopped = Home(Path(memory.home)).stop(at_once=memory.throwaway)
    if memory.throwaway:
        remove(desk, memory)
        desk.directory.parent.rmdir()
    return stopped


def give_back(lease: tuple[int, ...]) -> None:
    """End a lease; the handle that the watcher waits for comes last."""
    for handle in lease:
        os.close(handle)


def choose_home(desk: Desk, account: Account) -> Path:
    """Where a new cluster is to lie: at the desk, if the server's user can get there."""
    if account.is_ours or account.can_enter(desk.directory):
        return desk.directory / "home"
    mark = hashlib.sha256(os.fsencode(desk.directory)).hexdigest()[:12]
    root = programs.state_directory()
    place = next(p for n in range(1000) if not (p := root / f"{mark}-{n}").exists())
    log.warning("the user %s cannot enter %s", account.name, desk.directory)
    log.warning("the database of %s lies in %s", desk.directory.parent, place)
    return place


def set_watcher(desk: Desk, home: Home) -> None:
    """See that one process waits for the last lease to end."""
    right = desk.take_watch()
    if right is None:
        return
    ours = str(Path(remote_court.__file__).parents[1])
    packages = os.pathsep.join([ours, *filter(None, sys.path)])
    words = [watch.__file__, str(desk.directory), str(home.directory), str(right), packages]
    said = desk.open_file("watcher.log")
    try:
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", "-S", *words],
            env=accounts.environment(),
            pass_fds=[right],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            check=True,
        )
    finally:
        os.close(right)
        os.close(said)
