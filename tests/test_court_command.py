"""``remote-court court import``: tried out, written, and the same again changes nothing."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest
from typer.testing import CliRunner

from remote_court import config
from remote_court.cli import app
from remote_court.db import Database
from tests.conftest import admin, within
from tests.hearings.branch import make_court
from tests.hearings.files import NUMBER, rows, table
from tests.world import NOON, make_world


@pytest.fixture
def branch(postgres, template, monkeypatch, tmp_path):
    """A branch in a database of its own, which the command is told of."""
    name = f"court_{uuid.uuid4().hex[:12]}"

    async def make() -> int:
        await admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        database = Database(within(postgres, name))
        async with database.transaction() as session:
            made = (await make_court(await make_world(session), NOON)).branch.id
        await database.close()
        return made

    found = asyncio.run(make())
    monkeypatch.setenv("REMOTE_COURT_DATABASE_URL", within(postgres, name))
    monkeypatch.setenv("REMOTE_COURT_DATA_DIR", str(tmp_path))
    config.settings.cache_clear()
    yield found
    config.settings.cache_clear()
    asyncio.run(admin(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


def run(file, branch, *more):
    done = CliRunner().invoke(
        app, ["court", "import", str(file), "--branch", str(branch), "--json", *more]
    )
    assert "{" in done.output, (done.output, done.exception)
    return done.exit_code, json.loads(done.output[done.output.index("{") :])


def test_a_file_is_tried_out_written_and_then_changes_nothing(branch, tmp_path):
    file = tmp_path / "diary.csv"
    file.write_bytes(table())
    code, told = run(file, branch, "--dry-run")
    assert (code, told["written"], told["changes"]["new_parties"]) == (0, False, 3)
    code, told = run(file, branch)
    assert (code, told["written"], told["rows"]) == (0, True, 3)
    code, told = run(file, branch)
    assert (told["changes"]["new_parties"], told["changes"]["unchanged"]) == (0, 4)


def test_errors_are_told_and_nothing_is_written(branch, tmp_path):
    file = tmp_path / "diary.csv"
    file.write_bytes(table([(NUMBER, "", "12", *rows()[0][3:])]))
    code, told = run(file, branch)
    assert (code, told["written"]) == (1, False)
    assert {fault["column"] for fault in told["errors"]} == {"national_id"}
