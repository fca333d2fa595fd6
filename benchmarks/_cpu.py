"""What processes spent, by their own accounting: comparable on machines that do other work too."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Spent:
    """CPU seconds, user and system: of a Python process, and of PostgreSQL with its backends."""

    python: float
    postgresql: float

    def per(self, many: int, before: Spent) -> dict[str, float]:
        """What one of so many cost since then, in ms."""
        return {
            "python_cpu_ms": round((self.python - before.python) / many * 1000, 2),
            "postgresql_cpu_ms": round((self.postgresql - before.postgresql) / many * 1000, 2),
        }


def spent(python_pid: int, postmaster_pid: int) -> Spent:
    """What both have spent so far."""
    return Spent(own(psutil.Process(python_pid)), whole(psutil.Process(postmaster_pid)))


def own(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def whole(postmaster: psutil.Process) -> float:
    """A server with its backends, those included that have ended and were waited for."""
    times = postmaster.cpu_times()
    total = own(postmaster) + times.children_user + times.children_system
    for backend in postmaster.children():
        try:
            total += own(backend)
        except psutil.NoSuchProcess:
            continue  # it ended just now: the next look finds it among the children waited for
    return float(total)
