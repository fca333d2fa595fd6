from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.calls import arrivals, queries, sweeps, workers
from remote_court.calls.admit import admit
from remote_court.calls.arrivals import Arrival
from remote_court.calls.models import Attendance, MediaWorker
from remote_court.calls.prepare import prepare
from remote_court.calls.refusals import CallElsewhere, NoWorker, WorkerUnknown
from remote_court.calls.workers import FORGET, LEASE, Load, State, Worker, since, state
from tests.calls.scene import MINUTE, SECOND

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
    await workers.drain(scene.session, "w-1", scene.start)
    assert await place(scene, scene.start) == "w-1"
    (await scene.call()).worker_id = None
    with pytest.raises(NoWorker):
        await place(scene, scene.start)


async def test_a_call_in_which_nobody_is_does_not_wait_for_a_drained_worker(scene):
    await scene.work(scene.start, ONE)
    await place(scene, scene.start)
    await scene.arrive("visitor", scene.start)
    await scene.work(scene.start, TWO)
    await workers.drain(scene.session, "w-1", scene.start)
    assert await place(scene, scene.start) == "w-1"
    await scene.leave("visitor", scene.start + SECOND)
    assert await place(scene, scene.start + SECOND) == "w-2"
    assert await place(scene, scene.start + SECOND) == "w-2"


async def test_at_the_limit_talks_go_on_elsewhere_if_there_is_an_elsewhere(scene):
    limit = scene.start + 5 * MINUTE
    await scene.work(scene.start, ONE)
    await place(scene, scene.start)
    await scene.open(scene.start)
    await workers.drain(scene.session, "w-1", scene.start, by=limit)
    people = Load(peers=2)
    for now in (limit - SECOND, limit):
        assert not await workers.report(scene.session, ONE, people, now)
        assert await sweeps.move_off(scene.session, now) == 0
    assert (await scene.call()).worker_id == "w-1"
    await scene.work(limit - SECOND, TWO)
    assert await sweeps.move_off(scene.session, limit - SECOND) == 0
    assert await sweeps.move_off(scene.session, limit) == 1
    assert await sweeps.move_off(scene.session, limit) == 0
    assert (await scene.call()).worker_id == "w-2"
    rows = (await scene.session.scalars(select(Attendance))).all()
    assert [row.left_at for row in rows] == [None, None], "the worker itself says who left"
    assert await workers.report(scene.session, ONE, people, limit), "they only try a line"


async def test_a_call_moves_when_its_worker_is_gone(scene):
    await scene.work(scene.start, ONE)
    assert await place(scene, scene.start) == "w-1"
    later = scene.start + LEASE + SECOND
    await scene.work(later, TWO)
    assert await place(scene, later) == "w-2"
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, later)
    assert entry.url == TWO.url


async def test_a_worker_whose_core_is_full_comes_last(scene):
    await workers.report(scene.session, ONE, Load(cpu_share=0.95), scene.start)
    await workers.report(scene.session, TWO, Load(peers=20, packets_per_s=900), scene.start)
    assert await place(scene, scene.start) == "w-2"


async def test_whose_worker_does_not_answer_is_moved_and_its_people_are_lost(scene):
    await scene.work(scene.start, ONE)
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    ticket = entry.ticket
    await scene.open(scene.start)
    await scene.work(scene.start + 2 * SECOND, ONE)
    await scene.work(scene.start + 2 * SECOND, TWO)
    call = await scene.call()
    now = scene.start + 3 * SECOND
    assert (await workers.place(scene.session, call, now, {"w-1"})).id == "w-2"
    rows = (await scene.session.scalars(select(Attendance))).all()
    told = {(row.left_reason, row.left_at) for row in rows}
    assert told == {("worker_lost", scene.start + 2 * SECOND)}
    late = Arrival(scene.visit_id, scene.world.mother.id, "visitor", "c-late", "w-1")
    with pytest.raises(CallElsewhere):
        await arrivals.arrived(scene.session, late, int(ticket.entry), now)


async def test_a_call_whose_only_worker_does_not_answer_stays_where_it_is(scene):
    await scene.work(scene.start, ONE)
    await place(scene, scene.start)
    call = await scene.call()
    with pytest.raises(NoWorker):
        await workers.place(scene.session, call, scene.start, {"w-1"})
    assert call.worker_id == "w-1"


async def test_draining_is_undone_and_an_unknown_worker_is_said_so(scene):
    await scene.work(scene.start, ONE)
    await workers.drain(scene.session, "w-1", scene.start)
    assert await workers.report(scene.session, ONE, Load(), scene.start + SECOND)
    await workers.drain(scene.session, "w-1", scene.start, draining=False)
    assert not await workers.report(scene.session, ONE, Load(), scene.start + 2 * SECOND)
    with pytest.raises(WorkerUnknown):
        await workers.drain(scene.session, "w-none", scene.start)


async def states(scene, now):
    found = await queries.workers(scene.session, now)
    return {worker.id: (state(worker, now), since(worker, now)) for worker in found}


async def test_a_worker_is_running_draining_stopped_or_lost_since_a_moment(scene):
    start = scene.start
    for one in ("w-run", "w-drain", "w-stop", "w-lost"):
        await scene.work(start, Worker(one, f"ws://{one}/ws/call", 8081))
    await workers.drain(scene.session, "w-drain", start + SECOND)
    await workers.drain(scene.session, "w-drain", start + 2 * SECOND)
    await workers.retire(scene.session, "w-stop", start + 3 * SECOND)
    later = start + LEASE + SECOND
    for one in ("w-run", "w-drain"):
        await scene.work(later, Worker(one, f"ws://{one}/ws/call", 8081))
    assert await states(scene, later) == {
        "w-run": (State.RUNNING, start),
        "w-drain": (State.DRAINING, start + SECOND),
        "w-stop": (State.STOPPED, start + 3 * SECOND),
        "w-lost": (State.LOST, start + LEASE),
    }


async def test_workers_gone_for_long_are_neither_listed_nor_kept(scene):
    await scene.work(scene.start, ONE)
    await scene.work(scene.start + FORGET, TWO)
    last = scene.start + LEASE + FORGET
    assert set(await states(scene, last)) == {"w-1", "w-2"}
    assert set(await states(scene, last + SECOND)) == {"w-2"}
    await workers.forget(scene.session, last + SECOND)
    assert list(await scene.session.scalars(select(MediaWorker.id))) == ["w-2"]
