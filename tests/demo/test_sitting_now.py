"""There is always a sitting to open: the first judge's, with parties who come by themselves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from remote_court import clock
from remote_court.calls.queries import attendance
from remote_court.db import Database
from remote_court.demo import sitting_now
from remote_court.demo.marker import DemoSeed
from remote_court.demo.participant import Participant
from remote_court.hearings import status
from remote_court.hearings.in_call import register_calls
from remote_court.people.demo import accounts
from remote_court.people.grants import Role
from remote_court.scheduling.models import Session
from tests.demo.conftest import TUESDAY
from tests.demo.test_far_end import demo


@pytest.fixture(autouse=True)
def kinds():
    register_calls()


async def test_it_is_listed_once_moves_along_and_follows_the_last(seeded: Database):
    async with seeded.transaction() as session:
        assert await sitting_now.keep(session, TUESDAY) == 1
        seed = await session.scalar(select(DemoSeed))
        told = await session.get_one(Session, seed.hearing_id)
        assert told.starts_at <= TUESDAY < told.ends_at
        assert await sitting_now.keep(session, TUESDAY + timedelta(minutes=1)) == 0
        assert await sitting_now.keep(session, TUESDAY + timedelta(minutes=5)) == 1
        await session.refresh(told)
        assert told.starts_at == TUESDAY + timedelta(minutes=5)
        told.status = status.Status.HELD
        assert await sitting_now.keep(session, TUESDAY + timedelta(minutes=50)) == 1
        assert seed.hearing_id != told.id


@pytest.mark.alone
async def test_the_parties_come_when_the_judge_does_and_go_after(seeded: Database, tmp_path: Path):
    async with seeded.transaction() as session:
        await sitting_now.keep(session, clock.now())
    async with demo(seeded, tmp_path) as origin, httpx.AsyncClient(base_url=origin) as client:
        async with seeded.transaction() as session:
            (judge, *_) = await accounts(session, Role.JUDGE, limit=1)
            hearing_id = await session.scalar(select(DemoSeed.hearing_id))
        body = {name: getattr(judge, name) for name in ("national_id", "password", "otp")}
        token = (await client.post("/api/v1/auth/token", json=body)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        wish = {"as": "presiding_judge"}
        entry = (await client.post(f"/api/v1/sessions/{hearing_id}/tickets", json=wish)).json()
        president = Participant(entry["url"], entry["ticket"], pairs=4)
        joined = asyncio.create_task(president.run())
        path = f"/api/v1/hearings/{hearing_id}/room"
        async with asyncio.timeout(20):
            here = 0
            while here < 4:
                people = (await client.get(path)).json()["people"]
                here = sum(one["station"] is not None for one in people)
                await asyncio.sleep(0.2)
        for number, act in enumerate(("open", "admit")):
            key = {"Idempotency-Key": f"sitting-{number}"}
            answer = await client.post(path, json={"act": act}, headers=key)
            assert answer.status_code == 200, answer.text
        await president.until(lambda p: p.counts.kinds["video"] > 5, 20)
        await president.until(lambda p: p.counts.kinds["audio"] > 20, 20)
        await president.leave()
        await joined
        async with seeded.transaction() as session:
            rows = await attendance(session, hearing_id)
        assert {row.role for row in rows} == {"presiding_judge", "party", "lawyer"}
