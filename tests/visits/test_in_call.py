from __future__ import annotations

import itertools

import pytest

from remote_court.calls.kinds import Outcome
from remote_court.visits.in_call import HEARS, SEES, why_not
from remote_court.visits.in_call_roles import INMATE, INTERPRETER, SUPERVISOR, USUAL, VISITOR
from remote_court.visits.models import Visit, VisitKind
from tests.world import NOON

TALKERS = {VISITOR, INMATE, INTERPRETER}


@pytest.mark.parametrize(
    ("kind", "receiver", "sender"), list(itertools.product(VisitKind, USUAL, USUAL))
)
def test_who_hears_and_sees_whom(kind, receiver, sender):
    pair = (receiver, sender)
    talk = {receiver, sender} <= TALKERS and pair != (INMATE, INMATE)
    watch = receiver == SUPERVISOR and sender in TALKERS
    assert (pair in SEES) == (talk or watch)
    assert (pair in HEARS[kind]) == (talk or (watch and kind is not VisitKind.LAWYER))


@pytest.mark.parametrize(
    ("absent", "at_the_desk", "reason"),
    [
        ({VISITOR, INMATE}, False, "visitor_absent"),
        ({VISITOR, INMATE}, True, "inmate_absent"),
        ({INMATE}, True, "inmate_absent"),
        ({INMATE, INTERPRETER}, True, "inmate_absent"),
        ({INTERPRETER}, True, "interpreter_absent"),
        ({VISITOR}, True, "network"),
        (set(), True, "network"),
    ],
)
def test_why_a_call_never_opened(absent, at_the_desk, reason):
    visit = Visit(checked_in_at=NOON if at_the_desk else None)
    outcome = Outcome(opened=False, absent=frozenset(absent), lost=NOON - NOON)
    assert why_not(visit, outcome) == reason
