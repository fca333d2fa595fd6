from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.places.distance import EARTH_RADIUS_M, Point, metres

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@given(points, points, points)
def test_no_detour_is_shorter(one, other, third):
    direct = metres(one, other)
    assert direct == pytest.approx(metres(other, one), abs=1e-3)
    assert 0 <= direct <= 3.1416 * EARTH_RADIUS_M
    assert direct <= metres(one, third) + metres(third, other) + 1


def test_tehran_lies_some_740_kilometres_from_mashhad():
    assert metres(Point(35.69, 51.39), Point(36.30, 59.60)) == pytest.approx(742_000, rel=0.01)


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_a_point_lies_on_earth(lat, lon):
    with pytest.raises(ValueError, match="not a place"):
        Point(lat, lon)
