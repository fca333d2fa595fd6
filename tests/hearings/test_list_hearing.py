"""A sitting is listed with every place at once, or not at all, and on a lawful date only."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.calendars.jalali import gregorian
from remote_court.calendars.opening_hours import on_wall
from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.forums import Forum
from remote_court.hearings.lawful import UnlawfulDate
from remote_court.hearings.list_hearing import (
    TooManySessions,
    list_hearing,
    list_series,
)
from remote_court.hearings.matter import BadLength
from remote_court.hearings.models import Hearing, HearingPart, HearingSeat
from remote_court.hearings.plan import Coming
from remote_court.hearings.roles import Address, Mode, PartyRole, Seat, Site
from remote_court.hearings.rules import ListingRefused
from remote_court.hearings.status import Status
from remote_court.notices.service import Method, Notice
from remote_court.outbox import OutboxRow
from remote_court.people.inmates import Inmate, InmateStatus
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation, Session
from tests.hearings.times import LAWFUL, at

HOUR = timedelta(hours=1)


async def reserved(court_world, hearing_id) -> set[int]:
    query = select(Reservation.resource_id).where(Reservation.session_id == hearing_id)
    return set(await court_world.session.scalars(query))


async def test_a_listed_sitting_has_its_bench_its_branch_its_people_and_their_rooms(
    court_world, noon
):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    assert (listed.status, listed.number, listed.date_no) == (Status.PROVISIONAL, 1, 1)
    assert listed.ends_at - listed.starts_at == timedelta(minutes=25)
    rooms = {one.party_id: one.unit_id for one in listed.seats}
    assert rooms[here.plaintiff.id] == rooms[here.lawyer.id] != rooms[here.defendant.id]
    people = {p.person_id for p in (here.plaintiff, here.defendant, here.lawyer)}
    assert await reserved(here, listed.id) == {
        here.branch.id, here.judge.person_id, *people, *rooms.values()
    }  # fmt: skip
    hearing = await here.session.get(Hearing, listed.id)
    assert (hearing.mode, hearing.forum, hearing.minutes) == (Mode.REMOTE, Forum.CIVIL, 25)
    assert hearing.remote_ordered_by == here.judge.person_id
    owner = await here.session.get(Session, listed.id)
    assert (owner.kind, owner.status, owner.starts_at) == ("hearing", "provisional", LAWFUL)
    parts = {p.party_id: p for p in await here.session.scalars(select(HearingPart))}
    assert {p.place_id for p in parts.values()} == {here.world.office.id}


async def test_everybody_who_must_be_served_gets_one_notice_by_the_way_they_can_be(
    court_world, noon
):
    here = court_world
    unknown = await here.party(address=Address.UNKNOWN)
    witness = await here.party(PartyRole.WITNESS)
    absent = await here.party(PartyRole.WITNESS)
    coming = tuple(Coming(p.id) for p in (here.plaintiff, here.defendant, here.lawyer))
    plan = here.plan(coming=(*coming, Coming(witness.id, Site.COURTROOM)), mode=Mode.HYBRID)
    listed = await list_hearing(here.session, here.clerk, plan, at(10, 10, 10), noon)
    rows = await here.session.scalars(select(Notice).where(Notice.session_id == listed.id))
    methods = {row.person_id: (row.method, row.occasion, row.date_no) for row in rows}
    assert methods == {
        here.plaintiff.person_id: (Method.SANA, "listed", 1),
        here.defendant.person_id: (Method.SANA, "listed", 1),
        here.lawyer.person_id: (Method.SANA, "listed", 1),
        witness.person_id: (Method.SANA, "listed", 1),
        unknown.person_id: (Method.PUBLICATION, "listed", 1),
    }
    assert absent.person_id not in methods


async def test_the_record_and_the_boards_are_told(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    query = select(AuditEntry).where(AuditEntry.act == "hearing.listed")
    (entry,) = await here.session.scalars(query)
    assert (entry.actor_id, entry.role, entry.place_id, entry.subject_id) == (
        here.clerk.person_id, "court_clerk", here.branch.id, listed.id
    )  # fmt: skip
    rows = await here.session.scalars(select(OutboxRow).where(OutboxRow.topic == "live"))
    channels = {row.payload["channel"] for row in rows if row.payload["event"] == "hearing"}
    assert channels >= {
        f"branch:{here.branch.id}", f"hearing:{listed.id}", f"office:{here.world.office.id}"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "day", "citation"),
    [
        (Address.KNOWN, (1405, 9, 9), "Civil Procedure Code, art. 64"),
        (Address.UNKNOWN, (1405, 10, 5), "Civil Procedure Code, art. 73"),
        (Address.ABROAD, (1405, 11, 5), "Civil Procedure Code, arts. 64 and 446"),
    ],
)
async def test_a_date_inside_the_gap_is_refused_with_the_article_and_the_first_lawful_day_of_each(
    court_world, noon, address, day, citation
):
    here = court_world
    here.defendant.address = address
    await here.session.flush()
    first = on_wall(gregorian(*day), time(9))
    early = first - timedelta(days=2 if address is not Address.UNKNOWN else 4)
    with pytest.raises(UnlawfulDate) as refused:
        await list_hearing(here.session, here.clerk, here.plan(), early, noon)
    told = refused.value.extensions
    assert told["earliest_for_all"] == gregorian(*day).isoformat()
    each = {e["person_id"]: e for e in told["earliest_lawful"]}
    assert set(each) == {str(p.person_id) for p in (here.plaintiff, here.defendant, here.lawyer)}
    last = each[str(here.defendant.person_id)]
    assert (last["earliest"], last["assumed"], last["served_on"]) == (
        gregorian(*day).isoformat(), True, None
    )  # fmt: skip
    assert last["citation"].en == citation
    assert await here.session.scalar(select(Hearing.id)) is None
    listed = await list_hearing(here.session, here.clerk, here.plan(), first, noon)
    assert listed.status is Status.PROVISIONAL


async def test_all_reasons_show_at_once(court_world, noon):
    here = court_world
    here.defendant.needs_interpreter = True
    await here.session.flush()
    plan = here.plan(order=" ", bench={here.judge.person_id: Seat.ASSOCIATE})
    with pytest.raises(UnlawfulDate) as refused:
        await list_hearing(here.session, here.clerk, plan, at(9, 7, 9), noon)
    assert [r.code for r in refused.value.reasons] == [
        "unlawful-date", "bench-incomplete", "interpreter-needed", "no-remote-order"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (at(9, 13, 9), "court-closed"),  # a Friday
        (at(9, 14, 13, 45), "outside-court-hours"),
        (at(9, 14, 7, 0), "outside-court-hours"),
        (at(9, 2, 9), "in-the-past"),
    ],
)
async def test_it_lies_in_the_court_s_open_hours_and_ahead(court_world, noon, start, code):
    here = court_world
    with pytest.raises(ListingRefused) as refused:
        await list_hearing(here.session, here.clerk, here.plan(), start, noon)
    assert [r.code for r in refused.value.reasons] == [code]


async def test_a_taken_judge_wins_over_what_the_rules_say(court_world, noon):
    here = court_world
    await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    branch = await here.new_branch()
    case = await here.new_case(branch.id)
    party = await here.party(case=case)
    clerk = await here.world.staff(here.clerk.role, branch.id)
    plan = here.plan(case_id=case.id, order="", coming=(Coming(party.id),))
    with pytest.raises(SlotTaken) as refused:
        await list_hearing(here.session, clerk, plan, LAWFUL, noon)
    assert refused.value.resource_id == here.judge.person_id
    listed = await list_hearing(
        here.session, clerk, here.plan(case_id=case.id), LAWFUL + HOUR / 2, noon
    )
    assert listed.number == 1


async def test_where_each_would_find_a_room_but_not_all_do_it_is_taken(court_world, noon):
    here = court_world
    await here.party()
    with pytest.raises(SlotTaken):  # two rooms: three sides
        await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    assert await here.session.scalar(select(Reservation.session_id)) is None


async def test_a_prisoner_sits_in_a_booth_with_his_guard_and_his_lawyer_at_an_office(
    court_world, noon
):
    here = court_world
    branch = await here.new_branch(Forum.CRIMINAL_TWO)
    clerk, judge = [await here.world.staff(a.role, branch.id) for a in (here.clerk, here.judge)]
    case = await here.new_case(branch.id)
    accused = await here.prisoner(case=case)
    guard = await here.party(PartyRole.ESCORT_GUARD, case=case, site=Site.PRISON, office_ids=[])
    lawyer = await here.party(PartyRole.LAWYER, case=case, speaks_for=accused)
    plan = here.plan(case_id=case.id, bench={judge.person_id: Seat.PRESIDING})
    listed = await list_hearing(here.session, clerk, plan, at(9, 14, 9), noon)
    seats = {one.party_id: one for one in listed.seats}
    booths = {booth.id for booth in here.world.booths}
    assert seats[accused.id].unit_id == seats[guard.id].unit_id
    assert seats[accused.id].unit_id in booths
    assert seats[accused.id].place_id == here.world.prison.id
    assert seats[lawyer.id].place_id == here.world.office.id
    inmate = await here.session.get(Inmate, accused.person_id)
    inmate.status = InmateStatus.HOSPITAL
    await here.session.flush()
    with pytest.raises(ListingRefused) as refused:
        await list_hearing(here.session, clerk, plan, at(9, 15, 9), noon)
    assert [r.code for r in refused.value.reasons] == ["inmate-in-hospital"]


async def test_a_series_is_listed_whole_or_not_at_all(court_world, noon):
    here = court_world
    starts = [LAWFUL, LAWFUL + timedelta(days=1), LAWFUL + timedelta(days=2)]
    listed = await list_series(here.session, here.clerk, here.plan(), starts, noon)
    assert [one.number for one in listed] == [1, 2, 3]
    rows = {h.number: h.follows_id for h in await here.session.scalars(select(Hearing))}
    assert rows == {1: None, 2: listed[0].id, 3: listed[1].id}
    for count in (0, 11):
        with pytest.raises(TooManySessions):
            await list_series(here.session, here.clerk, here.plan(), [LAWFUL] * count, noon)


async def test_only_the_court_of_the_case_lists(court_world, noon):
    here = court_world
    other = await here.world.staff(here.clerk.role, (await here.new_branch()).id)
    for actor, refusal in [
        (other, NotFound),
        (here.world.clerk, Forbidden),
        (here.world.actor(here.world.mother), Forbidden),
    ]:
        with pytest.raises(refusal):
            await list_hearing(here.session, actor, here.plan(), LAWFUL, noon)
    with pytest.raises(NotFound):
        await list_hearing(here.session, here.clerk, here.plan(case_id=2**40), LAWFUL, noon)
    nobody = here.plan(bench={here.judge.person_id: Seat.PRESIDING, 2**40: Seat.ASSOCIATE})
    with pytest.raises(NotFound):
        await list_hearing(here.session, here.clerk, nobody, LAWFUL, noon)
    plan = here.plan(minutes=400)
    with pytest.raises(BadLength):
        await list_hearing(here.session, here.clerk, plan, LAWFUL, noon)


async def test_the_bench_is_written_down(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.judge, here.plan(minutes=60), LAWFUL, noon)
    assert listed.ends_at - listed.starts_at == HOUR
    (seat,) = await here.session.scalars(select(HearingSeat))
    assert (seat.hearing_id, seat.person_id, seat.seat) == (
        listed.id, here.judge.person_id, Seat.PRESIDING
    )  # fmt: skip
