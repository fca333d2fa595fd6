from __future__ import annotations

import itertools

import pytest

from remote_court.calls.models import Call, CallStatus
from remote_court.calls.states import NEXT, move
from remote_court.errors import WrongState
from remote_court.video.ports import State


@pytest.mark.parametrize(("old", "new"), list(itertools.product(CallStatus, CallStatus)))
def test_a_call_moves_by_exactly_the_table(old, new):
    call = Call(status=old, revision=4)
    if new in NEXT[old]:
        move(call, new, "why")
        assert (call.status, call.revision, call.reason) == (new, 5, "why")
    else:
        with pytest.raises(WrongState):
            move(call, new)
        assert (call.status, call.revision) == (old, 4)


def test_the_words_are_those_of_video():
    assert [s.value for s in CallStatus] == [s.value for s in State]
