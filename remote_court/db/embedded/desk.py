"""The supervisor's own directory inside the data directory: locks, leases, what is remembered.

``lock`` is held for the moments of starting and stopping. ``users`` and ``lease`` are held
*shared* by every process that uses the server, for as long as it lives: the kernel gives them
back however the process ends, so whoever gets one exclusively knows that nobody is left. The
watcher, which holds ``watcher``, waits on ``lease``; ``users`` is for asking, and only who has
the lock may ask: so the watcher that wakes is never taken for a user.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from remote_court.db.embedded.failure import PostgresFailed

FOLDER = "postgres"


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a process: where the cluster lies, its door, and its passwords."""

    home: str
    port: int = 0
    socket: str = ""
    ready: bool = False
    throwaway: bool = False
    superuser_password: str = field(default_factory=_password, repr=False)
    password: str = field(default_factory=_password, repr=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """A supervisor's directory; its files are ours alone."""

    directory: Path

    @classmethod
    def of(cls, data_dir: Path) -> Desk:
        """The desk of a data directory, whether or not it exists yet."""
        return cls(data_dir.resolve() / FOLDER)

    def set_up(self) -> None:
        """Make the desk; root's can be walked through, so that the cluster may lie in it."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self.directory.chmod(0o711 if os.geteuid() == 0 else 0o700)
        except OSError as error:
            raise PostgresFailed(
                f"The data directory {self.directory.parent} is not ours: {error.strerror}.",
                advice="set REMOTE_COURT_DATA_DIR to a directory that this user may write.",
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one who starts or stops this server."""
        handle = self._lock()
        try:
            yield
        finally:
            os.close(handle)

    def lease(self) -> tuple[int, ...]:
        """Say that this process uses the server; the handles end with the process at the latest.

        The caller has the lock.
        """
        handles = self.open_file("users"), self.open_file("lease")
        for handle in handles:
            fcntl.flock(handle, fcntl.LOCK_SH)
        return handles

    @property
    def in_use(self) -> bool:
        """Whether any living process holds a lease; the caller has the lock."""
        handle = self._take("users")
        if handle is None:
            return True
        os.close(handle)
        return False

    def seems_in_use(self) -> bool:
        """The same for who has no lock: true also while somebody starts or stops the server."""
        lock = self._take("lock")
        if lock is None:
            return True
        try:
            return self.in_use
        finally:
            os.close(lock)

    def take_watch(self) -> int | None:
        """The right to be the watcher, unless somebody already is."""
        return self._take("watcher")

    def read(self) -> Memory | None:
        """What is remembered, if anything is."""
        try:
            return Memory(**json.loads((self.directory / "server.json").read_text()))
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise PostgresFailed(
                f"The server in {self.directory} belongs to another user.",
                advice="run as that user, or set REMOTE_COURT_DATA_DIR to a directory of yours.",
            ) from error

    def write(self, memory: Memory, **changes: object) -> Memory:
        """Remember, all or nothing."""
        memory = replace(memory, **changes)  # type: ignore[arg-type]
        fresh = self.directory / "server.json.new"
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._give(handle)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(memory), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self.directory / "server.json")
        return memory

    def _lock(self) -> int:
        """Wait for the lock; when the desk was replaced meanwhile, for that of the new one."""
        while True:
            self.set_up()
            handle = self.open_file("lock")
            fcntl.flock(handle, fcntl.LOCK_EX)
            path = self.directory / "lock"
            if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
                return handle
            os.close(handle)

    def _take(self, name: str) -> int | None:
        handle = self.open_file(name)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return handle

    def open_file(self, name: str) -> int:
        """A file of ours at the desk, made when it is not there; its handle."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_APPEND
        try:
            handle = os.open(self.directory / name, flags, 0o600)
        except PermissionError as error:
            raise PostgresFailed(
                f"The server in {self.directory} belongs to another user.",
                advice="run as that user, or set REMOTE_COURT_DATA_DIR to a directory of yours.",
            ) from error
        self._give(handle)
        return handle

    def _give(self, handle: int) -> None:
        """What root makes at another's desk is that other's."""
        owner = self.directory.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            os.fchown(handle, owner.st_uid, owner.st_gid)
