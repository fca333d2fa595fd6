"""The watchdog, the seal and the end of recordings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court import clock
from remote_court.audit import AuditEntry
from remote_court.calls import queries, recording, recording_sweeps, supervise
from remote_court.calls.models import Recording
from remote_court.calls.recording import Told
from remote_court.recording import files
from remote_court.recording.keys import MasterKey, SigningKey, new_secret
from remote_court.recording.part import Part
from remote_court.recording.verify import verify
from tests.calls.scene import MINUTE, SECOND, Scene
from tests.calls.test_recording import allow, order, rows, stop

MASTER, SIGNING = MasterKey.read(new_secret()), SigningKey.read(new_secret())


async def running(scene: Scene) -> Recording:
    await allow(scene)
    await scene.open(scene.start)
    await order(scene)
    return (await rows(scene))[-1]


async def tell(scene: Scene, row: Recording, at, *, failing=False, trouble="") -> None:
    told = Told(
        session_id=scene.visit_id,
        recording_id=row.id,
        octets=1,
        lost_packets=0,
        failing=failing,
        trouble=trouble,
    )
    await recording.told(scene.session, told, at)


async def watch(scene: Scene, at) -> tuple[int, float]:
    changed = await recording_sweeps.watch(scene.session, at)
    return changed, recording_sweeps.ALARMS._value.get()


async def lines(scene: Scene) -> list[str]:
    verbs = await scene.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id))
    return [verb for verb in verbs if "recording_" in verb]


async def test_a_recording_of_which_no_worker_tells_raises_the_alarm_and_a_word_ends_it(
    scene, caplog
):
    row = await running(scene)
    at = row.started_at
    assert await watch(scene, at + 10 * SECOND) == (0, 0)
    assert await watch(scene, at + 16 * SECOND) == (1, 1)
    assert await watch(scene, at + 20 * SECOND) == (0, 1)
    assert [r.id for r in await queries.recordings_in_alarm(scene.session)] == [row.id]
    assert f"recording {row.id} is not being written: no word of it" in caplog.text
    await tell(scene, row, at + 21 * SECOND)
    assert await watch(scene, at + 22 * SECOND) == (1, 0)
    assert await queries.recordings_in_alarm(scene.session) == []
    assert await lines(scene) == ["call.recording_failing", "call.recording_recovered"]


async def test_what_a_worker_says_of_trouble_is_an_alarm_only_while_the_call_is_live(scene):
    row = await running(scene)
    at = row.started_at
    await tell(scene, row, at + SECOND, failing=True, trouble="No space left on device")
    assert await watch(scene, at + SECOND) == (1, 1)
    await supervise.pause(scene.session, scene.officer, scene.visit_id, "x", at + 2 * SECOND)
    assert await watch(scene, at + 2 * SECOND) == (1, 0)
    await stop(scene)
    assert await watch(scene, at + 3 * SECOND) == (0, 0)


async def test_nobody_is_missed_in_an_empty_call(scene):
    row = await running(scene)
    await scene.leave("visitor", row.started_at)
    await scene.leave("inmate", row.started_at)
    assert await watch(scene, row.started_at + MINUTE) == (0, 0)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recordings"


def part_of(folder, row: Recording, suffix: str) -> Part:
    return Part(
        folder / str(row.session_id) / f"{row.id}-{suffix}",
        recording=str(row.id),
        session=str(row.session_id),
        master=MASTER,
        now=clock.now(),
    )


async def test_what_was_cut_off_is_signed_and_a_stopped_recording_settled(scene, folder):
    row = await running(scene)
    seal = recording_sweeps.sealer(folder, SIGNING)
    part_of(folder, row, "0000").abandon()
    living = part_of(folder, row, "0001")
    assert await seal(scene.session, row.started_at) == 1
    assert await seal(scene.session, row.started_at) == 0
    assert row.sealed_at is None
    await stop(scene)
    await scene.session.refresh(row)
    assert await seal(scene.session, row.stopped_at) == 0
    living.close(SIGNING, clock.now())
    assert await seal(scene.session, row.stopped_at) == 1
    assert row.sealed_at == row.stopped_at
    verdicts = [
        verify(part, SIGNING.public)
        for part in files.parts(folder, str(row.session_id), str(row.id))
    ]
    assert [v.findings for v in verdicts] == [(), ()]
    assert {v.cut_off for v in verdicts} == {True, False}
    assert row.octets > 0


async def test_a_recording_that_never_began_is_settled_after_a_while(scene, folder):
    row = await running(scene)
    await stop(scene)
    await scene.session.refresh(row)
    seal = recording_sweeps.sealer(folder, SIGNING)
    assert await seal(scene.session, row.stopped_at + MINUTE) == 0
    assert await seal(scene.session, row.stopped_at + timedelta(hours=2)) == 1


async def test_a_recording_is_deleted_when_its_time_is_over_and_not_before(scene, folder):
    row = await running(scene)
    part_of(folder, row, "0000").close(SIGNING, clock.now())
    await stop(scene)
    await recording_sweeps.sealer(folder, SIGNING)(scene.session, scene.start + 5 * MINUTE)
    forget = recording_sweeps.forgetter(folder)
    elsewhere = recording_sweeps.forgetter(folder / "another disk")
    assert await elsewhere(scene.session, row.keep_until) == 0
    assert await forget(scene.session, row.keep_until - SECOND) == 0
    assert files.every_part(folder)
    assert await forget(scene.session, row.keep_until) == 1
    assert await forget(scene.session, row.keep_until) == 0
    assert row.deleted_at == row.keep_until
    assert list(folder.iterdir()) == []
    assert await lines(scene) == ["call.recording_deleted"]
