"""Each rule of a sitting by itself: what it lets pass, what it refuses, and what it cites."""

from __future__ import annotations

from datetime import date

import pytest

from remote_court import policy
from remote_court.hearings.bench import bench_of
from remote_court.hearings.facts import CaseFacts, PartyFacts, SeatFacts
from remote_court.hearings.forums import LAW, Forum, law_of
from remote_court.hearings.plan import Attendee, Cast, Plan
from remote_court.hearings.roles import Mode, PartyRole, Seat, Site
from remote_court.hearings.rules import OF_OFFICE, Asked, refusals
from remote_court.people import Gender
from remote_court.people.inmates import InmateStatus
from remote_court.policy.shelf import Rulebook

RULE = Rulebook(tuple(policy.defaults())).at(date(2026, 11, 30))
JUDGE, SECOND, THIRD, ADVISER = 901, 902, 903, 904
OFFICE, PRISON = 11, 12


def party(number: int = 1, role: PartyRole = PartyRole.DEFENDANT, **more) -> PartyFacts:
    values = {"gender": Gender.MALE, "office_ids": (OFFICE,)} | more
    return PartyFacts(id=number, person_id=100 + number, name=f"نام {number}", role=role, **values)


def judge(who: int = JUDGE, seat: Seat = Seat.PRESIDING, *, is_judge=True, gender=Gender.MALE):
    return SeatFacts(who, f"قاضی {who}", gender, seat, is_judge)


def asked(
    *people: PartyFacts, forum=Forum.CIVIL, bench=None, sites=None, strangers=(), grave=False,
    coming=None, **plan,
) -> Asked:  # fmt: skip
    parties = people or (party(),)
    seats = [judge()] if bench is None else bench
    values = {"order": "دستور", "case_id": 5, "bench": {s.person_id: s.seat for s in seats}}
    case = CaseFacts(
        id=5, branch_id=7, grave=grave, juvenile=False, last_number=0, postponed=0,
        parties=tuple(parties),
    )  # fmt: skip
    here = [p for p in parties if coming is None or p.id in coming]
    attendees = tuple(Attendee(p, (sites or {}).get(p.id, p.site), p.office_ids) for p in here)
    return Asked(Plan(**(values | plan)), forum, case, seats, Cast(attendees, strangers))


def codes(question: Asked) -> list[str]:
    return [reason.code for reason in refusals(question, RULE)]


def test_an_ordinary_sitting_is_refused_by_no_rule():
    assert codes(asked()) == []


FULL = {
    1: [judge()],
    3: [judge(), judge(SECOND, Seat.ASSOCIATE), judge(THIRD, Seat.ASSOCIATE)],
}


@pytest.mark.parametrize("grave", [False, True])
@pytest.mark.parametrize("forum", list(LAW))
def test_each_court_sits_with_the_judges_and_advisers_its_policy_asks_for(forum, grave):
    whole = bench_of(law_of(forum, grave=grave), RULE)
    full = [*FULL[whole.judges]]
    if whole.advisers:
        full.append(judge(ADVISER, Seat.ADVISER, is_judge=False))
    assert codes(asked(forum=forum, bench=full, grave=grave)) == []
    for missing in range(len(full)):
        rest = [one for n, one in enumerate(full) if n != missing]
        order = {"ordered_by": rest[0].person_id} if rest else {}
        found = refusals(asked(forum=forum, bench=rest, grave=grave, **order), RULE)
        lacking = next(r for r in found if r.code == "bench-incomplete")
        assert lacking.citation.startswith(law_of(forum, grave=grave).quorum)
        assert lacking.source == {
            "fa": RULE.cite(lacking.citation).fa, "en": RULE.cite(lacking.citation).en
        }  # fmt: skip


def test_only_judges_judge_and_nobody_their_own_case():
    assert codes(asked(bench=[judge(is_judge=False)])) == ["not-a-judge"]
    mine = party(1)
    assert codes(asked(mine, bench=[judge(mine.person_id)])) == ["judge-is-party"]


@pytest.mark.parametrize(
    ("accused", "adviser", "found"),
    [
        (Gender.FEMALE, Gender.MALE, ["female-adviser-needed"]),
        (Gender.FEMALE, Gender.FEMALE, []),
        (Gender.MALE, Gender.MALE, []),
    ],
)
def test_an_accused_girl_has_a_woman_among_the_advisers(accused, adviser, found):
    bench = [judge(), judge(ADVISER, Seat.ADVISER, is_judge=False, gender=adviser)]
    child = party(1, PartyRole.ACCUSED, gender=accused)
    assert codes(asked(child, forum=Forum.JUVENILE, bench=bench)) == found


