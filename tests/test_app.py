"""The application put together: what runs beside the requests starts, works and stops."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import app, ticks
from remote_court.app import DEMO_SWEEPS, SWEEPS, sweeps_of, tick, ticking
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.errors import Invalid
from remote_court.server.site import Site
from remote_court.ticks import Sweep


@pytest.fixture
def site(database: Database, tmp_path: Path, noon: datetime) -> Site:
    settings = Settings(mode="development", data_dir=tmp_path, media_port=0)
    return Site(settings, database, now=lambda: noon)


async def latest(site: Site) -> dict[str, ticks.Tick]:
    async with site.database.transaction() as session:
        return {found.name: found for found in await ticks.latest(session)}


async def test_a_tick_runs_its_sweep_once_a_slot_and_notes_it(site: Site, noon: datetime):
    runs: list[datetime] = []

    async def work(_session: AsyncSession, now: datetime) -> int:
        runs.append(now)
        return 7

    sweep = Sweep("test.work", timedelta(seconds=1), work)
    assert [await tick(site, sweep), await tick(site, sweep)] == [7, 0]
    assert runs == [noon]
    assert (await latest(site))["test.work"].dealt_with == 7


async def test_a_sweep_of_every_node_runs_though_another_has_the_slot(site: Site):
    async def work(_session: AsyncSession, _now: datetime) -> int:
        return 1

    sweep = Sweep("test.every", timedelta(seconds=1), work, every_node=True)
    assert [await tick(site, sweep), await tick(site, sweep)] == [1, 1]


async def test_a_sweep_that_fails_is_rolled_back_and_noted(site: Site, noon: datetime):
    async def work(session: AsyncSession, now: datetime) -> int:
        await ticks.claim(session, Sweep("test.left_behind", timedelta(seconds=1), work), now)
        raise Invalid

    assert await tick(site, Sweep("test.fails", timedelta(seconds=1), work)) == 0
    found = await latest(site)
    assert found["test.fails"].error == "Invalid"
    assert "test.left_behind" not in found


async def test_every_sweep_works_on_an_empty_country(site: Site):
    app.register_kinds()
    for sweep in (*SWEEPS, *DEMO_SWEEPS):
        assert await tick(site, sweep) == 0
    assert not [name for name, found in (await latest(site)).items() if found.error]


def test_the_demo_s_sweeps_run_in_the_demo_only(site: Site):
    names = {sweep.name for sweep in sweeps_of(site)}
    assert {sweep.name for sweep in SWEEPS} <= names
    demo = replace(site, settings=site.settings.model_copy(update={"mode": "demo"}))
    more = {sweep.name for sweep in DEMO_SWEEPS}
    assert not more & names
    assert {sweep.name for sweep in sweeps_of(demo)} == names | more


def test_sweeps_have_names_of_their_own(site: Site):
    jobs = ticking(site, [*SWEEPS, *DEMO_SWEEPS]).get_jobs()
    assert len({job.id for job in jobs}) == len(SWEEPS) + len(DEMO_SWEEPS)


async def test_what_runs_beside_starts_and_stops(site: Site):
    made = app.build(site.settings, Database(site.database.url))
    made.state.site.now = site.now
    async with made.router.lifespan_context(made):
        worker = made.state.site.worker
        assert worker is not None
        for _ in range(50):
            await asyncio.sleep(0.1)
            if "audit.seal" in await latest(site):
                break
        assert "audit.seal" in await latest(site)
        before = asyncio.all_tasks()
    assert made.state.site.worker is None
    await asyncio.sleep(0.1)
    assert len(asyncio.all_tasks()) < len(before)
