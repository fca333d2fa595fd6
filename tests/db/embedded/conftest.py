"""Real servers, real processes: nothing here is played."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from remote_court.db.embedded import Server, discard
from remote_court.db.embedded.cluster import Cluster
from remote_court.db.embedded.desk import Desk
from remote_court.db.embedded.server import prepare

ROOT = Path(__file__).parents[3]
Client = Callable[[str, Path], "subprocess.Popen[str]"]


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A directory that every user can enter; pytest's own are closed to others."""
    place = Path(tempfile.mkdtemp(prefix="rc-test-"))
    place.chmod(0o755)
    yield place
    for desk in sorted(place.rglob("server.json")):
        discard(desk.parents[1])
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def made_once() -> Iterator[Cluster]:
    """A lasting cluster that never ran, to be copied: initdb takes a second."""
    place = Path(tempfile.mkdtemp(prefix="rc-made-"))
    place.chmod(0o755)
    yield prepare(place / "data", bin_dir=None, throwaway=False)
    shutil.rmtree(place)


@pytest.fixture
def data_dir(open_dir: Path, made_once: Cluster) -> Path:
    """A data directory whose lasting cluster is initialised and stopped."""
    source, place = made_once.desk.directory, open_dir / "data" / "postgres"
    place.parent.mkdir()
    subprocess.run(["cp", "-Rp", source, place], check=True)
    Desk(place).write(made_once.memory, home=str(place / "home"))
    return place.parent


@pytest.fixture
def client() -> Iterator[Client]:
    """Start a Python process that runs some lines with ``data_dir`` given, then waits."""
    started: list[subprocess.Popen[str]] = []

    def run(lines: str, data_dir: Path) -> subprocess.Popen[str]:
        program = (
            "from pathlib import Path; import signal, sys, time\n"
            # A shell's background job inherits that SIGINT is ignored; a user's client does not.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from remote_court.db.embedded import *\n"
            "data_dir = Path(sys.argv[1])\n" + textwrap.dedent(lines)
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(data_dir)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def eventually(true: Callable[[], bool], *, within_s: float = 15) -> bool:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


async def ask(server: Server, sql: str) -> object:
    """One value, over a connection of its own."""
    connection = await asyncpg.connect(server.url_of("remote_court", driver="postgresql"))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()
