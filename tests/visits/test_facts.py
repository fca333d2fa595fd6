from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from remote_court.people import Gender
from remote_court.people.inmates import Inmate, InmateStatus
from remote_court.scheduling.models import Session
from remote_court.visits.bans import BanKind, VisitBan
from remote_court.visits.facts import BanFacts, Question, Span, load
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import Visit
from remote_court.visits.permits import Permit, PermitIssuer
from remote_court.visits.status import Status
from tests.visits.stage import SUNDAY, booked
from tests.world import FREE_START, LONG_AGO, NOON

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEK = date(2026, 11, 28)


async def facts(world, *people, day=SUNDAY, week=WEEK, now=NOON, **more):
    span = Span(day, week, now, 60 * DAY)
    who = [person.id for person in people or (world.mother,)]
    asked = Question(inmate_id=world.inmate.id, visitor_ids=who, span=span, **more)
    return await load(world.session, asked)


async def set_status(world, visit_id, status, **visit) -> None:
    owner = update(Session).where(Session.id == visit_id)
    await world.session.execute(owner.values(status=status))
    if visit:
        await world.session.execute(update(Visit).where(Visit.id == visit_id).values(**visit))


async def test_a_mother_is_what_was_entered_about_her(village):
    found = await facts(village)
    (mother,) = found.visitors
    assert (mother.person_id, mother.kinship, mother.sighted) == (
        village.mother.id, KinshipKind.MOTHER, True,
    )  # fmt: skip
    assert (mother.gender, mother.born_on) == (Gender.FEMALE, date(1970, 5, 5))
    assert (mother.permitted, mother.mandated, mother.used, mother.no_shows) == (
        False,
        False,
        0,
        (),
    )
    assert (found.inmate.prison_id, found.inmate.status) == (village.prison.id, InmateStatus.HELD)
    assert (found.bans, found.used_by_inmate, found.lost) == ((), 0, None)


async def test_nobody_is_known_of_an_inmate_who_does_not_exist(village):
    span = Span(SUNDAY, WEEK, NOON, DAY)
    asked = Question(inmate_id=10**9, visitor_ids=[village.mother.id], span=span)
    assert await load(village.session, asked) is None


@pytest.mark.parametrize(
    ("status", "counts", "used"),
    [
        (Status.BOOKED, True, 1),
        (Status.DISPLACED, True, 1),
        (Status.IN_PROGRESS, True, 1),
        (Status.COMPLETED, True, 1),
        (Status.NO_SHOW, True, 1),
        (Status.NO_SHOW, False, 0),
        (Status.CANCELLED, True, 1),
        (Status.CANCELLED, False, 0),
        (Status.LAPSED, True, 0),
        (Status.REJECTED, True, 0),
    ],
)
async def test_what_counts_as_the_weeks_visit(village, status, counts, used):
    sister = await village.relative()
    made = await booked(village, NOON)
    await set_status(village, made.id, status, counts_as_used=counts)
    found = await facts(village, village.mother, sister)
    assert found.used_by_inmate == used
    assert [v.used for v in found.visitors] == [used, 0]
    for other in ({"week": WEEK + 7 * DAY}, {"except_visit": made.id}):
        assert (await facts(village, **other)).used_by_inmate == 0


@pytest.mark.parametrize("status", [Status.HELD, Status.REQUESTED])
async def test_a_hold_counts_up_to_its_minute(village, status):
    made = await booked(village, NOON, held=True)
    await set_status(village, made.id, status)
    until = NOON + 10 * MINUTE
    assert (await facts(village, now=until - MINUTE)).used_by_inmate == 1
    assert (await facts(village, now=until)).used_by_inmate == 0


@pytest.mark.parametrize(("kind", "makeup"), [("lawyer", False), ("family", True)])
async def test_lawyers_talks_and_free_visits_use_nothing(village, kind, makeup):
    first = await booked(village, NOON, starts_at=FREE_START + 7 * DAY)
    made = await booked(village, NOON)
    values = {"kind": kind, "makeup_of": first.id if makeup else None}
    await set_status(village, made.id, Status.BOOKED, **values)
    assert (await facts(village)).used_by_inmate == 0


