"""Calls through the whole stack: database, API, signalling, packets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select
from websockets.asyncio.client import connect

from remote_court import clock, policy
from remote_court.calls import devices, supervise
from remote_court.calls.kinds import Asker
from remote_court.calls.models import Attendance, Recording
from remote_court.calls.recording_sweeps import sealer
from remote_court.calls.resume import checked, trade
from remote_court.db import Database
from remote_court.demo.participant import Participant
from remote_court.demo.picture import Drawing
from remote_court.people import Actor
from remote_court.recording import files
from remote_court.recording.verify import verify
from remote_court.scheduling.models import Session
from remote_court.server.calls.recorders import keys_of
from remote_court.tickets import TicketRevoked
from remote_court.visits.cancel import cancel
from remote_court.visits.in_call import ON_ORDER
from remote_court.visits.models import VisitKind
from tests.calls.scene import Scene, make_scene
from tests.calls.stack import Stack, serving

pytestmark = pytest.mark.alone


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    async with serving(database, tmp_path) as made:
        yield made


async def scene_now(database: Database, kind: VisitKind = VisitKind.FAMILY) -> Scene:
    async with database.transaction() as session:
        return await make_scene(
            session, kind=kind, start=clock.now().replace(microsecond=0) - timedelta(seconds=5)
        )


@asynccontextmanager
async def present(
    stack: Stack, actor: Asker, role: str, session_id: int, *, sends: bool = True
) -> AsyncIterator[Participant]:
    """Somebody in the call for as long as the context lasts."""
    url, ticket = await stack.ticket(actor, role, session_id)
    them = Participant(url, ticket, pairs=2, pictures=Drawing() if sends else None, sound=sends)
    running = asyncio.create_task(them.run())
    try:
        yield them
    finally:
        if "closed" in them.messages:
            await asyncio.wait([running], timeout=5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def visitor(scene: Scene) -> Actor:
    return scene.world.actor(scene.lawyer) if scene.lawyer else scene.mother


@pytest.mark.parametrize("kind", list(VisitKind))
async def test_a_supervisor_sees_both_and_hears_all_but_a_lawyer(stack, database, kind):
    scene = await scene_now(database, kind)
    async with AsyncExitStack() as hall:
        people = [
            await hall.enter_async_context(present(stack, actor, role, scene.visit_id, sends=sends))
            for actor, role, sends in (
                (visitor(scene), "visitor", True),
                (scene.officer, "inmate", True),
                (scene.officer, "supervisor", False),
            )
        ]
        for talker in people[:2]:
            await talker.until(
                lambda p: p.counts.kinds["audio"] > 20 and p.counts.kinds["video"] > 20, 20
            )
        watcher = people[2]
        await watcher.until(lambda p: p.counts.kinds["video"] > 20, 20)
        if kind is not VisitKind.LAWYER:
            await watcher.until(lambda p: p.counts.kinds["audio"] > 20, 20)
        else:
            await asyncio.sleep(1)
            assert watcher.counts.kinds["audio"] == 0


async def test_a_pause_and_an_end_from_a_page_reach_the_room_and_the_record(stack, database):
    scene = await scene_now(database)
    async with (
        present(stack, scene.mother, "visitor", scene.visit_id) as mother,
        present(stack, scene.officer, "inmate", scene.visit_id) as son,
    ):
        await mother.until(lambda p: p.state == "live", 15)
        async with database.transaction() as session:
            await supervise.pause(session, scene.officer, scene.visit_id, "نظم", clock.now())
        for them in (mother, son):
            await them.until(lambda p: p.state == "paused", 5)
        assert mother.messages["state"]["state"]["reason"] == "نظم"
        async with database.transaction() as session:
            await supervise.end(session, scene.officer, scene.visit_id, "پایان", clock.now())
        for them in (mother, son):
            await them.until(lambda p: "closed" in p.messages, 5)
        assert mother.messages["closed"]["detail"] == "پایان"
    async with database.transaction() as session:
        told = await session.get(Session, scene.visit_id)
        assert told is not None
        assert told.status == "completed"
        rows = (await session.scalars(select(Attendance))).all()
        assert {(r.role, r.left_reason) for r in rows} == {
            ("visitor", "ended"),
            ("inmate", "ended"),
        }


async def test_a_withdrawn_device_is_put_out_at_once_and_its_tokens_are_void(stack, database):
    scene = await scene_now(database)
    async with database.transaction() as session:
        scene.session = session
        booth = await scene.booth_device()
    async with (
        present(stack, scene.mother, "visitor", scene.visit_id) as mother,
        present(stack, booth, "inmate", scene.visit_id) as son,
    ):
        await mother.until(lambda p: p.counts.kinds["audio"] > 5, 15)
        async with database.transaction() as session:
            await devices.revoke(session, scene.officer, booth.id, clock.now())
        began = clock.monotonic()
        await son.until(lambda p: "closed" in p.messages, 5)
        assert clock.monotonic() - began < 2
        assert son.messages["closed"]["reason"] == "expelled"
        await mother.until(lambda p: p.messages.get("people", {}).get("people") == [], 5)
        assert mother.state == "live"
        token = son.messages["joined"]["resume"]
        async with connect(son.url) as socket:
            await socket.send(json.dumps({"type": "join", "resume": token, "sdp": "v=0"}))
            refused = json.loads(await socket.recv())
        assert refused["problem"]["code"] == "ticket-revoked"
        async with database.transaction() as session:
            shown = checked(token, stack.site.key, scene.visit_id, clock.now())
            with pytest.raises(TicketRevoked):
                await trade(session, shown, clock.now())


async def test_a_cancelled_visits_waiting_room_closes_at_once(stack, database):
    scene = await scene_now(database)
    async with present(stack, scene.mother, "visitor", scene.visit_id) as mother:
        await mother.until(lambda p: p.state == "waiting", 15)
        async with database.transaction() as session:
            rule = await policy.current(session, clock.local(clock.now()).date())
            clerk = scene.world.clerk
            await cancel(session, clerk, scene.visit_id, "برق رفت", clock.now(), rule)
        await mother.until(lambda p: "closed" in p.messages, 5)
        assert mother.messages["closed"]["detail"] == "called_off"


async def test_a_recording_is_ordered_in_the_room_told_to_all_and_ends_with_the_call(
    stack, database
):
    scene = await scene_now(database)
    async with database.transaction() as session:
        said = policy.Citation("بخشنامه", "Circular")
        change = policy.Amendment("visit.monitor.electronic", ON_ORDER, clock.today(), said)
        await policy.amend(session, change, clock.now(), entered_by=None)
    async with (
        present(stack, scene.mother, "visitor", scene.visit_id) as mother,
        present(stack, scene.officer, "inmate", scene.visit_id) as son,
        present(stack, scene.officer, "supervisor", scene.visit_id, sends=False) as officer,
    ):
        await mother.until(lambda p: p.counts.kinds["video"] > 20, 20)
        await officer.until(lambda p: "joined" in p.messages, 10)
        assert "record" in officer.messages["joined"]["verbs"]
        assert "record" not in mother.messages["joined"]["verbs"]
        await mother.say({"type": "record", "reason": "x"})
        await mother.until(lambda p: "error" in p.messages, 5)
        assert mother.messages["error"]["problem"]["code"] == "forbidden"
        await officer.say({"type": "record", "reason": "دستور قاضی"})
        for them in (mother, son, officer):
            await them.until(lambda p: p.messages.get("recording", {}).get("on", False), 5)
        await asyncio.sleep(3)
        async with database.transaction() as session:
            await supervise.end(session, scene.officer, scene.visit_id, "پایان", clock.now())
        await mother.until(lambda p: "closed" in p.messages, 5)
    settings = stack.site.settings
    _, signing = keys_of(settings)
    async with asyncio.timeout(5):
        while files.unsigned(settings.recordings):  # noqa: ASYNC110 - files have no event
            await asyncio.sleep(0.05)
    (part,) = files.every_part(settings.recordings)
    verdict = verify(part, signing.public)
    assert verdict.good
    assert not verdict.cut_off
    assert verdict.octets > 20_000
    async with database.transaction() as session:
        assert await sealer(settings.recordings, signing)(session, clock.now()) == 1
        row = (await session.scalars(select(Recording))).one()
        assert (row.stopped_at is not None, row.sealed_at is not None) == (True, True)


async def test_a_supervisor_asks_in_the_room_and_a_visitor_may_not(stack, database):
    scene = await scene_now(database)
    async with (
        present(stack, scene.mother, "visitor", scene.visit_id) as mother,
        present(stack, scene.officer, "inmate", scene.visit_id),
        present(stack, scene.officer, "supervisor", scene.visit_id, sends=False) as officer,
    ):
        await officer.until(lambda p: p.state == "live", 15)
        await mother.say({"type": "pause", "reason": "x"})
        await mother.until(lambda p: "error" in p.messages, 5)
        assert mother.messages["error"]["problem"]["code"] == "forbidden"
        await officer.say({"type": "pause", "reason": "نظم"})
        await mother.until(lambda p: p.state == "paused", 5)
        await officer.say({"type": "resume"})
        await mother.until(lambda p: p.state == "live", 5)
        await officer.say({"type": "extend", "minutes": 5})
        await mother.until(lambda p: "resume" in p.messages, 5)
