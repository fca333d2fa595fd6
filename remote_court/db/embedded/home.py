"""The directory in which a cluster lies, owned by the server's own user."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from remote_court.db.embedded.failure import PostgresFailed
from remote_court.db.embedded.process import end, pid_in, serves

STOP_S = 120
TAIL_BYTES = 4000


@dataclass(frozen=True, slots=True)
class Home:
    """Holds ``data/``, ``server.log`` and, where its path is short enough, ``socket/``."""

    directory: Path

    @property
    def data(self) -> Path:
        """The cluster (PGDATA)."""
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.directory / "server.log"

    @property
    def pid(self) -> int | None:
        """The process that serves this cluster, made sure of."""
        pid = pid_in(self.data)
        return pid if serves(pid, self.data) else None

    def log_size(self) -> int:
        """How long the log is by now, in bytes."""
        return self.log.stat().st_size if self.log.exists() else 0

    def log_tail(self, since: int = 0) -> str:
        """The last lines of the log, none of them before byte ``since``."""
        try:
            handle = os.open(self.log, os.O_RDONLY | os.O_NOFOLLOW)
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
