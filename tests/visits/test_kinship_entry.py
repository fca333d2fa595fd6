from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.errors import Forbidden, NotFound
from remote_court.people import Role
from remote_court.people.inmates import Inmate
from remote_court.visits.entering import OneselfIsNoVisitor
from remote_court.visits.kinship_entry import (
    PROVES,
    AlreadyProven,
    Evidence,
    EvidenceDoesNotProve,
    claim,
    enter,
    sight,
)
from remote_court.visits.kinships import Kinship, KinshipKind
from tests.visits.stage import acts
from tests.world import make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


async def number(world):
    return (await world.session.get(Inmate, world.inmate.id)).number


async def claimed(world, noon, kind=KinshipKind.SIBLING):
    person = await world.person()
    kinship = await claim(
        world.session, world.actor(person), await number(world), "گلپایگانی", kind, now=noon
    )
    return person, kinship


def test_every_relation_can_be_proven():
    assert set(PROVES) == set(KinshipKind)
    assert all(PROVES.values())


async def test_a_claim_allows_nothing_yet(world, noon):
    person, kinship = await claimed(world, noon)
    assert (kinship.visitor_id, kinship.sighted_at) == (person.id, None)
    assert [a.role for a in await acts(world, "kinship.claimed")] == ["family"]


async def test_a_claim_needs_the_right_family_name_and_does_not_say_which_was_wrong(world, noon):
    person = await world.person()
    for inmate_number, name in ((await number(world), "نادرست"), ("none", "گلپایگانی")):
        with pytest.raises(NotFound):
            await claim(
                world.session,
                world.actor(person),
                inmate_number,
                name,
                KinshipKind.SIBLING,
                now=noon,
            )


async def test_claiming_twice_corrects_the_claim(world, noon):
    person, first = await claimed(world, noon)
    again = await claim(
        world.session,
        world.actor(person),
        await number(world),
        "گلپایگانی",
        KinshipKind.COUSIN,
        now=noon,
    )
    assert (again.id, again.kind) == (first.id, KinshipKind.COUSIN)


async def test_a_proven_relation_is_not_changed_by_a_claim(world, noon):
    with pytest.raises(AlreadyProven):
        await claim(
            world.session,
            world.actor(world.mother),
            await number(world),
            "گلپایگانی",
            KinshipKind.SPOUSE,
            now=noon,
        )


@pytest.mark.parametrize("who", ["clerk", "manager", "officer"])
async def test_clerk_and_officer_sight_a_document_and_the_place_is_kept(world, noon, who):
    _, kinship = await claimed(world, noon)
    actor = getattr(world, who)
    place = world.prison.id if who == "officer" else world.office.id
    await sight(
        world.session,
        actor,
        kinship.id,
        Evidence.BIRTH_CERTIFICATE,
        place_id=place,
        now=noon,
    )
    assert (kinship.sighted_by, kinship.sighted_at) == (actor.person_id, noon)
    assert kinship.sighted_place_id == place
    assert [a.place_id for a in await acts(world, "kinship.sighted")] == [place]


async def test_a_document_must_prove_the_relation(world, noon):
    _, kinship = await claimed(world, noon)
    with pytest.raises(EvidenceDoesNotProve):
        await sight(
            world.session,
            world.clerk,
            kinship.id,
            Evidence.MARRIAGE_DEED,
            place_id=world.office.id,
            now=noon,
        )


async def test_nobody_sights_at_a_place_that_is_not_theirs(world, noon):
    _, kinship = await claimed(world, noon)
    elsewhere = await world.staff(Role.PRISON_OFFICER, world.office.id + 9_000)
    tries = [(world.clerk, world.prison.id), (elsewhere, world.prison.id)]
    for actor, place in tries:
        with pytest.raises(NotFound):
            await sight(
                world.session,
                actor,
                kinship.id,
                Evidence.BIRTH_CERTIFICATE,
                place_id=place,
                now=noon,
            )
    with pytest.raises(Forbidden):
        await sight(
            world.session,
            world.actor(world.mother),
            kinship.id,
            Evidence.BIRTH_CERTIFICATE,
            place_id=world.office.id,
            now=noon,
        )


async def test_a_clerk_enters_a_relation_in_one_go_and_corrects_it(world, noon):
    person = await world.person()
    for kind, evidence in (
        (KinshipKind.SIBLING, Evidence.BIRTH_CERTIFICATE),
        (KinshipKind.SPOUSE, Evidence.MARRIAGE_DEED),
    ):
        await enter(
            world.session,
            world.clerk,
            world.inmate.id,
            person.id,
            kind=kind,
            evidence=evidence,
            place_id=world.office.id,
            now=noon,
        )
    query = select(Kinship).where(Kinship.visitor_id == person.id)
    kinship = (await world.session.scalars(query)).one()
    assert (kinship.kind, kinship.evidence) == (KinshipKind.SPOUSE, Evidence.MARRIAGE_DEED)


async def test_nobody_is_their_own_kin(world, noon):
    with pytest.raises(OneselfIsNoVisitor):
        await enter(
            world.session,
            world.clerk,
            world.inmate.id,
            world.inmate.id,
            kind=KinshipKind.SIBLING,
            evidence=Evidence.BIRTH_CERTIFICATE,
            place_id=world.office.id,
            now=noon,
        )
