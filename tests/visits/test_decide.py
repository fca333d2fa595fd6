from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.errors import NotFound, RuleRefused, WrongState
from remote_court.people import Role
from remote_court.visits.decide import Approval, RequestLapsed, approve, lapse_requests, reject
from remote_court.visits.entering import ReasonMissing, ReferenceNeeded
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.permits import Permit, PermitIssuer
from tests.visits.stage import (
    SUNDAY,
    acts,
    booked,
    channels,
    letters,
    places_of,
    rules_of,
    status_of,
    visit_of,
)
from tests.world import make_world

WARDEN = Approval(PermitIssuer.PRISON_WARDEN, "۱۲/۳۴")


@pytest.fixture
async def world(session):
    return await make_world(session)


@pytest.fixture
async def request_(world, noon):
    cousin = await world.relative(KinshipKind.COUSIN)
    return await booked(world, noon, cousin)


async def say_yes(world, noon, visit_id, approval=WARDEN, actor=None):
    return await approve(
        world.session,
        actor or world.officer,
        visit_id,
        approval,
        now=noon,
        policy=await rules_of(world, noon),
    )


async def test_an_approved_request_is_booked_permitted_and_told(world, noon, request_):
    places = await places_of(world, request_.id)
    await say_yes(world, noon, request_.id)
    assert await status_of(world, request_.id) == "booked"
    assert await places_of(world, request_.id) == places
    permit = (await world.session.scalars(select(Permit))).one()
    assert (permit.valid_from, permit.valid_to) == (SUNDAY, SUNDAY)
    assert permit.reference == "۱۲/۳۴"
    assert len(await letters(world, "approved")) == 1
    assert len(await letters(world, "reminder")) == 2
    assert {f"prison:{world.prison.id}", f"office:{world.office.id}"} <= await channels(world)
    assert [a.actor_id for a in await acts(world, "visit.approved")] == [world.officer.person_id]


async def test_a_rejected_request_frees_its_places_and_says_why(world, noon, request_):
    await reject(world.session, world.officer, request_.id, " خویشاوندی دور ", now=noon)
    assert await status_of(world, request_.id) == "rejected"
    assert await places_of(world, request_.id) == set()
    visit = await visit_of(world, request_.id)
    assert (visit.decision_reason, visit.counts_as_used) == ("خویشاوندی دور", False)
    (letter,) = await letters(world, "refused")
    assert letter["params"] == {"reason": "خویشاوندی دور", "appeal": True}


async def test_a_refusal_needs_a_reason_and_an_approval_a_document(world, noon, request_):
    with pytest.raises(ReasonMissing):
        await reject(world.session, world.officer, request_.id, " ", now=noon)
    with pytest.raises(ReferenceNeeded):
        await say_yes(world, noon, request_.id, Approval(PermitIssuer.PRISON_WARDEN, ""))


async def test_only_who_may_permit_approves(world, noon, request_):
    with pytest.raises(RuleRefused):
        await say_yes(world, noon, request_.id, Approval(PermitIssuer.HANDLING_JUDGE, "۱"))


async def test_only_an_officer_of_the_prison_decides(world, noon, request_):
    other = await world.staff(Role.PRISON_OFFICER, world.prison.id + 9_000)
    with pytest.raises(NotFound):
        await say_yes(world, noon, request_.id, actor=other)
    with pytest.raises(NotFound):
        await reject(world.session, other, request_.id, "نه", now=noon)


async def test_what_is_decided_is_decided(world, noon, request_):
    await say_yes(world, noon, request_.id)
    for again in (say_yes(world, noon, request_.id),):
        with pytest.raises(WrongState):
            await again
    with pytest.raises(WrongState):
        await reject(world.session, world.officer, request_.id, "نه", now=noon)


async def test_an_unanswered_request_lapses_and_cannot_be_decided_any_more(world, noon, request_):
    late = noon + timedelta(days=4)
    with pytest.raises(RequestLapsed):
        await say_yes(world, late, request_.id)
    assert await lapse_requests(world.session, noon) == 0
    assert await lapse_requests(world.session, late) == 1
    assert await lapse_requests(world.session, late) == 0
    assert await status_of(world, request_.id) == "lapsed"
    assert await places_of(world, request_.id) == set()
    assert [m["params"] for m in await letters(world, "lapsed")] == [{"unanswered": True}]


async def test_what_was_never_asked_is_not_decided(world, noon):
    held = await booked(world, noon, held=True)
    with pytest.raises(WrongState):
        await say_yes(world, noon, held.id)
    with pytest.raises(WrongState):
        await reject(world.session, world.officer, held.id, "نه", now=noon)
    assert await status_of(world, held.id) == "held"


async def test_a_request_whose_places_another_clock_gave_away_is_not_approved(
    world, noon, request_
):
    later = noon + timedelta(days=3)
    inmate = await world.another_inmate()
    for kin in range(2):
        other = inmate if kin == 0 else await world.another_inmate()
        mother = await world.relative(KinshipKind.MOTHER, inmate=other)
        await booked(world, later, mother, inmate_id=other.id)
    with pytest.raises(RequestLapsed):
        await say_yes(world, noon, request_.id)
