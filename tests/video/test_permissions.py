"""The table of who hears and sees whom."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.permissions import Kind, Permissions

from .court import LAWYER, ROLES, SEES_ALL

PAIRS = list(itertools.product(ROLES, ROLES))
tables = st.builds(
    Permissions,
    hears=st.frozensets(st.sampled_from(PAIRS)),
    sees=st.frozensets(st.sampled_from(PAIRS)),
    silent=st.frozensets(st.sampled_from(ROLES)),
)


@pytest.mark.parametrize(("receiver", "sender"), PAIRS)
def test_a_lawyers_visit_is_seen_but_not_heard_by_a_supervisor(receiver: str, sender: str) -> None:
    private = receiver == "supervisor" and sender != "supervisor"
    assert LAWYER.may_hear(receiver, sender) is not private
    assert LAWYER.may_see(receiver, sender)


def test_what_is_not_in_the_table_is_forbidden() -> None:
    assert not Permissions().may_hear("visitor", "inmate")
    assert not Permissions().may_see("visitor", "inmate")
    assert Permissions().audience(Kind.AUDIO, "inmate") == frozenset()


def test_seeing_can_be_taken_away_too() -> None:
    table = SEES_ALL.without_seeing(("visitor", "supervisor"))
    assert not table.may_see("visitor", "supervisor")
    assert table.may_hear("visitor", "supervisor")


@given(tables, st.sampled_from(PAIRS), st.sampled_from(Kind))
def test_an_audience_is_exactly_who_may(
    table: Permissions, pair: tuple[str, str], kind: Kind
) -> None:
    receiver, sender = pair
    may = table.may_hear if kind is Kind.AUDIO else table.may_see
    assert (receiver in table.audience(kind, sender)) == may(receiver, sender)


@given(tables)
def test_a_table_survives_json(table: Permissions) -> None:
    assert Permissions.from_json(json.loads(json.dumps(table.to_json()))) == table
