"""The last packets of a track."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.ring import Ring


@given(st.integers(0, 0xFFFF), st.integers(1, 200))
def test_it_keeps_exactly_the_newest(first: int, count: int) -> None:
    ring = Ring(64)
    numbers = [(first + step) & 0xFFFF for step in range(count)]
    for number in numbers:
        ring.put((number, 0, 0, 0, b""))
    for at, number in enumerate(numbers):
        kept = ring.get(number)
        assert (kept is not None) == (at >= count - 64)
        assert kept is None or kept[0] == number


def test_an_older_packet_of_the_same_place_is_not_mistaken() -> None:
    ring = Ring(64)
    ring.put((5, 0, 0, 0, b"old"))
    assert ring.get(5 + 64) is None


@pytest.mark.parametrize("size", [0, 3, 100, 0x10000])
def test_a_size_that_is_no_power_of_two_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        Ring(size)
