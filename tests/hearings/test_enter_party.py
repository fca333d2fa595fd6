from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from remote_court.errors import NotFound
from remote_court.hearings.enter_party import (
    AlreadyParty,
    BadLanguage,
    InPrison,
    NotInPrison,
    PartyDraft,
    StillListed,
    UnknownNeed,
    UnknownOffice,
    correct_party,
    enter_party,
    leave,
)
from remote_court.hearings.models import Hearing, HearingPart
from remote_court.hearings.represent import represent
from remote_court.hearings.roles import Mode, PartyRole, Site
from remote_court.hearings.who import BornLater, NameDiffers, NotKnownYet
from remote_court.identifiers import NationalId
from remote_court.people import Person
from remote_court.scheduling.models import Session
from tests.hearings.branch import make_court, newcomer
from tests.world import make_world

IN_A_WEEK = datetime(2026, 12, 1, 6, tzinfo=UTC)


async def enter(court, case, who, role=PartyRole.PLAINTIFF, by=None, **draft):
    return await enter_party(
        court.world.session,
        by or court.clerk,
        case.id,
        who,
        role,
        PartyDraft(**draft),
        now=court.now,
    )


async def listed(court, case, party, site=Site.OFFICE):
    """A sitting in a week, as the listing leaves it."""
    session = court.world.session
    made = Session(
        kind="hearing", status="provisional", starts_at=IN_A_WEEK,
        ends_at=IN_A_WEEK + timedelta(minutes=25), created_by=court.clerk.person_id,
        created_at=court.now,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    session.add(
        Hearing(
            id=made.id, case_id=case.id, branch_id=court.branch.id, forum="civil_court",
            mode=Mode.REMOTE, number=1, minutes=25, remote_order="دستور",
            remote_ordered_by=court.judge.person_id, listed_by=court.clerk.person_id,
            listed_at=court.now, dated_at=court.now,
        )
    )  # fmt: skip
    await session.flush()
    session.add(HearingPart(hearing_id=made.id, party_id=party.id, site=site))
    await session.flush()
    return made


async def test_who_is_known_is_entered_by_number_alone(court):
    case = await court.case()
    party = await court.party(case, PartyRole.DEFENDANT, court.world.mother)
    assert party.person_id == court.world.mother.id
    told = [a.detail for a in await court.acts("party.entered")]
    assert told == [{"case": case.id, "role": "defendant"}]


async def test_who_is_new_is_entered_as_on_the_document_and_gets_no_account(court):
    case = await court.case()
    with pytest.raises(NotKnownYet):
        await enter(court, case, newcomer(gender=None))
    party = await enter(court, case, newcomer())
    person = await court.world.session.get_one(Person, party.person_id)
    assert person.name == "پروین سلیمانی"
    with pytest.raises(BornLater):
        await enter(court, case, newcomer(901, born_on=court.now.date() + timedelta(days=1)))


async def test_a_number_under_another_name_is_refused_and_spellings_are_not_names(court):
    case, mother = await court.case(), court.world.mother
    number = NationalId(mother.national_id)
    with pytest.raises(NameDiffers):
        await enter(court, case, newcomer(number=number))
    arabic = newcomer(number=number, given_name="مريم", family_name="كريمي نژاد")
    assert (await enter(court, case, arabic)).person_id == mother.id


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ({"language": "Kurdish"}, BadLanguage),
        ({"needs": ("a_throne",)}, UnknownNeed),
        ({"office_ids": (987_654,)}, UnknownOffice),
        ({"site": Site.PRISON}, NotInPrison),
    ],
)
async def test_what_is_wrong_with_a_part_is_refused(court, draft, kind):
    with pytest.raises(kind):
        await enter(court, await court.case(), newcomer(), **draft)


async def test_a_prisoner_attends_from_the_prison_or_the_courtroom(court):
    case, inmate = await court.case(), court.world.inmate
    with pytest.raises(InPrison):
        await court.party(case, PartyRole.ACCUSED, inmate)
    party = await court.party(case, PartyRole.ACCUSED, inmate, site=Site.PRISON)
    draft = PartyDraft(site=Site.COURTROOM, needs=("step_free",), language="ku")
    await correct_party(court.world.session, court.clerk, party.id, draft, now=court.now)
    assert (party.site, party.needs, party.language) == (Site.COURTROOM, ["step_free"], "ku")
    changed = [a.detail["fields"] for a in await court.acts("party.corrected")]
    assert changed == [["language", "needs", "site"]]


async def test_one_part_is_held_once_and_again_after_it_was_left(court):
    case, mother = await court.case(), court.world.mother
    party = await court.party(case, PartyRole.WITNESS, mother)
    with pytest.raises(AlreadyParty):
        await court.party(case, PartyRole.WITNESS, mother)
    await leave(court.world.session, court.clerk, party.id, now=court.now)
    with pytest.raises(NotFound):
        await leave(court.world.session, court.clerk, party.id, now=court.now)
    assert (await court.party(case, PartyRole.WITNESS, mother)).id != party.id


async def test_who_is_to_attend_a_sitting_does_not_leave_before_it(court):
    case = await court.case()
    party = await court.party(case, PartyRole.WITNESS)
    sitting = await listed(court, case, party)
    with pytest.raises(StillListed):
        await leave(court.world.session, court.clerk, party.id, now=court.now)
    sitting.status = "cancelled"
    await leave(court.world.session, court.clerk, party.id, now=court.now)
    assert party.left_at == court.now


async def test_who_leaves_does_not_speak_for_anybody_any_more(court):
    case = await court.case()
    lawyer = await court.party(case, PartyRole.LAWYER)
    client = await court.party(case, PartyRole.PLAINTIFF)
    given = await represent(
        court.world.session, court.clerk, case.id, lawyer.id, client.id, "وکالت ۱۲",
        now=court.now, policy=court.rule,
    )  # fmt: skip
    await leave(court.world.session, court.clerk, lawyer.id, now=court.now)
    await court.world.session.refresh(given)
    assert given.ended_at == court.now


async def test_another_branch_enters_nobody(court):
    case = await court.case()
    with pytest.raises(NotFound):
        await enter(court, case, newcomer(), by=court.other_clerk)


async def test_two_clerks_who_enter_somebody_new_at_once_make_one_person(database, noon):
    async with database.transaction() as session:
        court = await make_court(await make_world(session), noon)
        cases = [(await court.case(f"14059100000000000{n}")).id for n in range(4)]

    async def put(case_id: int) -> None:
        async with database.transaction() as session:
            await enter_party(
                session, court.clerk, case_id, newcomer(), PartyRole.WITNESS, PartyDraft(), now=noon
            )

    await asyncio.gather(*(put(case_id) for case_id in cases))
    async with database.transaction() as session:
        query = select(func.count()).where(Person.family_name == "سلیمانی")
        assert await session.scalar(query) == 1
