from __future__ import annotations

import pytest

from remote_court.calls import workers
from remote_court.calls.admit import admit
from remote_court.calls.prepare import prepare
from remote_court.calls.refusals import NoWorker
from remote_court.calls.workers import LEASE, Worker
from tests.calls.scene import SECOND

ONE, TWO = Worker("w-1", "ws://one/ws/call", 8081), Worker("w-2", "ws://two/ws/call", 8082)


async def place(scene, now):
    call = (await prepare(scene.session, scene.visit_id)).call
    return (await workers.place(scene.session, call, now)).id


async def test_the_least_loaded_living_worker_is_chosen_and_kept(scene):
    await scene.work(scene.start, ONE, peers=9)
    await scene.work(scene.start, TWO, peers=2)
    assert await place(scene, scene.start) == "w-2"
    await scene.work(scene.start, TWO, peers=90)
    assert await place(scene, scene.start) == "w-2"


async def test_a_draining_worker_keeps_its_calls_and_gets_no_new_ones(scene):
    await scene.work(scene.start, ONE)
    assert await place(scene, scene.start) == "w-1"
    await workers.drain(scene.session, "w-1")
    assert await place(scene, scene.start) == "w-1"
    (await scene.call()).worker_id = None
    with pytest.raises(NoWorker):
        await place(scene, scene.start)


async def test_a_call_moves_when_its_worker_is_gone(scene):
    await scene.work(scene.start, ONE)
    assert await place(scene, scene.start) == "w-1"
    later = scene.start + LEASE + SECOND
    await scene.work(later, TWO)
    assert await place(scene, later) == "w-2"
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, later)
    assert entry.url == TWO.url
