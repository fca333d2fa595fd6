from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from remote_court.db.embedded import PostgresFailed, discard, start, status, stop
from tests.db.embedded.conftest import ROOT, Client, ask, eventually, first_line

pytestmark = pytest.mark.long

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account")
PYTHON = shutil.which("python3.11", path="/usr/bin:/usr/local/bin") or sys.executable
ELSEWHERE = {"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def as_nobody(*words: object) -> subprocess.CompletedProcess[str]:
    """Run a program as a system user that is neither root nor the server's."""
    return subprocess.run(
        [str(word) for word in words],
        user="nobody",
        group="nogroup",
        extra_groups=[],
        cwd=ROOT,
        env=ELSEWHERE,
        capture_output=True,
        text=True,
        check=False,
    )


def python_as_nobody(lines: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run some lines as that user, or skip: its Python may lie in a home closed to her."""
    if as_nobody(PYTHON, "-c", "import remote_court.db.embedded").returncode:
        pytest.skip("another user cannot run this Python")
    program = "import sys; from pathlib import Path; from remote_court.db.embedded import *\n"
    return as_nobody(PYTHON, "-c", program + "data_dir = Path(sys.argv[1])\n" + lines, data_dir)


async def exists(path: str | Path) -> bool:
    return await asyncio.to_thread(Path(path).exists)


def modes(path: Path) -> dict[Path, tuple[int, int, int]]:
    return {
        p: (stat.S_IMODE(p.stat().st_mode), p.stat().st_uid, p.stat().st_gid)
        for p in (path, *path.parents)
    }


async def test_sqlalchemy_reaches_the_server_by_its_url(data_dir: Path) -> None:
    engine = create_async_engine(start(data_dir).url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE EXTENSION btree_gist"))
        await connection.execute(text("CREATE EXTENSION pg_trgm"))
        assert await connection.scalar(text("SELECT current_database()")) == "remote_court"
    await engine.dispose()


async def test_the_data_outlive_the_server_and_its_port_is_remembered(data_dir: Path) -> None:
    first = start(data_dir)
    await ask(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert first.stop()
    assert not status(data_dir).running
    second = start(data_dir)
    assert await ask(second, "SELECT answer FROM kept") == 42
    assert second.port == first.port


async def test_the_courts_role_is_no_superuser(data_dir: Path) -> None:
    server = start(data_dir)
    assert await ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    connection = await asyncpg.connect(server.superuser_url)
    assert await connection.fetchval("SELECT current_setting('is_superuser')") == "on"
    await connection.close()


async def test_nobody_enters_without_the_password(data_dir: Path) -> None:
    server = start(data_dir)
    users = ["postgres", "remote_court", "nobody", "root"]
    doors = ["127.0.0.1", server.memory.socket]
    for user, host, password in itertools.product(users, doors, [None, "", "postgres"]):
        with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InterfaceError)):
            await asyncpg.connect(
                host=host, port=server.port, user=user, password=password, database="postgres"
            )


@as_root
def test_the_system_user_nobody_gets_at_nothing(data_dir: Path) -> None:
    server = start(data_dir)
    for path in (server.desk.directory / "server.json", server.memory.socket, server.memory.home):
        look = 'if [ -d "$1" ]; then ls "$1"; else cat "$1"; fi'
        done = as_nobody("sh", "-c", look, "sh", path)
        assert done.returncode != 0, path


def test_only_loopback_is_listened_on(data_dir: Path) -> None:
    server = start(data_dir)
    pid = status(data_dir).pid
    listening = {
        line.split()[1].split(":")[0]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == server.port
    }
    assert listening == {"0100007F"}


def test_secrets_are_closed_and_parents_keep_their_modes(open_dir: Path) -> None:
    parent = open_dir / "a" / "b"
    parent.mkdir(parents=True)
    (open_dir / "a").chmod(0o751)
    parent.chmod(0o755)
    before = modes(parent)
    server = start(parent / "data")
    assert modes(parent) == before
    assert stat.S_IMODE((server.desk.directory / "server.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(server.memory.socket).stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(server.memory.home).stat().st_mode) == 0o700
    server.stop()
    assert modes(parent) == before


@pytest.mark.parametrize(
    "name",
    ["with spaces and 'quotes'", 'a "double" $(touch x) `name`', "خانهٔ داده", "deep/" * 30 + "end"],
)
async def test_any_path_will_do(open_dir: Path, name: str) -> None:
    server = start(open_dir / name)
    assert await ask(server, "SELECT 1") == 1
    assert len(os.fsencode(server.memory.socket)) < 90
    assert server.stop()
    discard(open_dir / name)
    assert not await exists(server.memory.socket)


def test_the_second_shares_the_firsts_server_and_the_last_stops_it(data_dir: Path) -> None:
    first, second = start(data_dir), start(data_dir)
    assert first.url == second.url
    assert not first.stop()
    assert status(data_dir).running
    assert second.stop()
    assert not status(data_dir).running
    assert not second.stop()


def test_six_processes_that_start_at_once_get_one_server(open_dir: Path, client: Client) -> None:
    data_dir = open_dir / "data"
    lines = "print(start(data_dir).url, status(data_dir).pid, flush=True); sys.stdin.read()"
    processes = [client(lines, data_dir) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        answers = set(threads.map(first_line, processes))
    assert len(answers) == 1
    for process in processes:
        process.communicate()
    assert eventually(lambda: not status(data_dir).running)


def test_an_operators_stop_does_not_wait_for_leases(data_dir: Path) -> None:
    server = start(data_dir)
    assert stop(data_dir)
    assert status(data_dir).running is False
    assert status(data_dir).in_use is True
    assert not stop(data_dir)
    assert not server.stop()


def test_nothing_is_made_by_asking(open_dir: Path) -> None:
    assert not status(open_dir / "data").running
    assert not stop(open_dir / "data")
    discard(open_dir / "data")
    assert not (open_dir / "data").exists()


@as_root
async def test_a_data_directory_closed_to_the_lent_account_has_its_cluster_elsewhere(
    open_dir: Path,
) -> None:
    closed = open_dir / "closed"
    closed.mkdir(mode=0o700)
    server = start(closed / "data")
    home = Path(server.memory.home)
    assert home.is_relative_to("/var/lib/remote-court")
    await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    again = start(closed / "data")
    assert await ask(again, "SELECT answer FROM kept") == 42
    assert modes(closed)[closed][0] == 0o700
    again.stop()
    discard(closed / "data")
    assert not await exists(home)


@as_root
def test_an_ordinary_user_has_a_server_of_her_own(open_dir: Path) -> None:
    own = open_dir / "nobodys"
    own.mkdir()
    shutil.chown(own, "nobody")
    done = python_as_nobody(
        "server = start(data_dir)\n"
        "print(Path(server.memory.home).stat().st_uid)\n"
        "with throwaway() as other: print(status(data_dir).running)\n"
        "print(server.stop())",
        own / "data",
    )
    assert done.stdout.split() == ["65534", "True", "True"], done.stderr


@as_root
def test_anothers_server_is_refused_in_plain_words(data_dir: Path, open_dir: Path) -> None:
    start(data_dir)
    done = python_as_nobody("start(data_dir)", data_dir)
    assert "PostgresFailed" in done.stderr
    assert "REMOTE_COURT_DATA_DIR" in done.stderr


def test_a_file_in_place_of_the_data_directory_is_refused(open_dir: Path) -> None:
    (open_dir / "file").write_text("")
    with pytest.raises(PostgresFailed, match="REMOTE_COURT_DATA_DIR"):
        start(open_dir / "file")
