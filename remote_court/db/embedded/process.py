"""Whether a process is the server it is said to be, and ending it."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import psutil

from remote_court.clock import monotonic

PAUSE_S = 0.02


def pid_in(data: Path) -> int | None:
    """The number in the cluster's pid file; it proves nothing yet."""
    try:
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if first.strip().isdigit() else None


def serves(pid: int | None, data: Path) -> bool:
    """Whether that process is alive and is a PostgreSQL at home in ``data``.

    Numbers are given out again: after a crash the pid file may name a stranger, whom
    ``pg_ctl`` would take for the server, and would signal.
    """
    if pid is None:
        return False
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            return (
                process.status() != psutil.STATUS_ZOMBIE
                and process.uids().real == data.stat().st_uid
                and process.name() == "postgres"
                and Path(process.cwd()) == data
            )
    except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
        return False


def end(pid: int, data: Path, *, patience_s: float, at_once: bool = False) -> bool:
    """Ask the server to disconnect everybody and stop; whether it did.

    Args:
        pid: a process of which `serves` has just been true.
        data: the cluster.
        patience_s: how long its last checkpoint may take.
        at_once: without a checkpoint, for what is thrown away.
    """
    process = psutil.Process(pid)
    process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
    deadline = monotonic() + patience_s
    while serves(pid, data):
        if monotonic() > deadline:
            return False
        time.sleep(PAUSE_S)
    return True
