from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.calls import plan, queries, supervise
from remote_court.calls.models import CallStatus, SupervisionAct
from remote_court.calls.refusals import CallOver, ReasonNeeded
from remote_court.errors import Forbidden, Invalid, NotFound, RuleRefused, WrongState
from remote_court.outbox import OutboxRow
from tests.calls.scene import MINUTE, SECOND


def pause(scene, actor=None, reason="نظم کابین", at=None):
    return supervise.pause(
        scene.session, actor or scene.officer, scene.visit_id, reason, at or scene.start + MINUTE
    )


def resume(scene, at):
    return supervise.resume(scene.session, scene.officer, scene.visit_id, at)


def extend(scene, minutes, at=None):
    return supervise.extend(
        scene.session, scene.officer, scene.visit_id, minutes, at or scene.start + MINUTE
    )


def end(scene, reason="درخواست خانواده", at=None):
    return supervise.end(
        scene.session, scene.officer, scene.visit_id, reason, at or scene.start + 12 * MINUTE
    )


async def test_a_pause_states_its_reason_and_is_counted(scene):
    await scene.open(scene.start)
    paused = await pause(scene, reason="  نظم\nکابین ")
    assert (paused.status, paused.reason) == (CallStatus.PAUSED, "نظم کابین")
    assert (await resume(scene, scene.start + 4 * MINUTE)).status is CallStatus.LIVE
    assert (await scene.call()).paused_seconds == 180


async def test_every_act_is_a_row_a_line_of_the_record_and_a_live_update(scene):
    await scene.open(scene.start)
    await pause(scene)
    await resume(scene, scene.start + 2 * MINUTE)
    await extend(scene, 3)
    await end(scene)
    rows = (await scene.session.scalars(select(SupervisionAct).order_by(SupervisionAct.id))).all()
    assert [(r.verb, r.reason, r.minutes) for r in rows] == [
        ("pause", "نظم کابین", None),
        ("resume", None, None),
        ("extend", None, 3),
        ("end", "درخواست خانواده", None),
    ]
    lines = (await scene.session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    mine = [(x.act, x.role, x.place_id) for x in lines if x.actor_id == scene.officer.person_id]
    assert mine == [
        (f"call.{verb}", "prison_officer", scene.world.prison.id)
        for verb in ("pause", "resume", "extend", "end")
    ]
    told = await scene.session.scalars(select(OutboxRow.payload))
    revisions = [p["revision"] for p in told if p["channel"] == f"call:{scene.visit_id}"]
    assert revisions == sorted(set(revisions))
    assert len(revisions) == 5


@pytest.mark.parametrize("who", ["mother", "outsider", "other_officer"])
async def test_only_officers_of_the_prison_supervise(scene, who):
    await scene.open(scene.start)
    with pytest.raises(NotFound if who == "other_officer" else Forbidden):
        await pause(scene, getattr(scene, who))


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
async def test_pausing_and_ending_need_a_reason(scene, reason):
    await scene.open(scene.start)
    with pytest.raises(ReasonNeeded):
        await pause(scene, reason=reason)
    with pytest.raises(ReasonNeeded):
        await end(scene, reason=reason)


async def test_what_is_not_running_is_not_paused_resumed_or_extended(scene):
    await scene.arrive("visitor", scene.start)
    for verb in (pause(scene), resume(scene, scene.start + MINUTE), extend(scene, 1)):
        with pytest.raises(WrongState):
            await verb


async def test_a_waiting_call_can_be_ended(scene):
    await scene.arrive("visitor", scene.start)
    assert (await end(scene)).status is CallStatus.CLOSED


async def test_an_extension_goes_as_far_as_policy_and_places_allow(scene):
    await scene.open(scene.start)
    assert (await extend(scene, 4)).ends_at == scene.end + 4 * MINUTE
    with pytest.raises(RuleRefused) as refused:
        await extend(scene, 7)
    (reason,) = refused.value.reasons
    assert (reason.citation, reason.values) == ("visit.extend_max_min", {"minutes": 6})
    assert (await extend(scene, 6)).ends_at == scene.end + 10 * MINUTE
    with pytest.raises(RuleRefused):
        await extend(scene, 1)


async def test_a_late_call_that_uses_the_places_to_their_end_cannot_be_extended(scene):
    await scene.open(scene.start + 10 * MINUTE)
    with pytest.raises(RuleRefused):
        await extend(scene, 1, scene.start + 11 * MINUTE)


@pytest.mark.parametrize("minutes", [0, -3])
async def test_an_extension_is_a_positive_number_of_minutes(scene, minutes):
    await scene.open(scene.start)
    with pytest.raises(Invalid):
        await extend(scene, minutes)


async def test_nothing_is_done_in_a_call_that_is_over(scene):
    await scene.open(scene.start)
    await end(scene)
    for verb in (pause(scene), extend(scene, 1), end(scene)):
        with pytest.raises(CallOver):
            await verb
    with pytest.raises(CallOver):
        await resume(scene, scene.end + SECOND)


async def test_asking_for_help_tells_both_places(scene):
    await scene.open(scene.start)
    await supervise.help_wanted(
        scene.session, scene.visit_id, scene.world.mother.id, "صدا", scene.start + MINUTE
    )
    told = await scene.session.scalars(select(OutboxRow.payload))
    helped = [p["channel"].split(":")[0] for p in told if p["event"] == "help"]
    assert sorted(helped) == ["office", "prison", "visit"]


async def test_a_microphone_is_switched_off_by_who_supervises_and_that_is_written_down(scene):
    await scene.open(scene.start)
    mother, at = scene.world.mother.id, scene.start + MINUTE

    async def mute(actor, person, *, muted=True):
        return await supervise.mute(
            scene.session, actor, scene.visit_id, person, muted=muted, now=at
        )

    await mute(scene.officer, mother)
    assert (await plan.plan(scene.session, scene.visit_id)).silenced == {mother}
    await mute(scene.officer, mother, muted=False)
    assert (await plan.plan(scene.session, scene.visit_id)).silenced == frozenset()
    rows = (await scene.session.scalars(select(SupervisionAct).order_by(SupervisionAct.id))).all()
    assert [r.verb for r in rows] == ["mute", "unmute"]
    lines = await scene.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    done = [(x.act, x.detail) for x in lines if x.actor_id == scene.officer.person_id]
    assert done == [("call.mute", {"whom": mother}), ("call.unmute", {"whom": mother})]
    with pytest.raises(Forbidden):
        await mute(scene.mother, mother)
    with pytest.raises(NotFound):
        await mute(scene.officer, scene.officer.person_id)


async def test_who_asks_for_help_again_within_seconds_is_heard_already(scene):
    await scene.open(scene.start)
    mother = scene.world.mother.id
    for seconds in (0, 1, 9, 10):
        at = scene.start + seconds * SECOND
        await supervise.help_wanted(scene.session, scene.visit_id, mother, "صدا", at)
    acts = await queries.acts(scene.session, scene.visit_id)
    assert [act.at - scene.start for act in acts] == [0 * SECOND, 10 * SECOND]
