"""A cluster on disk: made once, started, recovered, stopped."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from remote_court.clock import monotonic
from remote_court.db.embedded import settings
from remote_court.db.embedded.account import Account
from remote_court.db.embedded.desk import Desk, Memory
from remote_court.db.embedded.failure import PostgresFailed
from remote_court.db.embedded.probe import answers
from remote_court.db.embedded.process import end, pid_in, serves
from remote_court.db.embedded.programs import Programs

START_S = 120
STOP_S = 120
ORPHANS_S = 30
PORTS = 10
PAUSE_S = 0.1
SOCKET_PATH = 100
"""Bytes a socket's path may have: 107 on Linux, 103 on macOS."""
LOG_BYTES = 16 * 2**20
TAIL_BYTES = 4000


@dataclass(frozen=True, slots=True)
class Home:
    """A directory of the server's own user: ``data/``, ``socket/``, ``server.log``."""

    directory: Path

    @property
    def data(self) -> Path:
        """The cluster (PGDATA)."""
        return self.directory / "data"

    @property
    def pid(self) -> int | None:
        """The process that serves this cluster, made sure of."""
        pid = pid_in(self.data)
        return pid if serves(pid, self.data) else None

    def log_size(self) -> int:
        """How long the log is by now, in bytes."""
        log = self.directory / "server.log"
        return log.stat().st_size if log.exists() else 0

    def log_tail(self, since: int = 0) -> str:
        """The last lines of the log, none of them older than ``since`` bytes."""
        try:
            handle = os.open(self.directory / "server.log", os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return ""
        with os.fdopen(handle, "rb") as file:
            file.seek(max(since, os.fstat(handle).st_size - TAIL_BYTES))
            return file.read().decode(errors="replace")

    def stop(self, *, at_once: bool = False) -> bool:
        """Stop the server if one runs; whether one did."""
        pid = self.pid
        if pid is None:
            return False
        if not end(pid, self.data, patience_s=STOP_S, at_once=at_once):
            raise PostgresFailed(
                f"PostgreSQL (process {pid}) does not stop.",
                advice="look at its log for what it waits for, then stop it once more.",
                log=self.log_tail(),
            )
        return True


@dataclass(slots=True)
class Cluster:
    """A cluster with all that is needed to make it and to run it."""

    desk: Desk
    memory: Memory
    account: Account
    programs: Programs

    @property
    def home(self) -> Home:
        """Where it lies."""
        return Home(Path(self.memory.home))

    def make(self) -> None:
        """Initialise the cluster unless it is there; a half-made one is made again.

        Raises:
            PostgresFailed: the data are gone, or another major version wrote them.
        """
        if (self.home.data / "PG_VERSION").exists():
            self._check_version()
        elif self.memory.ready:
            raise PostgresFailed(
                f"The database in {self.home.directory} is gone.",
                advice="mount or restore that directory; or, to begin with an empty database, "
                f"remove {self.desk.directory}.",
            )
        else:
            self._initialise()
        if not self.memory.ready:
            self.memory = self.desk.write(self.memory, ready=True)

    def ensure_running(self) -> None:
        """Share the server that runs, or start it; the caller holds the desk's lock."""
        deadline = monotonic() + START_S
        while (pid := self.home.pid) is not None:
            if self._status() and self._answers():
                return
            if monotonic() > deadline:
                raise PostgresFailed(
                    f"PostgreSQL (process {pid}) runs but does not answer.",
                    advice="stop it with `remote-court postgres stop`, then start again.",
                    log=self.home.log_tail(),
                )
            time.sleep(PAUSE_S)
        if self._answers():
            raise PostgresFailed(
                "A server answers for these data, but not from this machine or container.",
                advice="use one data directory from one container only, or set "
                "REMOTE_COURT_DATABASE_URL.",
            )
        self._launch()

    def _answers(self) -> bool:
        try:
            return answers(self.memory, self.home.data)
        except asyncpg.InvalidAuthorizationSpecificationError as error:
            raise PostgresFailed(
                "The server at our door does not take our password.",
                advice=f"restore {self.desk.directory / 'server.json'}, which holds it, or set "
                f"the password of the role {settings.USER} to the one in it.",
            ) from error

    def _status(self) -> bool:
        words = ("status", "-D", "data")
        done = self.account.run([self.programs["pg_ctl"], *words], cwd=self.home.directory)
        return done.returncode == 0

    def _run(self, *words: str | Path, stdin: str = "") -> str:
        """Run a program in the home, as its owner."""
        done = self.account.run(words, cwd=self.home.directory, words=stdin)
        if done.returncode:
            raise PostgresFailed(
                f"{Path(words[0]).name} failed ({done.returncode}).",
                advice="read what it said; often the disk is full or the directory is closed.",
                log=done.stdout,
            )
        return done.stdout

    def _check_version(self) -> None:
        written = int((self.home.data / "PG_VERSION").read_text())
        if written != self.programs.major:
            raise PostgresFailed(
                f"PostgreSQL {written} wrote these data; {self.programs.version} cannot read them.",
                advice=f"set REMOTE_COURT_POSTGRES_BIN to a PostgreSQL {written}, dump the "
                "database with its pg_dump, and load it into a new data directory.",
            )

    def _initialise(self) -> None:
        """Initdb and our role and database, aside; the last act is the rename."""
        home = self.home.directory
        home.mkdir(parents=True, exist_ok=True)
        self.account.own(home)
        self._run("rm", "-rf", "data.new", "password.new")
        self._run("sh", "-c", "umask 077; cat > password.new", stdin=self.memory.superuser_password)
        self._run(
            self.programs["initdb"],
            *("-D", "data.new", "-U", settings.SUPERUSER, "--pwfile=password.new"),
            *("--auth=scram-sha-256", "--encoding=UTF8", f"--locale={_locale()}"),
            *(("--no-sync",) if self.memory.throwaway else ()),
        )
        self._run("rm", "password.new")
        told = settings.file_of(throwaway=self.memory.throwaway)
        self._run("sh", "-c", "cat >> data.new/postgresql.conf", stdin=told)
        self._run(
            self.programs["postgres"],
            *("--single", "-j", "-D", "data.new", "-c", "exit_on_error=true", "postgres"),
            stdin=settings.ROLES.format(password=self.memory.password),
        )
        self._run("mv", "data.new", "data")

    def _launch(self) -> None:
        self._disown_stale_pid()
        self._turn_log()
        deadline = monotonic() + ORPHANS_S
        ports = PORTS
        while True:
            self._choose_door()
            since = self.home.log_size()
            if self._pg_ctl_start():
                break
            said = self.home.log_tail(since)
            if "is still in use" in said and monotonic() < deadline:
                time.sleep(PAUSE_S)  # sessions of the killed server are still ending
            elif "could not create any TCP/IP sockets" in said and ports:
                ports -= 1
            else:
                raise PostgresFailed(
                    "PostgreSQL did not start.", advice="read its last words below.", log=said
                )
        if not self._answers():
            raise PostgresFailed(
                "PostgreSQL started but does not answer.",
                advice="look whether another program uses its socket directory.",
                log=self.home.log_tail(),
            )

    def _pg_ctl_start(self) -> bool:
        options = settings.command_line(port=self.memory.port, socket=Path(self.memory.socket))
        words = ["start", "-w", "-t", str(START_S), "-D", "data", "-l", "server.log", "-o", options]
        done = self.account.run([self.programs["pg_ctl"], *words], cwd=self.home.directory)
        return done.returncode == 0

    def _disown_stale_pid(self) -> None:
        """Make the pid file name us, whom PostgreSQL takes for its grandparent, thus for stale.

        Removing the file would also remove the number of the shared memory by which the new
        server sees that sessions of a killed one still write to the data.
        """
        pid_file = self.home.data / "postmaster.pid"
        if pid_file.exists():
            lines = pid_file.read_text().split("\n")
            words = "\n".join([str(os.getpid()), *lines[1:]])
            self._run("sh", "-c", "cat > data/postmaster.pid", stdin=words)

    def _turn_log(self) -> None:
        if self.home.log_size() > LOG_BYTES:
            self._run("mv", "server.log", "server.log.1")

    def _choose_door(self) -> None:
        port = self.memory.port if _is_free(self.memory.port) else _free_port()
        place = self.home.directory / "socket"
        if len(os.fsencode(place / f".s.PGSQL.{port}")) <= SOCKET_PATH:
            self._run("mkdir", "-p", "-m", "700", "socket")
        else:
            place = self._short_place()
        self.memory = self.desk.write(self.memory, port=port, socket=str(place))

    def _short_place(self) -> Path:
        """A private directory whose path a socket can bear; the former one, if it still is."""
        before = Path(self.memory.socket or "/nonexistent")
        if before.is_dir() and not before.is_symlink() and before.stat().st_uid == self.account.uid:
            return before
        place = Path(tempfile.mkdtemp(prefix="remote-court-", dir=temporary(self.account)))
        self.account.own(place)
        return place


def temporary(account: Account) -> Path:
    """A temporary directory that the account can enter and a socket's path can bear."""
    wished = Path(tempfile.gettempdir()).resolve()
    short = len(os.fsencode(wished)) <= SOCKET_PATH - len("/remote-court-12345678/.s.PGSQL.65535")
    return wished if short and account.can_enter(wished) else Path("/tmp")  # noqa: S108


def _locale() -> str:
    """The C order over UTF-8, with letters known as letters: pg_trgm needs that for Persian."""
    return "en_US.UTF-8" if os.uname().sysname == "Darwin" else "C.UTF-8"


def _is_free(port: int) -> bool:
    if not port:
        return False
    with socket.socket() as wish:
        wish.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            wish.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as wish:
        wish.bind(("127.0.0.1", 0))
        return int(wish.getsockname()[1])
