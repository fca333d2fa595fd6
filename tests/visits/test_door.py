from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.errors import NotFound, WrongState
from remote_court.people import Role
from remote_court.visits.door import begun, look, open_visit, side_of
from remote_court.visits.models import VisitKind
from remote_court.visits.status import Status
from tests.visits.stage import booked
from tests.world import FREE_START, NOON


async def test_a_visit_opens_with_its_session_and_its_visitors_in_order(village):
    sister = await village.relative()
    made = await booked(village, NOON, visitor_ids=(sister.id, village.mother.id))
    for way in (look, open_visit):
        opened = await way(village.session, made.id)
        assert (opened.visit.id, opened.session.id) == (made.id, made.id)
        assert opened.visitor_ids == tuple(sorted((village.mother.id, sister.id)))
        assert opened.status is Status.BOOKED
        with pytest.raises(NotFound):
            await way(village.session, 10**9)


async def test_the_door_goes_where_the_table_says_and_ends_the_holding(village):
    made = await booked(village, NOON, held=True)
    opened = await open_visit(village.session, made.id)
    with pytest.raises(WrongState):
        opened.move_to(Status.COMPLETED)
    assert opened.session.hold_until is not None
    opened.move_to(Status.REQUESTED)
    assert opened.session.hold_until is not None
    opened.move_to(Status.BOOKED)
    assert (opened.status, opened.session.hold_until) == (Status.BOOKED, None)


async def test_each_side_acts_in_its_own_role_and_nobody_else_in_any(village):
    opened = await look(village.session, (await booked(village, NOON)).id)
    sides = {
        village.actor(village.mother): Role.FAMILY,
        village.clerk: Role.OFFICE_CLERK,
        village.manager: Role.OFFICE_CLERK,
        village.officer: Role.PRISON_OFFICER,
    }
    for actor, side in sides.items():
        assert side_of(actor, opened) is side
    opened.visit.kind = VisitKind.LAWYER
    assert side_of(village.actor(village.mother), opened) is Role.LAWYER
    strangers = [
        village.actor(await village.person()),
        await village.staff(Role.OFFICE_CLERK, 10**6),
        await village.staff(Role.AUDITOR, None),
    ]
    for actor in strangers:
        with pytest.raises(NotFound):
            side_of(actor, opened)


async def test_only_a_booked_visit_begins(village):
    opened = await look(village.session, (await booked(village, NOON)).id)
    assert not begun(opened, FREE_START - timedelta(microseconds=1))
    assert begun(opened, FREE_START)
    opened.session.status = Status.DISPLACED
    assert not begun(opened, FREE_START)
