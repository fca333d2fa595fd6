"""Who attends, from where, and who may share a room with whom."""

from __future__ import annotations

import pytest

from remote_court.hearings.facts import CaseFacts, PartyFacts
from remote_court.hearings.placing import Guest
from remote_court.hearings.plan import Coming, Plan, cast_of, seats_of
from remote_court.hearings.roles import PartyRole, Seat, Site
from remote_court.people import Gender
from remote_court.people.inmates import InmateStatus

PRISON = 90


def party(number: int, role: PartyRole = PartyRole.DEFENDANT, **more) -> PartyFacts:
    values = {"gender": Gender.MALE, "office_ids": (11, 12)} | more
    return PartyFacts(id=number, person_id=100 + number, name=f"نام {number}", role=role, **values)


def prisoner(number: int, **more) -> PartyFacts:
    values = {"held": InmateStatus.HELD, "prison_id": PRISON, "office_ids": ()} | more
    return party(number, PartyRole.ACCUSED, **values)


def case(*parties: PartyFacts) -> CaseFacts:
    return CaseFacts(
        id=1, branch_id=2, grave=False, juvenile=False, last_number=0, postponed=0,
        parties=parties,
    )  # fmt: skip


def cast(*parties: PartyFacts, coming: tuple[Coming, ...] | None = None):
    return cast_of(Plan(case_id=1, bench={}, coming=coming), case(*parties))


def test_everybody_in_the_case_attends_but_those_who_come_by_the_public_link():
    found = cast(party(1), party(2, PartyRole.WITNESS), party(3, PartyRole.OBSERVER))
    assert [one.party.id for one in found.attendees] == [1, 2]
    assert found.person_ids == [101, 102]


def test_what_is_asked_for_one_sitting_goes_before_what_the_case_has():
    coming = (Coming(1, place_id=13), Coming(2, Site.COURTROOM, agenda="ارزیابی"), Coming(9))
    found = cast(party(1), party(2), party(3), coming=coming)
    assert [(one.site, one.places, one.agenda) for one in found.attendees] == [
        (Site.OFFICE, (13,), None), (Site.COURTROOM, (), "ارزیابی")
    ]  # fmt: skip
    assert found.strangers == (9,)
    assert found.place_ids == [13]


@pytest.mark.parametrize(
    ("site", "held", "expected"),
    [
        (Site.OFFICE, InmateStatus.HELD, Site.PRISON),
        (Site.PRISON, InmateStatus.HELD, Site.PRISON),
        (Site.COURTROOM, InmateStatus.HELD, Site.COURTROOM),
        (Site.OFFICE, InmateStatus.RELEASED, Site.OFFICE),
    ],
)
def test_a_prisoner_attends_from_the_prison_unless_they_are_brought(site, held, expected):
    (one,) = cast(prisoner(1, site=site, held=held)).attendees
    assert one.site is expected
    assert one.places == ((PRISON,) if expected is Site.PRISON else ())


def test_a_guard_sits_beside_the_prisoner_and_a_visiting_lawyer_in_a_booth_of_the_same_prison():
    guard = party(2, PartyRole.ESCORT_GUARD, site=Site.PRISON, office_ids=())
    visitor = party(3, PartyRole.LAWYER, site=Site.PRISON, clients=frozenset({1}))
    found = cast(prisoner(1), guard, visitor)
    assert [one.places for one in found.attendees] == [(PRISON,), (), (PRISON,)]
    assert found.speakers == {2: frozenset({1}), 3: frozenset({1})}


def test_only_who_attends_from_the_same_kind_of_place_may_share_it():
    lawyer = party(2, PartyRole.LAWYER, clients=frozenset({1, 5}))
    assert cast(party(1), lawyer).speakers == {2: frozenset({1})}
    assert cast(prisoner(1), lawyer).speakers == {}


def test_a_room_must_have_what_its_guest_needs_and_no_room_has_people_in_it():
    needy = party(1, needs=frozenset({"step_free", "sign_interpreter"}))
    inmate = prisoner(2, needs=frozenset({"step_free"}))
    assert cast(needy, inmate).guests == [
        Guest((1,), (11, 12), frozenset({"step_free"})), Guest((2,), (PRISON,))
    ]  # fmt: skip


def test_the_president_stands_first_on_the_bench():
    bench = seats_of([(7, Seat.ASSOCIATE), (5, Seat.PRESIDING), (3, Seat.ASSOCIATE)])
    assert list(bench) == [5, 7, 3]
