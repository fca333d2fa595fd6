"""What an operator types, against a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from remote_court import app as application
from remote_court import assets, cli, clock, config, schema, tickets
from remote_court.audit import Act, record, seal
from remote_court.calls import workers
from remote_court.calls.refusals import NoWorker
from remote_court.calls.workers import Load, Worker
from remote_court.cli import main
from remote_court.db import Database
from remote_court.db.embedded import status
from remote_court.demo.marker import mark
from remote_court.people import Gender, Person

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Run a command with settings of its own."""
    monkeypatch.setenv("REMOTE_COURT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("REMOTE_COURT_MEDIA_PORT", "0")
    monkeypatch.setenv("REMOTE_COURT_PORT", "0")

    def invoke(*words: str, **settings: str) -> Result:
        for name, value in settings.items():
            monkeypatch.setenv(f"REMOTE_COURT_{name.upper()}", value)
        config.settings.cache_clear()
        return CliRunner().invoke(cli.app, words)

    yield invoke
    config.settings.cache_clear()


async def migrated(database: Database) -> str:
    """Mark the test's database, made from the models, as migrated."""
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32))")
        await connection.exec_driver_sql(
            f"INSERT INTO alembic_version VALUES ('{schema.newest()}')"
        )
    return database.url.replace("+asyncpg", "")


@pytest.fixture
async def url(database: Database) -> str:
    return await migrated(database)


@pytest.fixture
async def written(database: Database, url: str) -> str:
    """A database with a sealed record of three entries."""
    async with database.transaction() as session:
        for n in range(3):
            await record(session, clock.now(), Act("test.done", "thing", n))
    async with database.transaction() as session:
        assert await seal(session, clock.now()) == 3
    return url


def test_help_lists_the_commands(run: Run):
    said = run("--help").output
    for word in (
        "demo",
        "serve",
        "migrate",
        "seed",
        "doctor",
        "audit",
        "postgres",
        "sweep",
        "ticket",
    ):
        assert word in said


def test_migrate_brings_tables_rules_and_provinces_and_may_be_run_again(run: Run, bare_url: str):
    for _ in range(2):
        done = run("migrate", database_url=bare_url)
        assert done.exit_code == 0, done.output
    found = json.loads(run("doctor", "--json", database_url=bare_url).output)
    states = {check["name"]: check["state"] for check in found["checks"]}
    assert states["migrations"] == states["database"] == states["extensions"] == "ok"


def test_the_doctor_tells_what_is_wrong_and_how_to_mend_it(run: Run, bare_url: str):
    done = run("doctor", "--json", database_url=bare_url)
    assert done.exit_code == 1
    checks = {check["name"]: check for check in json.loads(done.output)["checks"]}
    assert checks["migrations"]["state"] == "failed"
    assert "remote-court migrate" in checks["migrations"]["mend"]


def test_the_doctor_names_a_database_that_cannot_be_reached(run: Run):
    done = run("doctor", database_url="postgresql://nobody@127.0.0.1:1/nothing")
    assert done.exit_code == 1
    assert "cannot be reached" in done.output
    assert "REMOTE_COURT_DATABASE_URL" in done.output


def test_the_record_is_proven_in_the_database_and_in_a_copy(run: Run, written: str, tmp_path: Path):
    copy = tmp_path / "record.jsonl"
    assert run("audit", "export", str(copy), database_url=written).exit_code == 0
    for words in (("audit", "verify", "--json"), ("audit", "verify", str(copy), "--json")):
        done = run(*words, database_url=written)
        assert done.exit_code == 0, done.output
        report = json.loads(done.output)
        assert report["holds"]
        assert report["sealed"] == 3
    head = report["head"]
    noted = f"--head={head['seq']}:{head['hash']}"
    assert run("audit", "verify", str(copy), noted).exit_code == 0


def test_a_changed_copy_of_the_record_is_found_out(run: Run, written: str, tmp_path: Path):
    copy = tmp_path / "record.jsonl"
    run("audit", "export", str(copy), database_url=written)
    copy.write_text(copy.read_text().replace("test.done", "test.gone", 1))
    done = run("audit", "verify", str(copy))
    assert done.exit_code == 1
    assert "broken" in done.output


def test_a_head_that_is_none_is_refused(run: Run, tmp_path: Path):
    (tmp_path / "empty").write_text("")
    assert run("audit", "verify", str(tmp_path / "empty"), "--head=nonsense").exit_code == 2


