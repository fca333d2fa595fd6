from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from remote_court.calls.kinds import rules_for
from remote_court.calls.models import Call, CallStatus
from remote_court.calls.plan import plan
from remote_court.calls.prepare import prepare
from remote_court.calls.refusals import CallNotPlanned
from remote_court.errors import NotFound
from tests.calls.scene import MINUTE, make_scene


async def test_several_who_prepare_at_once_make_one_call(database):
    async with database.transaction() as session:
        scene = await make_scene(session)

    async def one() -> CallStatus:
        async with database.transaction() as session:
            return (await prepare(session, scene.visit_id)).call.status

    found = await asyncio.gather(*(one() for _ in range(8)))
    assert set(found) == {CallStatus.WAITING}
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Call)) == 1


async def test_the_plan_holds_what_a_room_must_know(scene):
    made = await plan(scene.session, scene.visit_id)
    assert (made.frame.kind, made.frame.required) == ("family", {"visitor", "inmate"})
    assert (made.standing.status, made.standing.revision) == (CallStatus.WAITING, 0)
    assert made.frame.latest_end == scene.start + 30 * MINUTE
    assert made.frame.headcount == 1 + 2 + 3
    assert set(made.frame.slots) == {"visitor", "inmate", "supervisor", "interpreter"}


async def test_a_cancelled_visit_has_no_plan(scene):
    await plan(scene.session, scene.visit_id)
    await scene.set_status("cancelled")
    with pytest.raises(CallNotPlanned):
        await plan(scene.session, scene.visit_id)


def test_a_kind_nobody_registered_has_no_calls():
    with pytest.raises(NotFound):
        rules_for("block")
