from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import asyncpg
import pytest

from remote_court.db.embedded import PostgresFailed, Server, start, status
from remote_court.db.embedded.home import Home
from tests.db.embedded.conftest import ask, eventually, kill


def killed(server: Server) -> Home:
    """Kill its postmaster as the out-of-memory killer would."""
    home = Home(Path(server.memory.home))
    pid = home.pid
    assert pid
    kill(pid)
    assert eventually(lambda: home.pid is None)
    assert (home.data / "postmaster.pid").exists()
    return home


def put_pid(home: Home, pid: int) -> None:
    path = home.data / "postmaster.pid"
    lines = path.read_text().split("\n")
    path.write_text("\n".join([str(pid), *lines[1:]]))


def sleeper(home: Home) -> subprocess.Popen[bytes]:
    """A stranger of the server's own user, whose pid only looks like the server's."""
    owner = home.data.stat().st_uid
    return subprocess.Popen(["sleep", "600"], user=owner if os.geteuid() == 0 else None)


async def test_a_killed_server_recovers_what_was_committed(data_dir: Path) -> None:
    server = start(data_dir)
    await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed(server)
    assert await ask(start(data_dir), "SELECT answer FROM kept") == 42


async def test_no_new_server_while_a_session_of_the_killed_one_may_still_write(
    data_dir: Path,
) -> None:
    server = start(data_dir)
    session = await asyncpg.connect(server.url_of("remote_court", driver="postgresql"))
    backend = session.get_server_pid()
    os.kill(backend, signal.SIGSTOP)  # so that it cannot see its postmaster die
    killed(server)
    starting = asyncio.ensure_future(asyncio.to_thread(start, data_dir))
    await asyncio.sleep(2)
    assert not starting.done()
    kill(backend)
    assert await ask(await starting, "SELECT 1") == 1
    session.terminate()


async def test_a_pid_given_to_another_process_is_not_taken_for_the_server(data_dir: Path) -> None:
    server = start(data_dir)
    home = killed(server)
    stranger = sleeper(home)
    try:
        put_pid(home, stranger.pid)
        lock = Path(server.memory.socket) / f".s.PGSQL.{server.port}.lock"
        if lock.exists():
            lock.write_text(f"{stranger.pid}\n")
        assert not status(data_dir).running
        assert await ask(start(data_dir), "SELECT 1") == 1
        assert stranger.poll() is None, "the stranger was signalled"
    finally:
        stranger.kill()
        stranger.wait(60)


def test_a_stranger_is_not_signalled_by_stopping(data_dir: Path) -> None:
    server = start(data_dir)
    home = killed(server)
    stranger = sleeper(home)
    put_pid(home, stranger.pid)
    assert not server.stop()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait(60)


async def test_a_spoilt_pid_file_stops_nobody(data_dir: Path) -> None:
    server = start(data_dir)
    for words in ["", "\n", "-1\n", "not a number\n", "999999999\n"]:
        home = killed(server)
        (home.data / "postmaster.pid").write_text(words)
        server = start(data_dir)
        assert await ask(server, "SELECT 1") == 1


async def test_a_taken_port_is_changed(data_dir: Path) -> None:
    first = start(data_dir)
    first.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first.port))
        other.listen()
        second = start(data_dir)
        assert second.port != first.port
        assert await ask(second, "SELECT 1") == 1
        second.stop()


async def test_a_removed_socket_directory_is_made_again(data_dir: Path) -> None:
    first = start(data_dir)
    first.stop()
    await asyncio.to_thread(Path(first.memory.socket).rmdir)
    assert await ask(start(data_dir), "SELECT 1") == 1


def test_a_start_that_fails_shows_the_log_and_what_to_do(data_dir: Path) -> None:
    server = start(data_dir)
    server.stop()
    conf = Path(server.memory.home) / "data" / "postgresql.conf"
    conf.write_text(conf.read_text() + "\nno_such_setting = 1\n")
    with pytest.raises(PostgresFailed) as failure:
        start(data_dir)
    assert "no_such_setting" in failure.value.log
    assert re.search("(?s)What to do:.*no_such_setting", str(failure.value))
    assert eventually(lambda: not status(data_dir).in_use)


def test_missing_data_are_not_silently_replaced(data_dir: Path) -> None:
    server = start(data_dir)
    server.stop()
    data = Path(server.memory.home) / "data"
    data.rename(data.with_name("away"))
    with pytest.raises(PostgresFailed, match="is gone"):
        start(data_dir)
    data.with_name("away").rename(data)
    start(data_dir)


def test_data_of_another_major_version_are_refused(data_dir: Path) -> None:
    server = start(data_dir)
    server.stop()
    mark = Path(server.memory.home) / "data" / "PG_VERSION"
    real = mark.read_text()
    mark.write_text("14\n")
    with pytest.raises(PostgresFailed, match="PostgreSQL 14 wrote these data"):
        start(data_dir)
    mark.write_text(real)


def test_a_lost_password_is_said(data_dir: Path) -> None:
    server = start(data_dir)
    server.desk.write(server.memory, password="another")
    began = time.monotonic()
    with pytest.raises(PostgresFailed, match="does not take our password"):
        start(data_dir)
    assert time.monotonic() - began < 10
    server.desk.write(server.memory)


def test_a_half_made_cluster_is_made_again(data_dir: Path) -> None:
    server = start(data_dir)
    server.stop()
    home = Path(server.memory.home)
    (home / "data").rename(home / "data.new")
    (home / "data.new" / "PG_VERSION").unlink()
    server.desk.write(server.memory, ready=False)
    start(data_dir)
    assert not (home / "data.new").exists()