def test_every_sweep_runs_once(run: Run, url: str):
    done = run("sweep", "--json", database_url=url)
    assert done.exit_code == 0, done.output
    names = {sweep.name for sweep in application.SWEEPS}
    names |= {"notices.letters", "notices.deliver", "notices.spread_events", "notices.post_events"}
    names |= {"calls.forget_recordings", "hearings.import"}
    assert set(json.loads(done.output)) == names


def test_the_embedded_server_that_never_ran_is_not_running(run: Run):
    done = run("postgres", "status", "--json")
    assert done.exit_code == 3
    assert json.loads(done.output)["running"] is False
    assert "not running" in run("postgres", "stop").output


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "court.example"])
def test_the_demo_is_for_this_machine_only(run: Run, host: str, tmp_path: Path):
    done = run("demo", "--host", host)
    assert done.exit_code == 1
    assert isinstance(done.exception, cli.serve.NotForEverybody)
    assert not status(tmp_path / "data").running


def test_a_demo_by_setting_is_for_this_machine_only_too(run: Run, url: str):
    done = run("serve", "--host", "0.0.0.0", mode="demo", database_url=url)
    assert isinstance(done.exception, cli.serve.NotForEverybody)


def test_a_tree_without_built_pages_says_how_to_build_them(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(assets, "static_dir", lambda: tmp_path)
    assets.manifest.cache_clear()
    done = run("demo")
    assets.manifest.cache_clear()
    assert isinstance(done.exception, cli.serve.PagesNotBuilt)


def test_a_database_that_was_not_migrated_is_not_served(run: Run, bare_url: str):
    assert isinstance(run("serve", database_url=bare_url).exception, cli.serve.Outdated)


async def somebody(database: Database) -> None:
    async with database.transaction() as session:
        session.add(
            Person(
                national_id="9990000018",
                given_name="زهرا",
                family_name="رضایی",
                gender=Gender.FEMALE,
                born_on=clock.today(),
            )
        )


@pytest.fixture
async def populated(database: Database, url: str) -> str:
    await somebody(database)
    return url


@pytest.fixture
async def of_a_demo(database: Database, url: str) -> str:
    async with database.engine.begin() as connection:
        await mark(connection, clock.now(), 1)
    return url


def test_the_demo_leaves_a_database_alone_that_it_did_not_seed(run: Run, populated: str):
    for words in (("demo",), ("demo", "--reset"), ("seed",)):
        done = run(*words, database_url=populated)
        assert type(done.exception).__name__ == "NotOurs", done.output
    done = run("serve", mode="demo", database_url=populated)
    assert type(done.exception).__name__ == "NotOurs"


def test_production_does_not_serve_the_demo_s_people(run: Run, of_a_demo: str):
    done = run("serve", database_url=of_a_demo)
    assert type(done.exception).__name__ == "DemoData"


def test_what_we_can_explain_is_said_in_a_sentence(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    run("--help")
    monkeypatch.setattr("sys.argv", ["remote-court", "demo", "--host", "192.0.2.1"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "this machine only" in said
    assert "Traceback" not in said


@pytest.fixture
async def bare_url(bare: Database) -> str:
    return bare.url.replace("+asyncpg", "")


async def test_a_ticket_to_a_line_test_is_minted_where_a_worker_lives(
    run: Run, database: Database, url: str
):
    words = ("ticket", "--room", "tabriz-3", "--as", "presenter", "--minutes", "30")
    refused = await asyncio.to_thread(run, *words, database_url=url)
    assert refused.exit_code != 0
    assert isinstance(refused.exception, NoWorker)
    async with database.transaction() as session:
        worker = Worker("w-1", "wss://one.example/ws/call", 8081)
        await workers.report(session, worker, Load(), clock.now())
    made = await asyncio.to_thread(run, *words, "--json", database_url=url)
    assert made.exit_code == 0, made.output
    told = json.loads(made.output)
    ticket = tickets.read(told["ticket"], config.settings().signing_key())
    assert (ticket.session_id, ticket.role, ticket.audience) == (
        "line-test.tabriz-3",
        "presenter",
        "w-1",
    )
    assert told["whip"] == "https://one.example/whip/line-test.tabriz-3"
    said = await asyncio.to_thread(run, *words[:-4], "--as", "viewer", database_url=url)
    assert "wss://one.example/ws/call" in said.output
    bad = await asyncio.to_thread(run, *words[:-4], "--as", "judge", database_url=url)
    assert bad.exit_code == 2
