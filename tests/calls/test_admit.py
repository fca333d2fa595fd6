from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.calls.admit import admit
from remote_court.calls.kinds import PairedDevice
from remote_court.calls.models import CallStatus
from remote_court.calls.refusals import (
    CallNotPlanned,
    CallOver,
    NotCheckedIn,
    NotYetOpen,
    NoWorker,
)
from remote_court.errors import Forbidden, NotFound, RuleRefused
from remote_court.tickets import ENTRY, Purpose
from remote_court.visits.models import VisitKind, VisitVisitor
from remote_court.visits.status import Status
from tests.calls.scene import MINUTE, SECOND, make_scene

ROLES = ("visitor", "inmate", "supervisor", "interpreter")
LETS_IN = {
    "mother": {"visitor"},
    "room_device": {"visitor"},
    "booth_device": {"inmate"},
    "officer": {"inmate", "supervisor"},
    "interpreter": {"interpreter"},
}
HIDDEN_FROM = {"outsider", "other_officer", "other_device"}
ASKERS = [*LETS_IN, "clerk", *sorted(HIDDEN_FROM)]


async def who(scene, asker):
    match asker:
        case "mother" | "officer" | "outsider" | "other_officer":
            return getattr(scene, asker)
        case "room_device" | "booth_device":
            return await getattr(scene, asker)()
        case "other_device":
            return PairedDevice(3, scene.world.rooms[0].id + 5_000)
        case "clerk":
            return scene.world.clerk
        case _:
            person = await scene.world.person("مترجم", "رسمی")
            await scene.change(interpreter_id=person.id)
            return scene.world.actor(person)


@pytest.mark.parametrize(("asker", "role"), list(itertools.product(ASKERS, ROLES)))
async def test_each_asker_enters_in_exactly_their_roles(scene, asker, role):
    await scene.work(scene.start)
    them = await who(scene, asker)
    if role in LETS_IN.get(asker, ()):
        entry = await admit(scene.session, them, role, scene.visit_id, scene.start)
        assert (entry.ticket.role, entry.ticket.audience) == (role, "w-test")
        return
    with pytest.raises(NotFound if asker in HIDDEN_FROM else Forbidden):
        await admit(scene.session, them, role, scene.visit_id, scene.start)


@pytest.mark.parametrize("role", ["visitor", "inmate", "supervisor"])
@pytest.mark.parametrize(
    ("offset", "refusal"),
    [
        (timedelta(minutes=-30, seconds=-1), NotYetOpen),
        (timedelta(minutes=-30), None),
        (timedelta(minutes=-1), None),
        (timedelta(0), None),
        (timedelta(minutes=20, seconds=-1), None),
        (timedelta(minutes=20), CallOver),
        (timedelta(hours=5), CallOver),
    ],
)
async def test_the_entrance_opens_thirty_minutes_before_and_closes_with_the_call(
    scene, role, offset, refusal
):
    now = scene.start + offset
    await scene.work(now)
    asker = scene.mother if role == "visitor" else scene.officer
    if refusal is None:
        assert (await admit(scene.session, asker, role, scene.visit_id, now)).ticket
        return
    with pytest.raises(refusal):
        await admit(scene.session, asker, role, scene.visit_id, now)


@pytest.mark.parametrize("status", list(Status))
async def test_only_a_confirmed_visit_has_a_call(scene, status):
    await scene.set_status(status)
    await scene.work(scene.start)
    if status in {Status.BOOKED, Status.IN_PROGRESS}:
        assert await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
        return
    with pytest.raises(CallNotPlanned):
        await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)


@pytest.mark.parametrize("status", list(CallStatus))
async def test_one_enters_a_call_in_every_state_but_closed(scene, status):
    await scene.work(scene.start)
    await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    (await scene.call()).status = status
    if status is CallStatus.CLOSED:
        with pytest.raises(CallOver):
            await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    else:
        assert await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)


async def test_a_ticket_says_who_as_what_where_and_for_five_minutes(scene):
    await scene.work(scene.start)
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    ticket = entry.ticket
    assert (ticket.session_id, ticket.person_id) == (
        str(scene.visit_id),
        str(scene.world.mother.id),
    )
    assert (ticket.name, ticket.label) == (scene.world.mother.name, scene.world.office.name_fa)
    assert (ticket.purpose, ticket.expires_at) == (Purpose.JOIN, scene.start + ENTRY)
    assert entry.url == "ws://127.0.0.1:8080/ws/call"


