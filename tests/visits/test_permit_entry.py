from __future__ import annotations

from datetime import date, timedelta

import pytest

from remote_court.errors import RuleRefused
from remote_court.people.inmates import Inmate
from remote_court.visits import permit_entry
from remote_court.visits.entering import ReferenceNeeded, WrongTerm
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.permit_entry import AlreadyRevoked, Draft, issuers
from remote_court.visits.permits import PermitIssuer
from remote_court.visits.status import Status
from tests.visits.stage import acts, booked, letters, rules_of, status_of
from tests.world import make_world

TODAY = date(2026, 11, 24)
MONTH = TODAY + timedelta(days=30)


@pytest.fixture
async def world(session):
    return await make_world(session)


async def enter(world, noon, person, **changes):
    values = {
        "visitor_id": person.id,
        "issuer": PermitIssuer.PRISON_WARDEN,
        "reference": "۱۴۰۵/۱۲",
        "valid_from": TODAY,
        "valid_to": MONTH,
    }
    return await permit_entry.enter(
        world.session,
        world.officer,
        world.inmate.id,
        Draft(**values | changes),
        now=noon,
        policy=await rules_of(world, noon),
    )


async def test_with_a_permit_a_cousin_books_at_once(world, noon):
    cousin = await world.relative(KinshipKind.COUSIN)
    await enter(world, noon, cousin)
    assert (await booked(world, noon, cousin)).status is Status.BOOKED
    assert [a.detail["issuer"] for a in await acts(world, "permit.entered")] == ["prison_warden"]


async def test_the_handling_judge_permits_only_while_nothing_is_final(world, noon):
    friend = await world.person()
    policy = await rules_of(world, noon)
    assert PermitIssuer.HANDLING_JUDGE in issuers(True, policy)
    with pytest.raises(RuleRefused):
        await enter(world, noon, friend, issuer=PermitIssuer.HANDLING_JUDGE)
    (await world.session.get(Inmate, world.inmate.id)).on_remand = True
    assert (await enter(world, noon, friend, issuer=PermitIssuer.HANDLING_JUDGE)).id


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reference": " "}, ReferenceNeeded),
        ({"valid_to": TODAY - timedelta(days=1)}, WrongTerm),
        ({"valid_from": MONTH, "valid_to": TODAY}, WrongTerm),
    ],
)
async def test_a_permit_needs_a_document_and_days_in_order(world, noon, changes, refusal):
    with pytest.raises(refusal):
        await enter(world, noon, await world.person(), **changes)


async def test_taking_a_permit_back_cancels_the_visits_that_stood_on_it(world, noon):
    cousin = await world.relative(KinshipKind.COUSIN)
    permit = await enter(world, noon, cousin)
    visit = await booked(world, noon, cousin)
    policy = await rules_of(world, noon)
    _, cancelled = await permit_entry.revoke(
        world.session, world.officer, permit.id, "اشتباه", now=noon, policy=policy
    )
    assert (cancelled, await status_of(world, visit.id)) == ([visit.id], "cancelled")
    assert len(await letters(world, "cancelled")) == 1
    with pytest.raises(AlreadyRevoked):
        await permit_entry.revoke(
            world.session, world.officer, permit.id, "باز", now=noon, policy=policy
        )


async def test_a_near_relatives_visits_do_not_stand_on_a_permit(world, noon):
    permit = await enter(world, noon, world.mother)
    visit = await booked(world, noon)
    _, cancelled = await permit_entry.revoke(
        world.session,
        world.officer,
        permit.id,
        "اشتباه",
        now=noon,
        policy=await rules_of(world, noon),
    )
    assert (cancelled, await status_of(world, visit.id)) == ([], "booked")
