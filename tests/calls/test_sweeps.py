from __future__ import annotations

from sqlalchemy import select

from remote_court.calls import sweeps, workers
from remote_court.calls.admit import admit
from remote_court.calls.models import Attendance, CallStatus, MediaWorker
from remote_court.calls.workers import LEASE, Worker
from tests.calls.scene import MINUTE, SECOND


async def test_a_call_is_made_when_its_time_has_come_and_once(scene):
    assert await sweeps.make_due(scene.session, scene.start - SECOND) == 0
    assert await sweeps.make_due(scene.session, scene.start) == 1
    assert await sweeps.make_due(scene.session, scene.start) == 0
    assert (await scene.call()).status is CallStatus.WAITING


async def test_a_visit_missed_while_nobody_swept_is_still_closed(scene):
    late = scene.end + 60 * MINUTE
    await sweeps.make_due(scene.session, late)
    assert await sweeps.close_due(scene.session, late) == 1
    assert (await scene.told()).status == "no_show"


async def test_a_cancelled_visit_gets_no_call_and_loses_the_one_it_had(scene):
    await scene.arrive("visitor", scene.start - MINUTE)
    await scene.set_status("cancelled")
    assert await sweeps.make_due(scene.session, scene.start) == 0
    assert await sweeps.open_due(scene.session, scene.start) == 0
    assert await sweeps.close_due(scene.session, scene.end) == 0
    assert await sweeps.call_off_due(scene.session, scene.start) == 1
    assert await sweeps.call_off_due(scene.session, scene.start) == 0
    call = await scene.call()
    assert (call.status, call.reason) == (CallStatus.CLOSED, "called_off")
    assert (await scene.told()).status == "cancelled"


async def test_a_call_that_was_called_off_waits_again_when_its_visit_has_another_place(scene):
    await scene.arrive("visitor", scene.start - MINUTE)
    await scene.set_status("displaced")
    assert await sweeps.call_off_due(scene.session, scene.start - MINUTE) == 1
    await scene.set_status("booked")
    assert await sweeps.make_due(scene.session, scene.start) == 1
    call = await scene.call()
    assert (call.status, call.reason, call.closed_at) == (CallStatus.WAITING, None, None)


async def test_who_was_on_a_dead_worker_is_noted_as_lost(scene):
    await scene.work(scene.start)
    await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    await scene.open(scene.start)
    assert await sweeps.lose_connections(scene.session, scene.start + LEASE - SECOND) == 0
    assert await sweeps.lose_connections(scene.session, scene.start + LEASE) == 2
    rows = (await scene.session.scalars(select(Attendance))).all()
    assert {r.left_reason for r in rows} == {"lost"}


async def test_a_dead_worker_is_forgotten_after_a_while(scene):
    await scene.work(scene.start)
    await sweeps.lose_connections(scene.session, scene.start + 2 * 60 * MINUTE)
    assert (await scene.session.scalars(select(MediaWorker))).all() == []


async def test_a_retired_worker_carries_nothing(scene):
    await scene.work(scene.start)
    await scene.work(scene.start, Worker("w-other", "ws://other/ws/call", 8082))
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    await workers.retire(scene.session, entry.ticket.audience, scene.start)
    again = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    assert again.ticket.audience != entry.ticket.audience
