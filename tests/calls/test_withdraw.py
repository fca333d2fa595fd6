from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from remote_court.audit import AuditEntry
from remote_court.calls import arrivals, devices, plan, queries, resume, sweeps, withdraw
from remote_court.calls.admit import admit
from remote_court.calls.arrivals import Arrival
from remote_court.calls.models import CallStatus, Device
from remote_court.clock import local
from remote_court.outbox import OutboxRow
from remote_court.people import (
    AccountStatus,
    Actor,
    Grant,
    Role,
    SanaAccount,
    grant,
    open_staff_account,
)
from remote_court.tickets import TicketRevoked, mint
from remote_court.visits import ban_entry, inmate_moves, mandate_entry, name_interpreter
from remote_court.visits.ban_entry import Draft
from remote_court.visits.bans import BanKind
from remote_court.visits.cancel import cancel
from remote_court.visits.models import VisitKind, VisitVisitor
from remote_court.visits.permits import Mandate
from tests.calls.scene import MINUTE, SECOND, make_scene
from tests.visits.stage import rules_of

KEY = b"key of the court"
OPERATOR = frozenset({(Role.OPERATOR, None)})
withdraw.follow_rights()


async def entry(scene, asker, role, at=None) -> str:
    """Somebody is let in; the entry by which."""
    at = at or scene.start
    await scene.work(at)
    made = await admit(scene.session, asker, role, scene.visit_id, at)
    arrival = Arrival(scene.visit_id, int(made.ticket.person_id), role, f"c-{made.ticket.entry}")
    await arrivals.arrived(scene.session, arrival, int(made.ticket.entry), at)
    return made.ticket.entry


async def withdrawn(scene, at=None) -> frozenset[str]:
    """What the call's worker is told."""
    standing = await plan.look(scene.session, scene.visit_id, at or scene.start + MINUTE)
    assert standing is not None
    return standing.withdrawn


async def told(scene) -> set[str]:
    rows = await scene.session.scalars(
        select(OutboxRow.payload).where(OutboxRow.payload["event"].as_string() == "look")
    )
    return {row["channel"] for row in rows}


@pytest.fixture
async def operator(scene):
    return Actor((await scene.world.person()).id, "", grants=OPERATOR)


async def test_a_device_whose_pairing_is_withdrawn_leaves_the_call_and_nobody_else_does(scene):
    device = await scene.booth_device()
    booth = await entry(scene, device, "inmate")
    mother = await entry(scene, scene.mother, "visitor")
    await devices.revoke(scene.session, scene.officer, device.id, scene.start + MINUTE)
    assert await withdrawn(scene) == {booth}
    assert await told(scene) == {f"call:{scene.visit_id}"}
    again = await entry(scene, await scene.booth_device(), "inmate", scene.start + MINUTE)
    assert await withdrawn(scene) == {booth}
    assert {again, mother}.isdisjoint(await withdrawn(scene))
    line = (
        await scene.session.scalars(
            select(AuditEntry).where(AuditEntry.act == "call.entry_withdrawn")
        )
    ).one()
    assert line.detail == {"person_id": scene.world.inmate.id, "entry": int(booth)}
    assert line.actor_id == scene.officer.person_id


async def test_the_record_names_the_device_of_an_attendance(scene):
    device = await scene.booth_device()
    await entry(scene, device, "inmate")
    row = (await queries.attendance(scene.session, scene.visit_id))[0]
    assert row.device_id == device.id


async def test_an_officer_whose_role_is_taken_back_takes_along_what_they_opened(scene, operator):
    entries = {await entry(scene, scene.officer, role) for role in ("inmate", "supervisor")}
    mother = await entry(scene, scene.mother, "visitor")
    given = await scene.session.scalar(
        select(Grant).where(
            Grant.person_id == scene.officer.person_id, Grant.role == Role.PRISON_OFFICER
        )
    )
    await grant.revoke(scene.session, operator, given.id, scene.start + MINUTE)
    assert await withdrawn(scene) == entries
    assert mother not in entries