async def test_an_officer_who_opens_for_the_inmate_enters_as_the_inmate_and_is_recorded(scene):
    await scene.work(scene.start)
    entry = await admit(scene.session, scene.officer, "inmate", scene.visit_id, scene.start)
    assert entry.ticket.person_id == str(scene.world.inmate.id)
    line = (await scene.session.scalars(select(AuditEntry))).one()
    assert (line.act, line.actor_id, line.role) == (
        "call.admitted",
        scene.officer.person_id,
        "inmate",
    )


async def test_families_do_not_learn_which_officer_watches(scene):
    await scene.work(scene.start)
    entry = await admit(scene.session, scene.officer, "supervisor", scene.visit_id, scene.start)
    assert scene.officer.name not in (entry.ticket.name, entry.ticket.label)


@pytest.mark.parametrize("asker", ["mother", "room_device"])
async def test_visitors_go_to_the_desk_first(scene, asker):
    await scene.work(scene.start)
    await scene.change(checked_in_at=None)
    with pytest.raises(NotCheckedIn):
        await admit(scene.session, await who(scene, asker), "visitor", scene.visit_id, scene.start)
    assert await admit(scene.session, scene.officer, "inmate", scene.visit_id, scene.start)


async def test_who_comes_to_a_cancelled_visit_is_not_sent_to_the_desk(scene):
    await scene.work(scene.start)
    await scene.change(checked_in_at=None)
    (await scene.told()).status = "cancelled"
    with pytest.raises(CallNotPlanned):
        await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)


@pytest.mark.parametrize("role", ["visitor", "inmate"])
async def test_without_a_needed_interpreter_nobody_enters_to_talk(session, role):
    scene = await make_scene(session, needs_interpreter=True)
    await scene.work(scene.start)
    asker = scene.mother if role == "visitor" else scene.officer
    with pytest.raises(RuleRefused) as refused:
        await admit(session, asker, role, scene.visit_id, scene.start)
    assert [r.citation for r in refused.value.reasons] == [
        "visit.foreign.interpreter_unless_persian"
    ]


async def test_the_room_speaks_for_an_adult_when_who_booked_is_no_visitor(scene):
    await scene.work(scene.start)
    aunt = await scene.world.person("شهلا", "کریمی")
    scene.session.add(VisitVisitor(visit_id=scene.visit_id, person_id=aunt.id, adult=True))
    await scene.change(booked_for=scene.outsider.person_id)
    device = await scene.room_device()
    entry = await admit(scene.session, device, "visitor", scene.visit_id, scene.start)
    assert entry.ticket.person_id == str(scene.world.mother.id)


async def test_a_lawyer_enters_as_the_visitor(session):
    scene = await make_scene(session, kind=VisitKind.LAWYER)
    await scene.work(scene.start)
    lawyer = scene.world.actor(scene.lawyer)
    assert await admit(session, lawyer, "visitor", scene.visit_id, scene.start)


async def test_without_a_worker_nobody_enters(scene):
    await scene.work(scene.start - MINUTE)
    with pytest.raises(NoWorker):
        await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)


async def test_a_moved_visit_takes_its_waiting_call_along(scene):
    await scene.work(scene.start)
    await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start - MINUTE)
    told = await scene.told()
    told.starts_at, told.ends_at = scene.start + 30 * MINUTE, scene.end + 30 * MINUTE
    await scene.session.flush()
    with pytest.raises(NotYetOpen):
        await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start - SECOND)
    call = await scene.call()
    assert (call.starts_at, call.revision) == (scene.start + 30 * MINUTE, 1)


async def test_an_unknown_session_is_not_found(scene):
    with pytest.raises(NotFound):
        await admit(scene.session, scene.mother, "visitor", scene.visit_id + 1, scene.start)


async def test_who_was_not_seen_at_the_desk_waits_though_another_was_received(scene):
    await scene.work(scene.start)
    aunt = await scene.world.person("شهلا", "کریمی")
    scene.session.add(VisitVisitor(visit_id=scene.visit_id, person_id=aunt.id, adult=True))
    await scene.session.flush()
    with pytest.raises(NotCheckedIn):
        await admit(scene.session, scene.world.actor(aunt), "visitor", scene.visit_id, scene.start)
    assert await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
