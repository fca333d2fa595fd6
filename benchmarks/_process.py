"""What a process costs, by the system's own account of it."""

from __future__ import annotations

import time


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, all its threads, user and system (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def resident_bytes(pid: int) -> int:
    """Memory a process holds, as the system counts it."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123 - not a file
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