async def test_only_what_the_visitor_missed_counts_as_missed(village):
    made = await booked(village, NOON)
    await set_status(village, made.id, Status.NO_SHOW, counts_as_used=True)
    later = FREE_START + DAY
    (mother,) = (await facts(village, now=later)).visitors
    assert mother.no_shows == (FREE_START,)
    (mother,) = (await facts(village, now=FREE_START + 61 * DAY)).visitors
    assert mother.no_shows == ()
    await set_status(village, made.id, Status.NO_SHOW, counts_as_used=False)
    (mother,) = (await facts(village, now=later)).visitors
    assert mother.no_shows == ()


@pytest.mark.parametrize(
    ("first", "last", "lifted", "stands"),
    [(0, 0, False, True), (-5, 5, False, True), (1, 5, False, False), (-5, -1, False, False),
     (-5, 5, True, False)],
)  # fmt: skip
async def test_bans_stand_from_their_first_day_to_their_last(village, first, last, lifted, stands):
    village.session.add(
        VisitBan(
            inmate_id=village.inmate.id, visitor_id=None, kind=BanKind.JUDICIAL, reference="1",
            starts_on=SUNDAY + first * DAY, ends_on=SUNDAY + last * DAY,
            entered_by=village.officer.person_id, entered_at=LONG_AGO,
            lifted_at=NOON if lifted else None,
        )
    )  # fmt: skip
    await village.session.flush()
    ban = BanFacts(BanKind.JUDICIAL, None, SUNDAY + first * DAY, SUNDAY + last * DAY)
    assert (await facts(village)).bans == ((ban,) if stands else ())


@pytest.mark.parametrize(
    ("first", "last", "revoked", "permitted"),
    [(0, 0, False, True), (1, 2, False, False), (-2, -1, False, False), (0, 0, True, False)],
)
async def test_a_permit_holds_on_its_days_until_it_is_taken_back(
    village, first, last, revoked, permitted
):
    friend = await village.person()
    village.session.add(
        Permit(
            inmate_id=village.inmate.id, visitor_id=friend.id, reference="1",
            issuer=PermitIssuer.PRISON_WARDEN,
            valid_from=SUNDAY + first * DAY, valid_to=SUNDAY + last * DAY,
            entered_by=village.officer.person_id, entered_at=LONG_AGO,
            revoked_at=NOON if revoked else None,
        )
    )  # fmt: skip
    await village.session.flush()
    (found,) = (await facts(village, friend)).visitors
    assert (found.permitted, found.kinship) == (permitted, None)


async def test_what_a_free_visit_would_make_up_for(village):
    made = await booked(village, NOON)
    await set_status(village, made.id, Status.COMPLETED, lost_seconds=330)
    lost = (await facts(village, makeup_of=made.id)).lost
    assert (lost.lost_minutes, lost.over, lost.made_up) == (5.5, True, False)
    assert (lost.inmate_id, lost.booked_for, lost.week) == (
        village.inmate.id,
        village.mother.id,
        WEEK,
    )
    free = await booked(village, NOON, starts_at=FREE_START + DAY, makeup_of=made.id)
    assert (await facts(village, makeup_of=made.id)).lost.made_up
    assert not (await facts(village, makeup_of=made.id, except_visit=free.id)).lost.made_up
    assert (await facts(village, makeup_of=10**9)).lost is None


@pytest.mark.parametrize(
    ("status", "by_the_visitor", "over"),
    [
        (Status.COMPLETED, True, True),
        (Status.NO_SHOW, False, True),
        (Status.NO_SHOW, True, False),
        (Status.BOOKED, True, False),
        (Status.CANCELLED, False, False),
    ],
)
async def test_only_a_visit_that_failed_its_visitors_is_made_up_for(
    village, status, by_the_visitor, over
):
    made = await booked(village, NOON)
    await set_status(village, made.id, status, counts_as_used=by_the_visitor)
    assert (await facts(village, makeup_of=made.id)).lost.over is over


async def test_the_inmates_own_allowance_and_language_are_read(village):
    inmate = await village.session.get(Inmate, village.inmate.id)
    inmate.weekly_visits = 3
    village.inmate.speaks_persian = False
    await village.session.flush()
    found = (await facts(village)).inmate
    assert (found.weekly_visits, found.speaks_persian) == (3, False)
