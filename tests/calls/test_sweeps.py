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


OTHER = Worker("w-other", "ws://other/ws/call", 8082)


async def lost(scene) -> set[tuple[str | None, object]]:
    rows = await scene.session.scalars(select(Attendance).execution_options(populate_existing=True))
    return {(row.left_reason, row.left_at) for row in rows.all()}


async def test_who_was_on_a_dead_worker_is_lost_since_its_last_sign_of_life(scene):
    await scene.work(scene.start)
    await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    await scene.open(scene.start)
    for second in (2, 4, 6):
        await scene.work(scene.start + second * SECOND)
    for second in range(0, 22, 2):
        await scene.work(scene.start + second * SECOND, OTHER)
    dead = scene.start + 6 * SECOND + LEASE
    assert await sweeps.lose_connections(scene.session, dead - SECOND) == 0
    assert await sweeps.lose_connections(scene.session, dead) == 2
    assert await lost(scene) == {("worker_lost", scene.start + 6 * SECOND)}


async def test_a_worker_whose_end_was_noted_loses_its_people_at_once(scene):
    await scene.work(scene.start)
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    await scene.open(scene.start)
    died = scene.start + 3 * SECOND
    await workers.retire(scene.session, entry.ticket.audience, died)
    assert await sweeps.lose_connections(scene.session, died + SECOND) == 2
    assert await lost(scene) == {("worker_lost", died)}


async def test_a_database_that_was_away_loses_nobody(scene):
    """Every lease has run out by then: who reports first must not make the others look dead."""
    await scene.work(scene.start)
    await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    await scene.open(scene.start)
    await scene.work(scene.start, OTHER)
    back = scene.start + LEASE + 15 * SECOND
    await scene.work(back, OTHER)
    assert await sweeps.lose_connections(scene.session, back + SECOND) == 0
    await scene.work(back + 2 * SECOND)
    assert await sweeps.lose_connections(scene.session, back + 10 * SECOND) == 0


async def test_one_that_is_silent_when_the_others_have_long_reported_is_dead(scene):
    await scene.work(scene.start)
    await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    await scene.open(scene.start)
    back = scene.start + LEASE + 15 * SECOND
    for second in (0, 2, 4, 6):
        await scene.work(back + second * SECOND, OTHER)
    assert await sweeps.lose_connections(scene.session, back + 6 * SECOND) == 2


async def test_a_dead_worker_is_forgotten_after_a_while(scene):
    await scene.work(scene.start)
    await sweeps.lose_connections(scene.session, scene.start + 2 * 60 * MINUTE)
    assert (await scene.session.scalars(select(MediaWorker))).all() == []


async def test_a_retired_worker_carries_nothing(scene):
    await scene.work(scene.start)
    await scene.work(scene.start, OTHER)
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    await workers.retire(scene.session, entry.ticket.audience, scene.start)
    again = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    assert again.ticket.audience != entry.ticket.audience
