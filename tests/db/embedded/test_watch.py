from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from remote_court.db.embedded import discard, start, status
from tests.db.embedded.conftest import ROOT, Client, ask, eventually, first_line, kill

STAY = "s = start(data_dir); print(status(data_dir).pid, flush=True); sys.stdin.read()"


def watchers(data_dir: Path) -> list[psutil.Process]:
    wanted = str(data_dir.resolve())
    return [
        p
        for p in psutil.process_iter(["cmdline"])
        if any(w.endswith("watch.py") for w in p.info["cmdline"] or [])
        and any(w.startswith(wanted) for w in p.info["cmdline"])
    ]


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_client_does_not_prevent_the_stop(
    data_dir: Path, client: Client, death: signal.Signals
) -> None:
    process = client(STAY, data_dir)
    assert first_line(process)
    process.send_signal(death)
    process.wait(60)
    assert eventually(lambda: not status(data_dir).running)
    assert eventually(lambda: not watchers(data_dir))


async def test_a_killed_client_takes_nothing_from_the_others(
    data_dir: Path, client: Client
) -> None:
    first = client(STAY, data_dir)
    pid = int(first_line(first))
    ours = start(data_dir)
    first.kill()
    first.wait(60)
    await asyncio.sleep(1)
    assert status(data_dir).pid == pid
    assert await ask(ours, "SELECT 1") == 1
    assert ours.stop()


def test_ctrl_c_at_a_terminal_reaches_neither_server_nor_watcher(
    data_dir: Path, client: Client
) -> None:
    process = client(STAY, data_dir)
    pid = int(first_line(process))
    groups = {os.getpgid(p) for p in (pid, *(w.pid for w in watchers(data_dir)))}
    assert len(groups) == 2
    assert os.getpgid(process.pid) not in groups


def test_a_client_that_just_ends_leaves_no_server(data_dir: Path, client: Client) -> None:
    process = client("start(data_dir); print('up')", data_dir)
    assert first_line(process) == "up"
    process.communicate()
    assert eventually(lambda: not status(data_dir).running)


def test_a_killed_watcher_is_replaced_by_the_next_start(data_dir: Path, client: Client) -> None:
    process = client(STAY, data_dir)
    pid = int(first_line(process))
    (watcher,) = watchers(data_dir)
    kill(watcher.pid)
    process.kill()
    process.wait(60)
    time.sleep(0.5)
    assert status(data_dir).pid == pid, "nobody is left to stop it"
    again = client(STAY, data_dir)
    assert int(first_line(again)) == pid
    again.kill()
    again.wait(60)
    assert eventually(lambda: not status(data_dir).running)


def test_a_forked_worker_keeps_the_server_alive(data_dir: Path, client: Client) -> None:
    lines = """
        import os
        server = start(data_dir)
        if os.fork() == 0:
            sys.stdin.read()
            os._exit(0)
        print(server.stop(), flush=True)
        os._exit(0)
    """
    process = client(lines, data_dir)
    assert first_line(process) == "False"
    assert status(data_dir).running
    process.communicate()
    assert eventually(lambda: not status(data_dir).running)


def test_starting_and_ending_in_turn_never_leaves_one_unwatched(
    data_dir: Path, client: Client
) -> None:
    for _ in range(8):
        process = client(STAY, data_dir)
        assert first_line(process)
        process.kill()
    assert eventually(lambda: not status(data_dir).running)
    assert eventually(lambda: not watchers(data_dir))


def test_a_server_whose_data_directory_was_removed_is_stopped(
    open_dir: Path, client: Client
) -> None:
    process = client(STAY, open_dir / "gone")
    pid = int(first_line(process))
    shutil.rmtree(open_dir / "gone")
    process.kill()
    process.wait(60)
    assert eventually(lambda: not _alive(pid), within_s=90)


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_watcher_weighs_little_and_keeps_no_secret(data_dir: Path) -> None:
    os.environ["REMOTE_COURT_SECRET_KEY"] = "of-the-court"
    try:
        server = start(data_dir)
    finally:
        del os.environ["REMOTE_COURT_SECRET_KEY"]
    (watcher,) = watchers(data_dir)
    assert watcher.memory_info().rss < 25 * 2**20
    assert "REMOTE_COURT_SECRET_KEY" not in watcher.environ()
    pid = status(data_dir).pid
    assert "REMOTE_COURT_SECRET_KEY" not in psutil.Process(pid).environ()
    server.stop()
    discard(data_dir)


def test_the_stopping_command_leaves_a_server_in_use_alone(data_dir: Path) -> None:
    server = start(data_dir)
    words = ["-m", "remote_court.db.embedded", server.memory.home, str(data_dir)]
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)
    assert status(data_dir).running
    server.stop()
