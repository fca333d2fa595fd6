"""Places of the composed picture."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.recording.grid import BAR, HEIGHT, WIDTH, Box, cells, fitted


@pytest.mark.parametrize("count", range(1, 26))
def test_places_lie_side_by_side_within_the_picture_and_below_the_clock(count):
    boxes = [box for cell in cells(count) for box in (cell.picture, cell.label)]
    assert len(boxes) == 2 * count
    for box in boxes:
        assert not any(edge % 2 for edge in (box.left, box.top, box.width, box.height))
        assert box.left >= 0
        assert box.left + box.width <= WIDTH
        assert box.top >= BAR
        assert box.top + box.height <= HEIGHT
    for a, b in itertools.combinations(boxes, 2):
        beside = a.left + a.width <= b.left or b.left + b.width <= a.left
        above = a.top + a.height <= b.top or b.top + b.height <= a.top
        assert beside or above


@given(st.integers(16, 4000), st.integers(16, 4000))
def test_a_picture_fits_its_place_in_its_own_shape(width, height):
    place = Box(100, 40, 640, 308)
    box = fitted((width, height), place)
    assert place.left <= box.left
    assert box.left + box.width <= place.left + place.width
    assert place.top <= box.top
    assert box.top + box.height <= place.top + place.height
    assert box.width >= place.width - 4 or box.height >= place.height - 4
