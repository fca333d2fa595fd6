from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from remote_court import policy
from remote_court.audit import AuditEntry
from remote_court.errors import Forbidden, NotFound, WrongState
from remote_court.identifiers import BadTrackingCode, grouped
from remote_court.outbox import OutboxRow
from remote_court.people import Role
from remote_court.people.verify_identity import Document
from remote_court.scheduling.models import Session
from remote_court.text import fa_digits
from remote_court.visits.book import book
from remote_court.visits.check_in import (
    AdultNeeded,
    DocumentDoesNotServe,
    NobodySighted,
    TooEarly,
    TooLate,
    check_in,
    find,
)
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import Visit, VisitVisitor
from remote_court.visits.request import Request
from remote_court.visits.status import Status
from tests.world import FREE_START, World, make_world

MINUTE = timedelta(minutes=1)
CARD, BIRTH = Document.NATIONAL_CARD, Document.BIRTH_CERTIFICATE


@pytest.fixture
async def world(session):
    return await make_world(session)


@pytest.fixture
async def rule(world, noon):
    return await policy.current(world.session, noon.date())


@pytest.fixture
async def child(world):
    return await world.relative(KinshipKind.SIBLING, born_on=date(2020, 1, 1))


@pytest.fixture
async def made(world, child, noon, rule):
    request = Request(
        inmate_id=world.inmate.id,
        office_id=world.office.id,
        starts_at=FREE_START,
        visitor_ids=(world.mother.id, child.id),
        booked_for=world.mother.id,
    )
    return await book(world.session, world.actor(world.mother), request, noon, rule)


async def receive(world: World, made, rule, sighted, *, at=FREE_START - 20 * MINUTE, actor=None):
    return await check_in(world.session, actor or world.clerk, made.id, sighted, at, rule)


@pytest.mark.parametrize(
    "written",
    [
        lambda code: code.lower(),
        grouped,
        lambda code: fa_digits(grouped(code)),
        lambda code: f"https://court.example/v/{code}",
        lambda code: f"https://court.example/desk/7/check-in?code={code}",
        lambda code: f" https://court.example/v/{grouped(code)}/?x=1 ",
    ],
)
async def test_a_visit_is_found_by_its_code_however_it_is_written(world, made, written):
    found = await find(world.session, world.clerk, world.office.id, written(made.tracking_code))
    assert found == made.id


async def test_what_is_no_code_is_said_to_be_none(world, made):
    with pytest.raises(BadTrackingCode):
        await find(world.session, world.clerk, world.office.id, "https://court.example/visits/1")


async def test_another_offices_clerk_finds_nothing(world, made):
    stranger = await world.staff(Role.OFFICE_CLERK, world.office.id + 5000)
    with pytest.raises(NotFound):
        await find(world.session, stranger, world.office.id, made.tracking_code)
    with pytest.raises(NotFound):
        await find(world.session, stranger, world.office.id + 5000, made.tracking_code)


async def test_a_mother_and_her_child_are_received(world, made, rule, child):
    at = FREE_START - 20 * MINUTE
    await receive(world, made, rule, {world.mother.id: CARD, child.id: BIRTH})
    visit = await world.session.get(Visit, made.id)
    assert (visit.checked_in_at, visit.checked_in_by) == (at, world.clerk.person_id)
    seen = (await world.session.scalars(select(VisitVisitor))).all()
    assert {(s.person_id, s.sighted_document, s.sighted_by) for s in seen} == {
        (world.mother.id, "national_card", world.clerk.person_id),
        (child.id, "birth_certificate", world.clerk.person_id),
    }
    entry = (await world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()))).first()
    assert (entry.act, entry.place_id) == ("visit.checked_in", world.office.id)
    channels = [
        row["channel"]
        for row in await world.session.scalars(
            select(OutboxRow.payload).where(OutboxRow.topic == "live", OutboxRow.due_at == at)
        )
    ]
    assert sorted(channels) == sorted(
        [f"office:{world.office.id}", f"prison:{world.prison.id}", f"visit:{made.id}"]
    )


async def test_a_latecomer_is_added_and_the_first_arrival_stays(world, made, rule, child):
    first = FREE_START - 20 * MINUTE
    await receive(world, made, rule, {world.mother.id: CARD}, at=first)
    await receive(world, made, rule, {child.id: BIRTH}, at=FREE_START + 16 * MINUTE)
    visit = await world.session.get(Visit, made.id)
    assert visit.checked_in_at == first


@pytest.mark.parametrize(
    ("mother", "kid", "refusal"),
    [
        (None, None, NobodySighted),
        (None, BIRTH, AdultNeeded),
        (BIRTH, BIRTH, DocumentDoesNotServe),
        (CARD, CARD, DocumentDoesNotServe),
        (Document.MARRIAGE_DEED, None, DocumentDoesNotServe),
    ],
)
async def test_what_does_not_prove_who_is_here_is_refused(
    world, made, rule, child, mother, kid, refusal
):
    asked = {world.mother.id: mother, child.id: kid}
    with pytest.raises(refusal):
        await receive(world, made, rule, {who: doc for who, doc in asked.items() if doc})


async def test_a_stranger_to_the_visit_is_not_sighted_for_it(world, made, rule):
    with pytest.raises(NotFound):
        await receive(world, made, rule, {world.mother.id: CARD, world.officer.person_id: CARD})


@pytest.mark.parametrize(
    ("minutes", "refusal"),
    [(-61, TooEarly), (-60, None), (15, None), (16, TooLate)],
)
async def test_the_desk_receives_within_the_window_of_the_policy(
    world, made, rule, minutes, refusal
):
    at = FREE_START + minutes * MINUTE
    if refusal is None:
        await receive(world, made, rule, {world.mother.id: CARD}, at=at)
        return
    with pytest.raises(refusal):
        await receive(world, made, rule, {world.mother.id: CARD}, at=at)


async def test_only_clerks_of_this_office_receive(world, made, rule):
    stranger = await world.staff(Role.OFFICE_CLERK, world.office.id + 5000)
    for actor, refusal in ((stranger, NotFound), (world.officer, Forbidden)):
        with pytest.raises(refusal):
            await receive(world, made, rule, {world.mother.id: CARD}, actor=actor)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.BOOKED, Status.IN_PROGRESS}))
async def test_a_visit_that_does_not_stand_receives_nobody(world, made, rule, status):
    owner = await world.session.get(Session, made.id)
    owner.status = status
    await world.session.flush()
    with pytest.raises(WrongState):
        await receive(world, made, rule, {world.mother.id: CARD})
