"""What a killed run left behind: its namespaces, and the programs in them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

OURS = re.compile(r"^rc-(?P<pid>\d+)-\w+$")
"""Names of our namespaces carry the process that made them."""


def sweep() -> list[str]:
    """Remove the namespaces of runs that are no more; returns their names."""
    gone = [name for name in existing() if (made := OURS.match(name)) and is_gone(made["pid"])]
    for name in gone:
        remove(name)
    return gone


def existing() -> list[str]:
    """Every named namespace of this machine."""
    where = Path("/run/netns")
    return sorted(entry.name for entry in where.iterdir()) if where.is_dir() else []


def is_gone(pid: str) -> bool:
    """Whether no such process lives."""
    return not Path("/proc", pid).exists()


def remove(name: str) -> None:
    """End every program in a namespace, and the namespace."""
    found = subprocess.run(
        ["ip", "netns", "pids", name], capture_output=True, text=True, check=False
    )
    for pid in found.stdout.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            continue
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
