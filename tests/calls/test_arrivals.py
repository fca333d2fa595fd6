from __future__ import annotations

import itertools

import pytest
from sqlalchemy import func, select

from remote_court.calls import arrivals, sweeps
from remote_court.calls.models import Attendance, CallStatus
from remote_court.calls.refusals import CallOver
from remote_court.outbox import OutboxRow
from tests.calls.scene import MINUTE, SECOND, make_scene


async def count(scene) -> int:
    return await scene.session.scalar(select(func.count()).select_from(Attendance))


async def channels(scene) -> list[str]:
    rows = await scene.session.scalars(select(OutboxRow.payload))
    return [f"{r['channel'].split(':')[0]} {r['event']}" for r in rows]


@pytest.mark.parametrize("order", list(itertools.permutations(("visitor", "inmate", "supervisor"))))
async def test_the_call_opens_when_both_sides_are_in_whoever_comes_first(scene, order):
    for at, role in enumerate(order):
        standing = await scene.arrive(role, scene.start + at * SECOND)
        both = {"visitor", "inmate"} <= set(order[: at + 1])
        assert standing.status is (CallStatus.LIVE if both else CallStatus.WAITING)
    assert (await scene.told()).status == "in_progress"
    last = max(order.index("visitor"), order.index("inmate"))
    assert (await scene.visit()).opened_at == scene.start + last * SECOND


async def test_an_arrival_told_twice_is_one_arrival(scene):
    for _ in range(3):
        await scene.arrive("visitor", scene.start)
    assert await count(scene) == 1


async def test_a_connection_that_left_does_not_come_back_by_an_old_message(scene):
    await scene.arrive("visitor", scene.start)
    assert await scene.leave("visitor", scene.start + SECOND)
    assert not await scene.leave("visitor", scene.start + 2 * SECOND)
    await scene.arrive("visitor", scene.start + 3 * SECOND)
    await scene.arrive("inmate", scene.start + 4 * SECOND)
    assert (await scene.call()).status is CallStatus.WAITING


async def test_one_person_may_have_two_connections_in_a_row(scene):
    await scene.arrive("visitor", scene.start, "c1")
    await scene.arrive("visitor", scene.start + SECOND, "c2")
    await scene.leave("visitor", scene.start + SECOND, "displaced", "c1")
    assert await count(scene) == 2
    assert (await scene.arrive("inmate", scene.start + MINUTE)).status is CallStatus.LIVE


async def test_who_comes_early_waits_for_the_time(scene):
    early = scene.start - 10 * MINUTE
    assert (await scene.open(early)).status is CallStatus.WAITING
    assert await sweeps.open_due(scene.session, scene.start - SECOND) == 0
    assert await sweeps.open_due(scene.session, scene.start) == 1
    assert await sweeps.open_due(scene.session, scene.start) == 0
    call = await scene.call()
    assert (call.status, call.opened_at, call.ends_at) == (
        CallStatus.LIVE,
        scene.start,
        scene.end,
    )


@pytest.mark.parametrize(("late", "ends"), [(0, 20), (3, 23), (10, 30), (15, 30), (19, 30)])
async def test_a_late_opening_runs_on_as_long_as_the_places_are_reserved(scene, late, ends):
    standing = await scene.open(scene.start + late * MINUTE)
    assert standing.ends_at == scene.start + ends * MINUTE


async def test_a_visit_that_needs_an_interpreter_waits_for_them(session):
    scene = await make_scene(session, needs_interpreter=True)
    await scene.change(interpreter_id=(await scene.world.person()).id)
    assert (await scene.open(scene.start)).status is CallStatus.WAITING
    assert (await scene.arrive("interpreter", scene.start)).status is CallStatus.LIVE


async def test_nobody_arrives_at_a_closed_call(scene):
    await scene.open(scene.start)
    await sweeps.close_due(scene.session, scene.end)
    with pytest.raises(CallOver):
        await scene.arrive("visitor", scene.end, "c9")


async def test_boards_and_the_worker_are_told(scene):
    await scene.arrive("visitor", scene.start)
    assert sorted(await channels(scene)) == ["office call", "prison call", "visit call"]
    await scene.arrive("inmate", scene.start)
    assert "call state" in await channels(scene)


async def test_the_latest_figures_of_a_line_are_kept(scene):
    await scene.arrive("visitor", scene.start)
    for rtt in (80.0, 20.0):
        await arrivals.measured(
            scene.session, scene.visit_id, scene.world.mother.id, {"rtt_ms": rtt}
        )
    row = (await scene.session.scalars(select(Attendance))).one()
    await scene.session.refresh(row)
    assert row.statistics == {"rtt_ms": 20.0}
