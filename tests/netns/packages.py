"""What tests in network namespaces need of the machine: root, Debian packages, a kernel that may.

``need`` installs what is missing where this user may; where they may not, the test is skipped and
says why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

import pytest

PACKAGES = {
    "ip": "iproute2",
    "tc": "iproute2",
    "turnserver": "coturn",
    "firefox-esr": "firefox-esr",
}
"""The Debian package of each program that a test may ask for."""

INSTALL_S = 240


def need(*programs: str) -> None:
    """Skip the calling test unless it is root in a kernel with namespaces and has the programs."""
    if not is_root():
        pytest.skip("network namespaces need root")
    need_programs("ip", "tc", *programs)
    if not may_make_namespaces():
        pytest.skip("this kernel or container lets nobody make network namespaces")


def need_programs(*programs: str) -> None:
    """Skip the calling test unless the programs are here or can be installed."""
    wanted = {PACKAGES[name] for name in programs if not shutil.which(name)}
    if wanted and not install(tuple(sorted(wanted))):
        pytest.skip(f"{', '.join(sorted(wanted))} is not here and could not be installed")


def is_root() -> bool:
    """Whether this user may do anything."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


@cache
def install(packages: tuple[str, ...]) -> bool:
    """Install Debian packages; False where that is impossible. Asked once in a run."""
    if not is_root() or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        try:
            done = subprocess.run(
                command, env=quiet, capture_output=True, timeout=INSTALL_S, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode:
            return False
    return True


@cache
def may_make_namespaces() -> bool:
    """Whether this process may make a namespace and a virtual cable."""
    name = f"rc-{os.getpid()}-probe"
    for command in (
        ["ip", "netns", "add", name],
        ["ip", "-n", name, "link", "add", "one", "type", "veth", "peer", "name", "two"],
    ):
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            break
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return done.returncode == 0
