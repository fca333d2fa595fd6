from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from remote_court.db.embedded import start, status, throwaway
from tests.db.embedded.conftest import Client, ask, eventually, first_line


async def test_it_forgets_and_leaves_nothing() -> None:
    with throwaway() as server:
        place = server.desk.directory.parent
        assert await ask(server, "SELECT current_setting('fsync')") == "off"
    assert not place.exists()


def test_a_copy_is_there_sooner_than_a_new_cluster(open_dir: Path) -> None:
    with throwaway():
        pass  # the template is made here if it was not there
    new_s = took_s(lambda: start(open_dir / "new", throwaway=True))
    with contextlib.ExitStack() as copies:
        copy_s = min(took_s(lambda: copies.enter_context(throwaway())) for _ in range(3))
    assert copy_s < new_s


def took_s(work: Callable[[], object]) -> float:
    """Seconds it took; on a busy machine only to be compared with its like."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


async def test_two_do_not_see_each_other() -> None:
    with throwaway() as one, throwaway() as other:
        await ask(one, "CREATE TABLE mine ()")
        assert await ask(other, "SELECT to_regclass('mine')") is None


async def test_it_makes_databases_from_a_template() -> None:
    with throwaway() as server:
        await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
        await ask_in(server.url_of("postgres", driver="postgresql"))


async def ask_in(url: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute("CREATE DATABASE copy TEMPLATE remote_court")
    await connection.close()
    connection = await asyncpg.connect(url.replace("/postgres?", "/copy?"))
    assert await connection.fetchval("SELECT answer FROM kept") == 42
    await connection.close()


def test_many_at_once_make_one_template(client: Client, tmp_path: Path, open_dir: Path) -> None:
    lines = """
        import os, tempfile
        tempfile.tempdir = str(data_dir)
        with throwaway() as s:
            print(s.desk.directory.parent, status(s.desk.directory.parent).running, flush=True)
    """
    base = open_dir / "tmp"
    base.mkdir(mode=0o755)
    processes = [client(lines, base) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(first_line, processes))
    assert [a.split()[1] for a in answers] == ["True"] * 3
    assert len(set(answers)) == 3
    for process in processes:
        assert process.wait(10) == 0
    (own,) = base.iterdir()
    assert [p.name.split("-")[0] for p in own.iterdir()] == ["template"]


def test_a_killed_session_leaves_neither_server_nor_data(client: Client, tmp_path: Path) -> None:
    lines = """
        with throwaway() as s:
            print(s.desk.directory.parent, flush=True)
            sys.stdin.read()
    """
    process = client(lines, tmp_path)
    place = Path(first_line(process))
    assert status(place).running
    process.kill()
    process.wait(60)
    assert eventually(lambda: not place.exists())
