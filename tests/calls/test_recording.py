"""A recording is ordered by who may, announced, stopped, written down; never a lawyer's talk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.calls import recording, supervise
from remote_court.calls.models import Recording, SupervisionAct
from remote_court.calls.plan import plan
from remote_court.calls.recording import Told
from remote_court.calls.refusals import (
    AlreadyRecorded,
    CallOver,
    NotRecorded,
    ReasonNeeded,
    RecordingNotSetUp,
)
from remote_court.clock import local
from remote_court.errors import Forbidden, NotFound, RuleRefused
from remote_court.outbox import OutboxRow
from remote_court.policy import Amendment, Citation, amend
from remote_court.visits.in_call import ON_ORDER
from remote_court.visits.models import VisitKind
from tests.calls.scene import MINUTE, Scene, make_scene

RULE = "visit.monitor.electronic"


async def allow(scene: Scene) -> None:
    """Headquarters let visits be recorded from today on."""
    said = Citation("بخشنامه ۴۵", "Circular 45")
    change = Amendment(RULE, ON_ORDER, local(scene.start).date(), said)
    await amend(scene.session, change, scene.start, entered_by=None)


def order(scene, actor=None, reason="دستور مقام قضایی", at=None, *, ready=True):
    return recording.order(
        scene.session,
        actor or scene.officer,
        scene.visit_id,
        reason,
        at or scene.start + MINUTE,
        ready=ready,
    )


def stop(scene, actor=None, at=None):
    return recording.stop(
        scene.session, actor or scene.officer, scene.visit_id, at or scene.start + 3 * MINUTE
    )


async def rows(scene) -> list[Recording]:
    return list(await scene.session.scalars(select(Recording).order_by(Recording.id)))


async def test_a_visit_is_not_recorded_unless_policy_says_otherwise(scene):
    await scene.open(scene.start)
    with pytest.raises(RuleRefused) as refused:
        await order(scene)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.citation) == ("recording-not-allowed", RULE)
    assert await rows(scene) == []
    assert "record" not in (await plan(scene.session, scene.visit_id)).frame.verbs["supervisor"]


@pytest.mark.parametrize(
    ("kind", "code", "citation"),
    [
        (VisitKind.LAWYER, "recording-never-with-a-lawyer", "visit.monitor.lawyer"),
        (VisitKind.CONSULAR, "recording-never-with-a-consul", "visit.foreign.consular"),
    ],
)
async def test_a_lawyer_s_or_consul_s_talk_is_never_recorded_whatever_policy_says(
    session, kind, code, citation
):
    scene = await make_scene(session, kind=kind)
    await allow(scene)
    await scene.open(scene.start)
    with pytest.raises(RuleRefused) as refused:
        await order(scene)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.citation) == (code, citation)
    assert await rows(scene) == []
    assert "record" not in (await plan(session, scene.visit_id)).frame.verbs["supervisor"]


async def test_an_order_is_a_row_a_state_a_line_of_the_record_and_news_for_the_room(scene):
    await allow(scene)
    await scene.open(scene.start)
    before = (await scene.call()).revision
    standing = await order(scene, reason="  دستور\nقاضی ")
    (row,) = await rows(scene)
    assert standing.recording_id == row.id
    assert standing.revision == before + 1
    assert (row.reason, row.ordered_by, row.role) == (
        "دستور قاضی",
        scene.officer.person_id,
        "prison_officer",
    )
    assert row.keep_until == row.started_at + timedelta(days=180)
    assert "record" in (await plan(scene.session, scene.visit_id)).frame.verbs["supervisor"]
    news = (await scene.session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
    assert any(n.payload.get("revision") == standing.revision for n in news)
    with pytest.raises(AlreadyRecorded):
        await order(scene)

    stopped = await stop(scene)
    assert stopped.recording_id is None
    assert stopped.revision == before + 2
    (row,) = await rows(scene)
    assert (row.stopped_at, row.stopped_by) == (
        scene.start + 3 * MINUTE,
        scene.officer.person_id,
    )
    with pytest.raises(NotRecorded):
        await stop(scene)
    acts = (await scene.session.scalars(select(SupervisionAct).order_by(SupervisionAct.id))).all()
    assert [(a.verb, a.reason) for a in acts] == [
        ("record", "دستور قاضی"),
        ("stop_recording", None),
    ]
    lines = (await scene.session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    written = [e for e in lines if e.act in {"call.record", "call.stop_recording"}]
    assert [e.detail["recording_id"] for e in written] == [row.id, row.id]
    assert [e.actor_id for e in written] == [scene.officer.person_id] * 2


async def test_who_may_not_is_refused_and_so_is_an_order_without_a_reason_or_a_recorder(scene):
    await allow(scene)
    await scene.open(scene.start)
    for actor, refusal in (
        (scene.mother, Forbidden),
        (scene.other_officer, NotFound),
        (scene.outsider, Forbidden),
    ):
        with pytest.raises((refusal, NotFound, Forbidden)):
            await order(scene, actor)
        with pytest.raises((refusal, NotFound, Forbidden)):
            await stop(scene, actor)
    with pytest.raises(ReasonNeeded):
        await order(scene, reason="  ")
    with pytest.raises(RecordingNotSetUp):
        await order(scene, ready=False)
    with pytest.raises(CallOver):
        await order(scene, at=scene.end + MINUTE)
    assert await rows(scene) == []


async def test_a_recording_ends_with_its_call_and_another_may_follow_before(scene):
    await allow(scene)
    await scene.open(scene.start)
    await order(scene)
    await stop(scene)
    again = await order(scene, at=scene.start + 4 * MINUTE)
    at = scene.start + 5 * MINUTE
    await supervise.end(scene.session, scene.officer, scene.visit_id, "پایان", at)
    assert (await scene.call()).recording_id is None
    first, second = await rows(scene)
    assert second.id == again.recording_id != first.id
    assert (second.stopped_at, second.stopped_by) == (at, None)


async def test_a_worker_tells_of_a_running_recording_only(scene):
    await allow(scene)
    await scene.open(scene.start)
    standing = await order(scene)
    told = Told(
        session_id=scene.visit_id,
        recording_id=standing.recording_id,
        octets=5_000_000_000,
        lost_packets=3,
        failing=True,
        trouble="No space left on device",
    )
    await recording.told(scene.session, told, scene.start + 2 * MINUTE)
    (row,) = await rows(scene)
    await scene.session.refresh(row)
    assert (row.octets, row.lost_packets, row.failing, row.trouble) == (
        5_000_000_000,
        3,
        True,
        "No space left on device",
    )
    await stop(scene)
    await recording.told(scene.session, told, scene.start + 9 * MINUTE)
    await scene.session.refresh(row)
    assert not row.failing
    assert row.told_at == scene.start + 2 * MINUTE
