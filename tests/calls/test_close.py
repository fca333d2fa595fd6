from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.calendars.week import Week
from remote_court.calls import supervise, sweeps
from remote_court.calls.models import Attendance, CallStatus
from remote_court.clock import local
from remote_court.visits.facts import Question, Span, load
from tests.calls.scene import MINUTE, SECOND


async def test_a_call_closes_by_itself_at_its_end(scene):
    await scene.open(scene.start)
    assert await sweeps.close_due(scene.session, scene.end - SECOND) == 0
    assert await sweeps.close_due(scene.session, scene.end + SECOND) == 1
    assert await sweeps.close_due(scene.session, scene.end + SECOND) == 0
    call, visit = await scene.call(), await scene.visit()
    assert (call.status, call.reason, call.closed_at) == (CallStatus.CLOSED, "time", scene.end)
    assert (await scene.told()).status == "completed"
    assert (visit.lost_seconds, visit.lost_reason) == (0, None)
    rows = (await scene.session.scalars(select(Attendance))).all()
    assert {(r.left_at, r.left_reason) for r in rows} == {(scene.end, "ended")}


async def test_minutes_lost_to_a_late_visitor_are_written_down(scene):
    await scene.arrive("inmate", scene.start)
    await scene.arrive("visitor", scene.start + 15 * MINUTE)
    await sweeps.close_due(scene.session, scene.start + 30 * MINUTE)
    visit = await scene.visit()
    assert (visit.lost_seconds, visit.lost_reason) == (300, "late_visitor")


async def test_a_broken_line_is_written_down(scene):
    await scene.open(scene.start)
    await scene.leave("visitor", scene.start + 5 * MINUTE, "lost")
    await scene.arrive("visitor", scene.start + 9 * MINUTE, "c2")
    await sweeps.close_due(scene.session, scene.end)
    visit = await scene.visit()
    assert (visit.lost_seconds, visit.lost_reason) == (240, "network")


async def test_a_pause_that_lasts_to_the_end_is_written_down(scene):
    await scene.open(scene.start)
    await supervise.pause(
        scene.session, scene.officer, scene.visit_id, "نظم", scene.start + 8 * MINUTE
    )
    await sweeps.close_due(scene.session, scene.end + MINUTE)
    visit = await scene.visit()
    assert (visit.lost_seconds, visit.lost_reason) == (720, "supervisor_pause")
    assert (await scene.call()).paused_seconds == 720


async def test_an_end_by_the_supervisor_is_written_down(scene):
    await scene.open(scene.start)
    await supervise.end(
        scene.session, scene.officer, scene.visit_id, "نظم", scene.start + 8 * MINUTE
    )
    visit = await scene.visit()
    assert (visit.lost_seconds, visit.lost_reason) == (720, "supervisor_end")
    assert (await scene.told()).status == "completed"
    assert (await scene.call()).reason == "نظم"


@pytest.mark.parametrize(
    ("came", "checked_in", "reason", "used"),
    [
        ((), False, "visitor_absent", True),
        (("inmate",), False, "visitor_absent", True),
        (("visitor",), True, "inmate_absent", False),
        ((), True, "inmate_absent", False),
        (("inmate",), True, "network", False),
    ],
)
async def test_a_call_that_never_opened_says_whose_absence_it_was(
    scene, came, checked_in, reason, used
):
    await scene.change(checked_in_at=scene.start if checked_in else None)
    assert await sweeps.make_due(scene.session, scene.start) == 1
    for role in came:
        await scene.arrive(role, scene.start)
    assert await sweeps.close_due(scene.session, scene.end) == 1
    visit = await scene.visit()
    assert (await scene.told()).status == "no_show"
    assert (visit.lost_reason, visit.counts_as_used) == (reason, used)


@pytest.mark.parametrize(("absent", "counted"), [("inmate", 0), ("visitor", 1)])
async def test_a_family_does_not_answer_for_an_absent_inmate(scene, absent, counted):
    if absent == "visitor":
        await scene.change(checked_in_at=None)
    await sweeps.make_due(scene.session, scene.start)
    await sweeps.close_due(scene.session, scene.end)
    day = local(scene.start).date()
    span = Span(day, Week.of(day).first, scene.end, timedelta(days=60))
    who = [scene.world.mother.id]
    asked = Question(inmate_id=scene.world.inmate.id, visitor_ids=who, span=span)
    known = await load(scene.session, asked)
    assert known is not None
    assert (known.used_by_inmate, len(known.visitors[0].no_shows)) == (counted, counted)
