from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.calls import devices, queries, sweeps
from remote_court.calls.admit import admit
from remote_court.calls.devices import CODE_LIFE
from remote_court.calls.models import Device, PairingCode
from remote_court.calls.refusals import DeviceUnknown, NotYetOpen, PairingRefused
from remote_court.errors import Forbidden, Invalid, NotFound
from tests.calls.scene import MINUTE, SECOND


async def paired(scene, actor=None, unit=None):
    actor, unit = actor or scene.world.manager, unit or scene.world.rooms[0]
    code = await devices.make_code(scene.session, actor, unit.id, scene.start)
    return await devices.pair(scene.session, code, "تلویزیون اتاق", scene.start)


async def test_a_code_pairs_one_device_once(scene):
    code = await devices.make_code(
        scene.session, scene.world.manager, scene.world.rooms[0].id, scene.start
    )
    device, credential = await devices.pair(scene.session, code, " اتاق  ۱ ", scene.start)
    assert (device.unit_id, device.label) == (scene.world.rooms[0].id, "اتاق ۱")
    assert (await devices.recognise(scene.session, credential, scene.start)).id == device.id
    with pytest.raises(PairingRefused):
        await devices.pair(scene.session, code, "دیگری", scene.start)


async def test_a_code_is_typed_as_people_type(scene):
    code = await devices.make_code(
        scene.session, scene.world.manager, scene.world.rooms[0].id, scene.start
    )
    typed = f" {code[:4].lower()}-{code[4:]} ".replace("0", "o").replace("1", "l")
    assert await devices.pair(scene.session, typed, "اتاق", scene.start)


async def test_a_code_has_its_time(scene):
    code = await devices.make_code(
        scene.session, scene.world.manager, scene.world.rooms[0].id, scene.start
    )
    with pytest.raises(PairingRefused):
        await devices.pair(scene.session, code, "اتاق", scene.start + CODE_LIFE)


async def test_neither_code_nor_credential_is_kept(scene):
    code = await devices.make_code(
        scene.session, scene.world.manager, scene.world.rooms[0].id, scene.start
    )
    _, credential = await devices.pair(scene.session, code, "اتاق", scene.start)
    kept = (await scene.session.scalars(select(PairingCode))).one()
    device = (await scene.session.scalars(select(Device))).one()
    assert code.encode() not in kept.code_hash
    assert credential.encode() not in device.credential_hash


@pytest.mark.parametrize("label", ["", "  ", "x" * 61])
async def test_a_device_has_a_label(scene, label):
    with pytest.raises(Invalid):
        await devices.pair(scene.session, "ABCD2345", label, scene.start)


@pytest.mark.parametrize(
    ("who", "unit", "refusal"),
    [
        ("manager", "room", None),
        ("officer", "booth", None),
        ("officer", "room", Forbidden),
        ("manager", "booth", Forbidden),
        ("clerk", "room", Forbidden),
        ("mother", "room", Forbidden),
        ("other_officer", "booth", NotFound),
    ],
)
async def test_managers_pair_rooms_and_officers_pair_booths_of_their_own_place(
    scene, who, unit, refusal
):
    actor = getattr(scene.world, who) if who in {"manager", "clerk"} else getattr(scene, who)
    place = scene.world.rooms[0] if unit == "room" else scene.world.booths[0]
    if refusal is None:
        device, _ = await paired(scene, actor, place)
        listed = await queries.devices_of(scene.session, place.id)
        assert [line.id for line in listed] == [device.id]
        assert await devices.revoke(scene.session, actor, device.id, scene.start)
        return
    with pytest.raises(refusal):
        await devices.make_code(scene.session, actor, place.id, scene.start)


async def test_a_withdrawn_device_is_unknown(scene):
    device, credential = await paired(scene)
    with pytest.raises(Forbidden):
        await devices.revoke(scene.session, scene.officer, device.id, scene.start)
    await devices.revoke(scene.session, scene.world.manager, device.id, scene.start)
    with pytest.raises(DeviceUnknown):
        await devices.recognise(scene.session, credential, scene.start)
    with pytest.raises(NotFound):
        await devices.revoke(scene.session, scene.world.manager, device.id, scene.start)
    acts = await scene.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id))
    assert list(acts) == ["device.code_made", "device.paired", "device.revoked"]


async def test_a_device_gets_tickets_for_its_own_unit_in_its_window_only(scene):
    await scene.work(scene.start - 31 * MINUTE)
    visit = await scene.visit()
    mine = next(u for u in scene.world.rooms if u.id == visit.room_id)
    other = next(u for u in scene.world.rooms if u.id != visit.room_id)
    for unit, allowed in ((mine, True), (other, False)):
        _, credential = await paired(scene, unit=unit)
        device = await devices.recognise(scene.session, credential, scene.start)
        await scene.work(scene.start)
        if not allowed:
            with pytest.raises(NotFound):
                await admit(scene.session, device, "visitor", scene.visit_id, scene.start)
            continue
        early = scene.start - 30 * MINUTE - SECOND
        with pytest.raises(NotYetOpen):
            await admit(scene.session, device, "visitor", scene.visit_id, early)
        assert await admit(scene.session, device, "visitor", scene.visit_id, scene.start)


async def test_a_device_knows_what_comes_next_on_its_unit(scene):
    device = await scene.booth_device()
    found = await devices.next_session(scene.session, device, scene.start - 60 * MINUTE)
    assert found is not None
    assert found.id == scene.visit_id
    await scene.arrive("visitor", scene.start - MINUTE)
    await scene.set_status("displaced")
    await sweeps.call_off_due(scene.session, scene.start - MINUTE)
    await scene.set_status("booked")
    found = await devices.next_session(scene.session, device, scene.start)
    assert found is not None
    assert found.id == scene.visit_id
    assert await devices.next_session(scene.session, device, scene.end) is None
