from __future__ import annotations

from datetime import date

import pytest

from remote_court.errors import Forbidden, NotFound
from remote_court.identifiers import BadNationalId, synthetic_national_id
from remote_court.people import Role
from remote_court.text import fa_digits
from remote_court.visits.entering import (
    ReasonMissing,
    UnknownPerson,
    WrongTerm,
    as_officer,
    as_officer_or_clerk,
    check_term,
    inmate_of,
    keys_ahead,
    person_by_number,
    stated,
)
from tests.world import make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


async def test_somebody_stands_at_their_own_place_and_nowhere_else(world):
    inmate = await inmate_of(world.session, world.inmate.id)
    assert as_officer(world.officer, inmate).place_id == world.prison.id
    stand = as_officer_or_clerk(world.clerk, inmate, world.office.id)
    assert (stand.role, stand.place_id) == (Role.OFFICE_CLERK, world.office.id)
    with pytest.raises(NotFound):
        as_officer_or_clerk(world.clerk, inmate, world.prison.id)
    with pytest.raises(Forbidden):
        as_officer(world.clerk, inmate)
    with pytest.raises(Forbidden):
        as_officer_or_clerk(world.actor(world.mother), inmate, world.office.id)


async def test_a_person_is_found_by_any_way_of_writing_the_number(world):
    foreign = await world.person(national_id=None, fida_code="123456789012")
    written = fa_digits(world.mother.national_id)
    assert (await person_by_number(world.session, written)).id == world.mother.id
    assert (await person_by_number(world.session, "1234-5678-9012")).id == foreign.id
    with pytest.raises(UnknownPerson):
        await person_by_number(world.session, synthetic_national_id(5000))
    with pytest.raises(BadNationalId):
        await person_by_number(world.session, "12")


def test_a_reason_is_words_and_a_term_is_in_order():
    assert stated("  why ") == "why"
    with pytest.raises(ReasonMissing):
        stated("  ")
    today = date(2026, 11, 24)
    check_term(today, today, today)
    with pytest.raises(WrongTerm):
        check_term(today, date(2026, 11, 23), today)


def test_keys_ahead_are_one_a_day_and_sorted(noon):
    keys = keys_ahead(7, noon)
    assert keys == sorted(set(keys))
    assert len(keys) == 62
