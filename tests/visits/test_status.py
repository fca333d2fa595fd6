from __future__ import annotations

import itertools

import pytest

from remote_court.errors import WrongState
from remote_court.visits.status import ENDED, KEEPS_PLACES, NEXT, Status, check

S = Status


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Status, Status)))
def test_a_visit_goes_exactly_where_the_table_says(old, new):
    if new in NEXT[old]:
        assert check(old, new) is new
    else:
        with pytest.raises(WrongState):
            check(old, new)


def test_every_state_has_its_row_and_none_leads_to_itself():
    assert set(NEXT) == set(Status)
    assert not any(state in following for state, following in NEXT.items())


def test_every_state_can_be_reached_and_every_life_can_end():
    reached = {S.HELD, S.REQUESTED, S.BOOKED}
    for _ in Status:
        reached |= {new for old in reached for new in NEXT[old]}
    assert reached == set(Status)
    for start in set(Status) - ENDED:
        seen = {start}
        for _ in Status:
            seen |= {new for old in seen for new in NEXT[old]}
        assert seen & ENDED


def test_what_has_ended_keeps_nothing():
    assert {S.COMPLETED, S.CANCELLED, S.NO_SHOW, S.LAPSED, S.REJECTED} == ENDED
    assert not ENDED & KEEPS_PLACES
    assert set(Status) - ENDED - KEEPS_PLACES == {S.DISPLACED}
