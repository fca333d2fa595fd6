"""A sitting is adjourned for a reason in the law's words, and the next one is soon and lawful."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.calendars.jalali import gregorian
from remote_court.errors import WrongState
from remote_court.hearings.adjourn import Adjournment, adjourn
from remote_court.hearings.adjournment import PARTIES_OWN, Code
from remote_court.hearings.door import look
from remote_court.hearings.lawful import UnlawfulDate
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.models import Hearing
from remote_court.hearings.roles import Address
from remote_court.hearings.rules import ListingRefused
from remote_court.hearings.status import Status
from remote_court.scheduling.models import Reservation
from tests.hearings.times import LAWFUL, at


async def listed_at(here, start, now):
    return await list_hearing(here.session, here.clerk, here.plan(), start, now)


async def test_the_next_sitting_follows_with_its_number_in_the_same_stroke(court_world, noon):
    here = court_world
    first = await listed_at(here, LAWFUL, noon)
    why = Adjournment(Code.JUDGE_ABSENT, "بیماری", at(9, 29, 10))
    done = await adjourn(here.session, here.judge, first.id, why, noon)
    assert (done.following.number, done.following.starts_at) == (2, at(9, 29, 10))
    assert done.latest == gregorian(1405, 11, 3)
    was = await look(here.session, first.id)
    assert was.status is Status.ADJOURNED
    assert (was.hearing.adjournment, was.hearing.end_reason) == (Code.JUDGE_ABSENT, "بیماری")
    following = await here.session.get(Hearing, done.following.id)
    assert following.follows_id == first.id
    held = set(await here.session.scalars(select(Reservation.session_id)))
    assert held == {done.following.id}


@pytest.mark.parametrize("code", list(Code))
async def test_where_the_parties_do_not_answer_for_it_the_next_is_within_two_months(
    court_world, noon, code
):
    here = court_world
    first = await listed_at(here, LAWFUL, noon)
    why = Adjournment(code, next_start=at(11, 10, 9))
    if code in PARTIES_OWN:
        done = await adjourn(here.session, here.clerk, first.id, why, noon)
        assert (done.following.number, done.latest) == (2, None)
        return
    with pytest.raises(ListingRefused) as refused:
        await adjourn(here.session, here.clerk, first.id, why, noon)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.values) == ("too-late", {"day": gregorian(1405, 11, 3)})
    assert reason.source["en"] == "Civil Procedure Code, note to art. 100"


async def test_the_clear_days_come_first_also_where_they_end_after_two_months(court_world, noon):
    here = court_world
    first = await listed_at(here, LAWFUL, noon)
    here.defendant.address = Address.ABROAD
    await here.session.flush()
    nested = await here.session.begin_nested()
    why = Adjournment(Code.QUORUM, next_start=at(11, 3, 9))
    with pytest.raises(UnlawfulDate):
        await adjourn(here.session, here.clerk, first.id, why, noon)
    await nested.rollback()
    why = Adjournment(Code.QUORUM, next_start=at(11, 5, 9))
    done = await adjourn(here.session, here.clerk, first.id, why, noon)
    assert done.following.starts_at == at(11, 5, 9)


async def test_the_parties_may_jointly_ask_for_another_date_once(court_world, noon):
    here = court_world
    first = await listed_at(here, LAWFUL, noon)
    why = Adjournment(Code.JOINT_REQUEST, next_start=at(9, 29, 10))
    done = await adjourn(here.session, here.clerk, first.id, why, noon)
    with pytest.raises(ListingRefused) as refused:
        await adjourn(here.session, here.clerk, done.following.id, why, noon)
    assert [r.code for r in refused.value.reasons] == ["postponed-already"]
    assert refused.value.reasons[0].source["en"] == "Civil Procedure Code, art. 99"


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(status, status in {Status.PROVISIONAL, Status.CONFIRMED, Status.DISPLACED,
                         Status.IN_PROGRESS, Status.NOT_HELD}) for status in Status],
)  # fmt: skip
async def test_it_is_adjourned_before_during_or_after_its_time_but_not_once_ended(
    court_world, noon, status, allowed
):
    here = court_world
    first = await listed_at(here, LAWFUL, noon)
    opened = await look(here.session, first.id)
    opened.session.status = status
    await here.session.flush()
    why = Adjournment(Code.WITNESS_ABSENT)
    if not allowed:
        with pytest.raises(WrongState):
            await adjourn(here.session, here.clerk, first.id, why, noon)
        return
    done = await adjourn(here.session, here.clerk, first.id, why, noon)
    assert done.following is None
    assert (await look(here.session, first.id)).status is Status.ADJOURNED