async def test_a_role_at_another_place_puts_nobody_out(scene, operator):
    await entry(scene, scene.officer, "supervisor")
    other = Grant(
        person_id=scene.officer.person_id,
        role=Role.OFFICE_CLERK,
        place_id=scene.world.office.id,
        granted_at=scene.start,
    )
    scene.session.add(other)
    await scene.session.flush()
    await grant.revoke(scene.session, operator, other.id, scene.start + MINUTE)
    assert await withdrawn(scene) == frozenset()
    assert await told(scene) == set()


async def test_a_suspended_account_leaves_its_calls_at_once(scene, operator):
    watching = await entry(scene, scene.officer, "supervisor")
    await open_staff_account.suspend(
        scene.session, operator, scene.officer.person_id, scene.start + MINUTE
    )
    assert await withdrawn(scene) == {watching}
    assert await queries.actor(scene.session, scene.officer.person_id) is None


async def test_a_ticket_on_its_way_is_void_where_its_bearers_right_is_gone_meanwhile(scene):
    await scene.work(scene.start)
    made = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    suspended = update(SanaAccount).where(SanaAccount.person_id == scene.world.mother.id)
    await scene.session.execute(suspended.values(status=AccountStatus.SUSPENDED))
    arrival = Arrival(scene.visit_id, scene.world.mother.id, "visitor", "c1")
    with pytest.raises(TicketRevoked):
        await arrivals.arrived(scene.session, arrival, int(made.ticket.entry), scene.start)
    assert await queries.attendance(scene.session, scene.visit_id) == []


async def ban(scene, visitor_id=None):
    now = scene.start + MINUTE
    day = local(now).date()
    draft = Draft(
        BanKind.JUDICIAL, "۱۲۳", day, ends_on=day + timedelta(days=9), visitor_id=visitor_id
    )
    rule = await rules_of(scene.world, now)
    inmate = scene.world.inmate.id
    return await ban_entry.enter(scene.session, scene.officer, inmate, draft, now=now, policy=rule)


async def in_progress(scene, *others):
    """A visit under way; the entries of its sides."""
    for other in others:
        seen = {"sighted_at": scene.start, "adult": True}
        scene.session.add(VisitVisitor(visit_id=scene.visit_id, person_id=other.id, **seen))
    await scene.session.flush()
    inmate = await entry(scene, await scene.booth_device(), "inmate")
    return inmate, await entry(scene, scene.mother, "visitor")


async def test_a_ban_on_the_only_visitor_ends_the_visit_that_is_under_way(scene):
    await in_progress(scene)
    entered = await ban(scene)
    assert entered.cancelled == []
    call = await scene.call()
    assert (call.status, call.reason) == (CallStatus.CLOSED, "rights_ended")
    assert (await scene.told()).status == "completed"


async def test_a_release_ends_the_visit_that_is_under_way_by_the_officers_act(scene):
    await in_progress(scene)
    now = scene.start + 2 * MINUTE
    inmate = scene.world.inmate.id
    gone = await inmate_moves.release(scene.session, scene.officer, inmate, "پایان", now=now)
    assert gone == []
    call = await scene.call()
    assert (call.status, call.reason) == (CallStatus.CLOSED, "rights_ended")
    assert (await scene.told()).status == "completed"
    (act,) = await queries.acts(scene.session, scene.visit_id)
    assert (act.verb, act.person_id, act.at) == ("end", scene.officer.person_id, now)
    there = await queries.attendance(scene.session, scene.visit_id)
    assert {row.left_reason for row in there} == {"ended"}


async def test_a_ban_on_one_of_two_puts_that_one_out_and_the_visit_goes_on(scene):
    sister = await scene.world.person("سارا")
    _, mother = await in_progress(scene, sister)
    theirs = await entry(scene, scene.world.actor(sister), "visitor")
    await ban(scene, sister.id)
    assert await withdrawn(scene) == {theirs}
    assert (await scene.call()).status is CallStatus.LIVE
    assert mother != theirs


async def test_the_rooms_device_speaks_for_who_may_still_visit(scene):
    sister = await scene.world.person("سارا")
    room = await scene.room_device()
    first = await entry(scene, room, "visitor")
    await in_progress(scene, sister)
    await ban(scene, scene.world.mother.id)
    assert first in await withdrawn(scene)
    later = scene.start + 2 * MINUTE
    await scene.work(later)
    again = await admit(scene.session, room, "visitor", scene.visit_id, later)
    assert again.ticket.person_id == str(sister.id)


