"""A cancelled sitting frees its places at once and tells everybody who was summoned."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.errors import Forbidden, NotFound, WrongState
from remote_court.hearings.cancel import cancel
from remote_court.hearings.door import WhyNeeded, look
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.status import Status
from remote_court.notices.service import Notice
from remote_court.scheduling.models import Reservation
from tests.hearings.times import LAWFUL


async def test_its_places_are_free_and_everybody_is_told(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    await cancel(here.session, here.judge, listed.id, " سازش طرفین ", noon)
    opened = await look(here.session, listed.id)
    hearing = opened.hearing
    assert opened.status is Status.CANCELLED
    assert (hearing.end_reason, hearing.ended_by) == ("سازش طرفین", here.judge.person_id)
    assert await here.session.scalar(select(Reservation.resource_id)) is None
    rows = list(await here.session.scalars(select(Notice).where(Notice.occasion == "cancelled")))
    assert {row.person_id for row in rows} == {
        party.person_id for party in (here.plaintiff, here.defendant, here.lawyer)
    }
    again = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    assert again.number == 2


async def test_a_reason_is_needed_and_the_branch_s_own_hand(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    other = await here.world.staff(here.clerk.role, (await here.new_branch()).id)
    for actor, reason, refusal in [
        (here.clerk, " ", WhyNeeded),
        (here.clerk, "x" * 501, WhyNeeded),
        (other, "علت", NotFound),
        (here.world.officer, "علت", Forbidden),
    ]:
        with pytest.raises(refusal):
            await cancel(here.session, actor, listed.id, reason, noon)
    await cancel(here.session, here.clerk, listed.id, "علت", noon)
    with pytest.raises(WrongState):
        await cancel(here.session, here.clerk, listed.id, "علت", noon)
