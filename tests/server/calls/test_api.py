from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from remote_court.calls import devices, queries, workers
from remote_court.calls.models import Attendance, Device
from remote_court.calls.workers import Load, Worker
from remote_court.db import Database
from remote_court.outbox import OutboxRow
from remote_court.server.calls import api
from remote_court.server.calls.askers import COOKIE
from remote_court.tickets import ENTRY, Purpose, mint, read
from tests.calls.scene import MINUTE, SECOND, WORKER


def path(scene) -> str:
    return f"/sessions/{scene.visit_id}/tickets"


async def test_a_visitor_gets_a_ticket_with_an_absolute_address(scene, call, site):
    answer = await call(scene.world.mother.id, path(scene), {"as": "visitor"})
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"ticket", "url", "whip", "whep", "expires_at"}
    assert body["url"] == "ws://127.0.0.1:8080/ws/call"
    for door in ("whip", "whep"):
        assert body[door] == f"http://127.0.0.1:8080/{door}/{scene.visit_id}"
    ticket = read(body["ticket"], site.key)
    assert (ticket.role, ticket.expires_at) == ("visitor", scene.start + ENTRY)


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("officer", "inmate", 200),
        ("officer", "supervisor", 200),
        ("officer", "visitor", 403),
        ("mother", "inmate", 403),
        ("mother", "supervisor", 403),
        ("outsider", "visitor", 404),
        ("other_officer", "supervisor", 404),
        ("officer", "judge", 422),
    ],
)
async def test_each_role_has_its_status(scene, call, who, role, status):
    answer = await call(getattr(scene, who).person_id, path(scene), {"as": role})
    assert answer.status_code == status


async def test_too_early_says_when(scene, call, site):
    site.now = lambda: scene.start - 31 * MINUTE
    answer = await call(scene.world.mother.id, path(scene), {"as": "visitor"})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/not-yet-open"
    assert answer.json()["opens_at"] == (scene.start - 30 * MINUTE).isoformat()


async def test_nobody_enters_without_signing_in(scene, client):
    answer = await client.post(f"/api/v1{path(scene)}", json={"as": "visitor"})
    assert answer.status_code == 401


async def test_without_a_worker_the_answer_is_503(scene, call, site):
    site.now = lambda: scene.start + MINUTE
    answer = await call(scene.world.mother.id, path(scene), {"as": "visitor"})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/no-worker")


@pytest.fixture
async def resume(scene, call, site) -> str:
    """The mother's resume token."""
    first = await call(scene.world.mother.id, path(scene), {"as": "visitor"})
    ticket = read(first.json()["ticket"], site.key)
    return mint(ticket.to_resume(scene.start, scene.end + 10 * MINUTE), site.key)


async def report_soon(database: Database, worker: Worker, at: datetime) -> None:
    await asyncio.sleep(0.3)
    async with database.transaction() as session:
        await workers.report(session, worker, Load(), at)


async def test_a_resume_token_is_traded_without_signing_in(scene, client, site, database, resume):
    """The worker of the call still lives: it says so when it is asked."""
    address = f"/api/v1/sessions/{scene.visit_id}/resume"
    alive = asyncio.create_task(report_soon(database, WORKER, scene.start + SECOND))
    answer = await client.post(address, headers={"Authorization": f"Bearer {resume}"})
    await alive
    assert answer.status_code == 200
    ticket = read(answer.json()["ticket"], site.key)
    assert (ticket.purpose, ticket.audience) == (Purpose.JOIN, WORKER.id)
    assert (await client.post(address)).status_code == 401
    wrong = await client.post(address, headers={"Authorization": "Bearer nonsense"})
    assert (wrong.status_code, wrong.json()["type"]) == (401, "/problems/ticket-forged")


async def test_a_worker_that_does_not_answer_is_left_though_its_lease_runs(
    scene, client, site, database, resume
):
    other = Worker("w-other", "ws://other/ws/call", 8082)
    async with database.transaction() as session:
        await workers.report(session, other, Load(), scene.start)
    address = f"/api/v1/sessions/{scene.visit_id}/resume"
    answer = await client.post(address, headers={"Authorization": f"Bearer {resume}"})
    assert (answer.status_code, answer.json()["url"]) == (200, other.url)
    assert read(answer.json()["ticket"], site.key).audience == other.id
    async with database.transaction() as session:
        left = await queries.worker(session, WORKER.id)
        told = (await session.scalars(select(OutboxRow))).all()
    assert left is not None
    assert left.lease_until <= scene.start
    moved = [row.payload for row in told if row.payload.get("event") == "moved"]
    assert [event["channel"] for event in moved] == [f"call:{scene.visit_id}"]


async def pair(database, scene, client, unit_id, keeper):
    async with database.transaction() as session:
        code = await devices.make_code(session, keeper, unit_id, scene.start)
        _, credential = await devices.pair(session, code, "TV", scene.start)
    client.cookies.set(COOKIE, credential)


@pytest.mark.parametrize("kind", ["room", "booth"])
async def test_a_device_learns_what_comes_next_and_enters(scene, client, database, kind, site):
    async with database.transaction() as session:
        scene.session = session
        visit = await scene.visit()
        unit_id = visit.room_id if kind == "room" else visit.booth_id
    keeper = scene.world.manager if kind == "room" else scene.officer
    role = "visitor" if kind == "room" else "inmate"
    await pair(database, scene, client, unit_id, keeper)
    shown = (await client.get("/api/v1/device/next")).json()["next"]
    assert (shown["id"], shown["role"], shown["ready"], shown["problem"]) == (
        str(scene.visit_id),
        role,
        True,
        None,
    )
    headers = {"X-Asks-As": "device"}
    answer = await client.post(f"/api/v1{path(scene)}", json={"as": role}, headers=headers)
    assert read(answer.json()["ticket"], site.key).role == role
    assert shown["taken"] is False
    async with database.transaction() as session:
        scene.session = session
        await scene.arrive(role, scene.start)
    assert (await client.get("/api/v1/device/next")).json()["next"]["taken"] is True
    async with database.transaction() as session:  # by itself, which has lost it since
        await session.execute(
            update(Attendance).values(device_id=select(Device.id).scalar_subquery())
        )
    assert (await client.get("/api/v1/device/next")).json()["next"]["taken"] is False
    site.now = lambda: scene.end + timedelta(minutes=11)
    assert (await client.get("/api/v1/device/next")).json()["next"] is None


async def test_a_room_waits_for_the_desk(scene, client, database):
    async with database.transaction() as session:
        scene.session = session
        await scene.change(checked_in_at=None)
        visit = await scene.visit()
    await pair(database, scene, client, visit.room_id, scene.world.manager)
    shown = (await client.get("/api/v1/device/next")).json()["next"]
    assert (shown["ready"], shown["problem"]) == (False, "not-checked-in")


async def test_an_unknown_device_learns_nothing(client):
    client.cookies.set(COOKIE, "nobody")
    answer = await client.get("/api/v1/device/next")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/device-unknown")


async def test_who_takes_tickets_without_end_is_told_to_wait(scene, call, monkeypatch):
    monkeypatch.setattr(api, "TICKETS", replace(api.TICKETS, most=2))
    wish = path(scene), {"as": "supervisor"}
    answers = [await call(scene.officer.person_id, *wish) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 0
    assert (await call(scene.world.mother.id, path(scene), {"as": "visitor"})).status_code == 200