@pytest.mark.parametrize("forum", list(LAW))
def test_a_party_has_as_many_lawyers_as_the_forum_allows_and_no_more(forum):
    law = law_of(forum)
    most = RULE.integer(law.lawyers)
    client = party(1, PartyRole.ACCUSED)
    lawyers = [party(n, PartyRole.LAWYER, clients=frozenset({1})) for n in range(2, most + 3)]
    whole = bench_of(law, RULE)
    bench = [*FULL[whole.judges]]
    if whole.advisers:
        bench.append(judge(ADVISER, Seat.ADVISER, is_judge=False))
    allowed = asked(client, *lawyers[:most], forum=forum, bench=bench)
    assert codes(allowed) == []
    one_more = asked(client, *lawyers[: most + 1], forum=forum, bench=bench)
    (reason,) = refusals(one_more, RULE)
    assert (reason.code, reason.citation, reason.values["most"]) == (
        "too-many-lawyers", law.lawyers, most
    )  # fmt: skip
    at_home = asked(
        client, *lawyers[: most + 1], forum=forum, bench=bench,
        coming={1, *(one.id for one in lawyers[:most])},
    )  # fmt: skip
    assert codes(at_home) == []


def test_the_order_is_written_and_of_a_judge_who_sits():
    assert codes(asked(order="  ")) == ["no-remote-order"]
    assert codes(asked(ordered_by=SECOND)) == ["order-not-of-the-bench"]


def test_somebody_is_heard_and_everybody_is_in_the_case():
    assert codes(asked(coming=set())) == ["nobody-attends"]
    assert codes(asked(strangers=(77,))) == ["not-in-the-case"]


@pytest.mark.parametrize("role", list(PartyRole))
def test_an_own_device_is_for_those_a_judge_allowed_and_for_who_has_it_by_office(role):
    one = party(1, role)
    found = [] if role in OF_OFFICE else ["own-device-not-allowed"]
    assert codes(asked(one, sites={1: Site.OWN_DEVICE})) == found
    allowed = party(1, role, own_device=True)
    assert codes(asked(allowed, sites={1: Site.OWN_DEVICE})) == []


@pytest.mark.parametrize(
    ("mode", "found"), [(Mode.REMOTE, ["courtroom-needs-hybrid"]), (Mode.HYBRID, [])]
)
def test_who_comes_to_the_courtroom_needs_a_hybrid_session(mode, found):
    assert codes(asked(sites={1: Site.COURTROOM}, mode=mode)) == found


@pytest.mark.parametrize(
    ("site", "code"), [(Site.OFFICE, "no-office"), (Site.PRISON, "not-in-prison")]
)
def test_who_needs_a_room_has_a_place_for_it(site, code):
    assert codes(asked(party(1, office_ids=()), sites={1: site})) == [code]


def test_a_lawyer_without_an_office_sits_with_the_client():
    lawyer = party(2, PartyRole.LAWYER, clients=frozenset({1}), office_ids=())
    assert codes(asked(party(1), lawyer)) == []
    assert codes(asked(party(1), lawyer, coming={2})) == ["no-office"]


@pytest.mark.parametrize(
    ("held", "site", "found"),
    [
        (InmateStatus.HELD, Site.PRISON, []),
        (InmateStatus.HELD, Site.OFFICE, ["held-in-prison"]),
        (InmateStatus.HELD, Site.OWN_DEVICE, ["held-in-prison"]),
        (InmateStatus.HELD, Site.COURTROOM, []),
        (InmateStatus.HOSPITAL, Site.PRISON, ["inmate-in-hospital"]),
        (InmateStatus.HOSPITAL, Site.COURTROOM, ["inmate-in-hospital"]),
        (InmateStatus.ON_LEAVE, Site.PRISON, ["inmate-on-leave"]),
        (InmateStatus.ON_LEAVE, Site.OFFICE, []),
        (InmateStatus.RELEASED, Site.PRISON, ["inmate-released"]),
        (InmateStatus.RELEASED, Site.OFFICE, []),
    ],
)
def test_a_prisoner_attends_from_where_they_can_be_reached(held, site, found):
    one = party(1, PartyRole.ACCUSED, held=held, prison_id=PRISON, own_device=True)
    assert codes(asked(one, sites={1: site}, mode=Mode.HYBRID)) == found


def test_who_needs_an_interpreter_has_one_in_the_session():
    foreign = party(1, needs_interpreter=True)
    interpreter = party(2, PartyRole.INTERPRETER)
    assert codes(asked(foreign)) == ["interpreter-needed"]
    assert codes(asked(foreign, interpreter)) == []
    assert codes(asked(foreign, interpreter, coming={1})) == ["interpreter-needed"]
