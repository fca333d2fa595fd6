"""What service does to a sitting: confirmed, moved by itself, displaced, provisional again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from remote_court.audit import AuditEntry
from remote_court.calendars.jalali import gregorian
from remote_court.clock import local
from remote_court.hearings import sweeps
from remote_court.hearings.confirm import CLOSED, NO_TIME, NOT_AS_LISTED, TOO_EARLY
from remote_court.hearings.door import look
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.models import CaseParty
from remote_court.hearings.roles import Address
from remote_court.hearings.status import Status
from remote_court.notices.service import Method, Notice
from remote_court.places import DayClosure
from remote_court.scheduling.models import Reservation
from tests.hearings.times import LAWFUL, at
from tests.world import LONG_AGO

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def delivered(here, at_=None, **where) -> None:
    """Let notices that wait arrive."""
    query = update(Notice).where(Notice.delivered_at.is_(None)).values(delivered_at=at_)
    for name, value in where.items():
        query = query.where(getattr(Notice, name) == value)
    await here.session.execute(query)


async def acts(here, name) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.act == name)
    return list(await here.session.scalars(query))


async def test_it_is_confirmed_when_the_last_of_all_is_served_and_only_once(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    assert await sweeps.confirm_served(here.session, noon) == 0
    for party in (here.plaintiff, here.lawyer):
        await delivered(here, noon, person_id=party.person_id)
    assert await sweeps.confirm_served(here.session, noon) == 0
    assert (await look(here.session, listed.id)).status is Status.PROVISIONAL
    await delivered(here, noon)
    assert await sweeps.confirm_served(here.session, noon + HOUR) == 1
    opened = await look(here.session, listed.id)
    assert (opened.status, opened.hearing.confirmed_at) == (Status.CONFIRMED, noon + HOUR)
    assert await sweeps.confirm_served(here.session, noon + HOUR) == 0
    (entry,) = await acts(here, "hearing.confirmed")
    assert (entry.actor_id, entry.place_id) == (None, here.branch.id)


@pytest.mark.parametrize(
    ("served", "start", "status"),
    [
        ((9, 1), at(9, 7, 9), Status.CONFIRMED),  # five clear days, as the law's vector has it
        ((9, 2), at(9, 7, 9), None),
        ((9, 2), at(9, 8, 9), Status.CONFIRMED),
    ],
)
async def test_the_vector_of_the_law_decides_end_to_end(court_world, noon, served, start, status):
    here = court_world
    then = at(8, 25, 12)
    listed = await list_hearing(here.session, here.clerk, here.plan(), start, then)
    await delivered(here, at(*served, 12))
    await sweeps.confirm_served(here.session, at(*served, 13))
    opened = await look(here.session, listed.id)
    if status is not None:
        assert opened.status is status
        return
    assert (opened.status, opened.hearing.date_no) == (Status.PROVISIONAL, 2)
    assert local(opened.session.starts_at).date() == gregorian(1405, 9, 8)


async def test_a_date_that_service_made_unlawful_moves_by_itself_to_the_first_lawful_time(
    court_world, noon
):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    late = noon + 2 * DAY
    await delivered(here, noon, person_id=here.plaintiff.person_id)
    await delivered(here, late)
    assert await sweeps.confirm_served(here.session, late) == 1
    opened = await look(here.session, listed.id)
    assert (opened.status, opened.hearing.date_no) == (Status.PROVISIONAL, 2)
    assert opened.session.starts_at == at(9, 11, 7, 30)
    fresh = await here.session.scalars(select(Notice).where(Notice.date_no == 2))
    assert {(n.occasion, n.delivered_at) for n in fresh} == {("moved", None)}
    (entry,) = await acts(here, "hearing.moved")
    assert (entry.actor_id, entry.detail["reason"]) == (None, TOO_EARLY.message)
    await delivered(here, late)
    await sweeps.confirm_served(here.session, late)
    assert (await look(here.session, listed.id)).status is Status.CONFIRMED


async def test_where_no_lawful_time_is_free_it_is_displaced_and_holds_nothing(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    late = noon + 2 * DAY
    await delivered(here, late)
    for unit in here.world.rooms:
        unit.in_service = False
    await here.session.flush()
    await sweeps.confirm_served(here.session, late)
    opened = await look(here.session, listed.id)
    assert (opened.status, opened.hearing.displaced_reason) == (
        Status.DISPLACED, NO_TIME.message
    )  # fmt: skip
    assert await here.session.scalar(select(Reservation.resource_id)) is None
    assert {part.unit_id for part in opened.parts} == {None}


async def test_what_cannot_be_held_as_it_was_listed_waits_for_the_court(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    here.defendant.needs_interpreter = True
    late = noon + 2 * DAY
    await delivered(here, late)
    await sweeps.confirm_served(here.session, late)
    opened = await look(here.session, listed.id)
    assert (opened.status, opened.hearing.displaced_reason) == (
        Status.DISPLACED, NOT_AS_LISTED.message
    )  # fmt: skip


async def test_publication_serves_from_the_day_it_appeared_and_paper_from_the_officer_s(
    court_world, noon
):
    here = court_world
    here.defendant.address = Address.UNKNOWN
    await here.session.flush()
    start = at(10, 5, 9)
    listed = await list_hearing(here.session, here.clerk, here.plan(), start, noon)
    await delivered(here, noon, method=Method.SANA)
    assert await sweeps.confirm_served(here.session, noon) == 0
    query = update(Notice).where(Notice.method == Method.PUBLICATION)
    await here.session.execute(query.values(published_on=date(2026, 11, 24)))
    assert await sweeps.confirm_served(here.session, noon) == 1
    assert (await look(here.session, listed.id)).status is Status.CONFIRMED


async def test_who_joins_the_case_is_served_and_the_sitting_waits_for_it(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    await delivered(here, noon)
    await sweeps.confirm_served(here.session, noon)
    assert await sweeps.summon_newcomers(here.session, noon) == 0
    third = await here.party()
    assert await sweeps.summon_newcomers(here.session, noon) == 1
    assert (await look(here.session, listed.id)).status is Status.PROVISIONAL
    assert await sweeps.summon_newcomers(here.session, noon) == 0
    await delivered(here, noon, person_id=third.person_id)
    await sweeps.confirm_served(here.session, noon)
    assert (await look(here.session, listed.id)).status is Status.CONFIRMED


async def test_who_left_the_case_need_not_be_served(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    for party in (here.plaintiff, here.defendant):
        await delivered(here, noon, person_id=party.person_id)
    assert await sweeps.confirm_served(here.session, noon) == 0
    gone = update(CaseParty).where(CaseParty.id == here.lawyer.id).values(left_at=noon)
    await here.session.execute(gone)
    assert await sweeps.confirm_served(here.session, noon) == 1
    assert (await look(here.session, listed.id)).status is Status.CONFIRMED


@pytest.mark.parametrize("scope", ["country", "23", "11", "branch", "office", "elsewhere", "24"])
async def test_a_sitting_leaves_a_day_that_was_closed_since_and_others_stay(
    court_world, noon, scope
):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    places = {"branch": here.branch.id, "office": here.world.office.id, "elsewhere": 2**40}
    if scope in places:
        where = {"place_id": places[scope]}
    else:
        where = {} if scope == "country" else {"province_code": scope}
    closed = DayClosure(day=local(LAWFUL).date(), reason="برف", entered_at=LONG_AGO, **where)
    here.session.add(closed)
    await here.session.flush()
    touched = scope not in {"elsewhere", "24"}
    assert await sweeps.leave_closed_days(here.session, noon) == touched
    opened = await look(here.session, listed.id)
    assert opened.session.starts_at == (at(9, 10, 7, 30) if touched else LAWFUL)
    assert (opened.status, opened.hearing.date_no) == (Status.PROVISIONAL, 1 + touched)
    assert await sweeps.leave_closed_days(here.session, noon) == 0
    moves = await acts(here, "hearing.moved")
    assert [entry.detail["reason"] for entry in moves] == [CLOSED.message] * touched


async def test_a_sitting_whose_time_passed_unopened_was_not_held(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    assert await sweeps.not_held(here.session, listed.ends_at - HOUR / 60) == 0
    assert await sweeps.not_held(here.session, listed.ends_at) == 1
    opened = await look(here.session, listed.id)
    assert opened.status is Status.NOT_HELD
    assert await here.session.scalar(select(Reservation.resource_id)) is None
    assert await sweeps.not_held(here.session, listed.ends_at) == 0
    assert len(await acts(here, "hearing.not_held")) == 1
