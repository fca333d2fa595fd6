"""Prometheus' own judge of rules: Debian's program, unpacked where it is not installed.

It is not installed for a test, as its package starts a server.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGE, PROGRAM = "prometheus", "promtool"
FETCH_S = 120


def promtool(folder: Path) -> str:
    """The program, unpacked into this folder if need be; skips where it is not to be had."""
    if found := shutil.which(PROGRAM):
        return found
    for command in (["apt-get", "download", "-qq", PACKAGE], ["dpkg-deb", "-x", "*.deb", "."]):
        words = [str(p) for w in command for p in (folder.glob(w) if "*" in w else [w])]
        if not shutil.which(words[0]) or not ran(words, folder):
            pytest.skip("promtool is not here, and Debian's package of it could not be fetched")
    return str(folder / "usr" / "bin" / PROGRAM)


def ran(words: list[str], folder: Path) -> bool:
    """Whether a command ended well."""
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, timeout=FETCH_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
