"""A cluster on disk: made once, started, shared, recovered."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from remote_court.clock import monotonic
from remote_court.db.embedded import door, settings
from remote_court.db.embedded.account import Account
from remote_court.db.embedded.desk import Desk, Memory
from remote_court.db.embedded.failure import PostgresFailed
from remote_court.db.embedded.home import Home
from remote_court.db.embedded.probe import answers
from remote_court.db.embedded.programs import Programs

START_S = 120
ORPHANS_S = 30
PORTS = 10
PAUSE_S = 0.1
LOG_BYTES = 16 * 2**20


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
            if self._pg_ctl("status") and self._answers():
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
                "The server of these data does not take our password.",
                advice=f"restore {self.desk.directory / 'server.json'}, which holds it, or set "
                f"the password of the role {settings.USER} to the one in it.",
            ) from error

    def _pg_ctl(self, *words: str) -> bool:
        argv = (str(self.programs["pg_ctl"]), *words, "-D", "data")
        return self.account.run(argv, cwd=self.home.directory).returncode == 0

    def _run(self, *words: str | Path, stdin: str = "") -> None:
        """Run a program in the home, as its owner."""
        done = self.account.run(words, cwd=self.home.directory, words=stdin)
        if done.returncode:
            raise PostgresFailed(
                f"{Path(words[0]).name} failed ({done.returncode}).",
                advice="read what it said; often the disk is full or the directory is closed.",
                log=done.stdout,
            )

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
            *("--auth=scram-sha-256", "--encoding=UTF8", f"--locale={settings.locale()}"),
            *(settings.QUICK if self.memory.throwaway else ()),
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
        if self.home.log_size() > LOG_BYTES:
            self._run("mv", "server.log", "server.log.1")
        deadline = monotonic() + ORPHANS_S
        ports = PORTS
        while True:
            self._choose_door()
            since = self.home.log_size()
            if self._start():
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

    def _start(self) -> bool:
        door = settings.command_line(port=self.memory.port, socket=Path(self.memory.socket))
        return self._pg_ctl("start", "-w", "-t", str(START_S), "-l", "server.log", "-o", door)

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

    def _choose_door(self) -> None:
        """A free port, the former one if possible, and a socket directory swept of old locks."""
        place = self.home.directory / "socket"
        if door.is_short(place):
            self._run("mkdir", "-p", "-m", "700", "socket")
        else:
            place = door.short_place(self.account, self.memory.socket)
        self._run("find", place, "-mindepth", "1", "-delete")
        port = door.port_like(self.memory.port)
        self.memory = self.desk.write(self.memory, port=port, socket=str(place))
