"""A number is shared out in whole parts that add up and follow the weights."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remote_court.demo.seed.apportion import apportion

WEIGHTS = st.lists(st.floats(0.1, 1e4), min_size=1, max_size=40)


@given(total=st.integers(0, 5000), weights=WEIGHTS, least=st.integers(0, 5))
def test_shares_add_up_and_nobody_gets_less_than_the_least(total, weights, least):
    shares = apportion(total, weights, least=least)
    assert sum(shares) == total
    assert len(shares) == len(weights)
    assert min(shares) >= (least if total >= least * len(weights) else 0)


@given(total=st.integers(0, 5000), weights=WEIGHTS)
def test_no_share_is_a_whole_part_away_from_the_exact_one(total, weights):
    whole = sum(weights)
    for share, weight in zip(apportion(total, weights), weights, strict=True):
        assert abs(share - total * weight / whole) <= 1