async def test_a_ban_cancels_a_visit_whose_time_has_come_and_its_waiting_room_closes(scene):
    await entry(scene, scene.mother, "visitor")
    entered = await ban(scene)
    assert list(entered.cancelled) == [scene.visit_id]
    assert f"call:{scene.visit_id}" in await told(scene)
    await withdrawn(scene)
    call = await scene.call()
    assert (call.status, call.reason) == (CallStatus.CLOSED, "called_off")


async def test_a_visit_cancelled_at_the_desk_closes_its_waiting_room(scene):
    await entry(scene, scene.mother, "visitor")
    now = scene.start + MINUTE
    rule = await rules_of(scene.world, now)
    await cancel(scene.session, scene.world.clerk, scene.visit_id, "برق رفت", now, rule)
    assert await told(scene) == {f"call:{scene.visit_id}"}
    standing = await plan.look(scene.session, scene.visit_id, now)
    assert standing is not None
    assert (standing.status, standing.reason) == (CallStatus.CLOSED, "called_off")


async def test_an_ended_mandate_ends_the_lawyers_visit(session):
    scene = await make_scene(session, kind=VisitKind.LAWYER)
    mandate = Mandate(
        inmate_id=scene.world.inmate.id,
        lawyer_id=scene.lawyer.id,
        reference="۱",
        entered_by=scene.officer.person_id,
        entered_at=scene.start,
    )
    session.add(mandate)
    await session.flush()
    await entry(scene, await scene.booth_device(), "inmate")
    await entry(scene, scene.world.actor(scene.lawyer), "visitor")
    now = scene.start + MINUTE
    prison = scene.world.prison.id
    await mandate_entry.end(session, scene.officer, mandate.id, "استعفا", place_id=prison, now=now)
    assert (await scene.call()).reason == "rights_ended"


async def test_an_interpreter_who_is_replaced_goes(session):
    scene = await make_scene(session, needs_interpreter=True)
    first, second = await scene.world.person(), await scene.world.person("ندا")
    rule = scene.world.clerk
    await name_interpreter.name_interpreter(
        session, rule, scene.visit_id, first.national_id, scene.start
    )
    theirs = await entry(scene, Actor(first.id, ""), "interpreter")
    await name_interpreter.name_interpreter(
        session, rule, scene.visit_id, second.national_id, scene.start + SECOND
    )
    assert await withdrawn(scene) == {theirs}


async def trade(scene, shown, now):
    checked = resume.checked(shown, KEY, scene.visit_id, now)
    return await resume.trade(scene.session, checked, now)


async def test_a_withdrawn_entrys_resume_token_is_void_at_the_app_too(scene):
    device = await scene.booth_device()
    await scene.work(scene.start)
    made = await admit(scene.session, device, "inmate", scene.visit_id, scene.start)
    shown = mint(made.ticket.to_resume(scene.start, scene.end), KEY)
    assert await trade(scene, shown, scene.start)
    await devices.revoke(scene.session, scene.officer, device.id, scene.start + SECOND)
    with pytest.raises(TicketRevoked):
        await trade(scene, shown, scene.start + SECOND)


async def test_withdrawing_touches_no_call_that_is_over(scene):
    device = await scene.booth_device()
    await entry(scene, device, "inmate")
    call = await scene.call()
    call.status = CallStatus.CLOSED
    await scene.session.flush()
    assert await withdraw.of_device(scene.session, device.id, None, scene.end) == 0
    assert (await scene.session.get(Device, device.id)).revoked_at is None


async def test_entries_of_calls_long_over_are_forgotten(scene):
    await entry(scene, scene.mother, "visitor")
    await entry(scene, await scene.booth_device(), "inmate")
    await sweeps.close_due(scene.session, scene.end)
    assert await sweeps.forget_entries(scene.session, scene.end + sweeps.LOOK_BACK) == 0
    later = scene.end + sweeps.LOOK_BACK + MINUTE
    assert await sweeps.forget_entries(scene.session, later) == 2
    assert await sweeps.forget_entries(scene.session, later) == 0
