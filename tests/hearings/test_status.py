"""The states of a hearing."""

from __future__ import annotations

import pytest

from remote_court.errors import WrongState
from remote_court.hearings.status import AHEAD, ENDED, KEEPS_PLACES, NEXT, Status, check


def test_the_table_knows_every_state():
    assert set(NEXT) == set(Status)
    assert {Status.HELD, Status.ADJOURNED, Status.CANCELLED} == ENDED


def test_whatever_has_ended_or_waits_for_a_place_keeps_none():
    assert not KEEPS_PLACES & (ENDED | {Status.DISPLACED, Status.NOT_HELD})
    assert {status for status in Status if Status.CANCELLED in NEXT[status]} >= AHEAD


@pytest.mark.parametrize("old", sorted(Status))
@pytest.mark.parametrize("new", sorted(Status))
def test_only_steps_of_the_table_are_taken(old: Status, new: Status):
    if new in NEXT[old]:
        assert check(old, new) is new
    else:
        with pytest.raises(WrongState):
            check(old, new)
