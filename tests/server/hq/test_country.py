from __future__ import annotations

import pytest

from remote_court.places import Province
from remote_court.server.hq.country import (
    State,
    dots,
    drawing,
    provinces,
    shade_steps,
    sites,
    state_of,
)
from remote_court.visits.load import OfficeLoad


def office(number, booked, room_for, province="23", lat=35.7, lon=51.4):
    return OfficeLoad(
        number, str(number), ("د", "O"), ("ت", "T"), province, lat, lon, 2, booked, room_for
    )


def province(code, lat=30.0, lon=55.0):
    return Province(
        code=code, name_fa=code, name_en=code, capital_fa="", capital_en="",
        population=1, lat=lat, lon=lon,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("booked", "room_for", "state"),
    [
        (0, 0, State.CLOSED),
        (0, 26, State.OPEN),
        (19, 26, State.OPEN),
        (20, 26, State.BUSY),
        (25, 26, State.FULL),
        (30, 26, State.FULL),
    ],
)
def test_an_office_is_open_busy_full_or_closed(booked, room_for, state):
    assert state_of(office(1, booked, room_for)) is state


def test_a_province_adds_up_its_offices_and_names_its_fullest():
    offices = [office(1, 10, 20), office(2, 20, 20), office(3, 0, 0), office(4, 0, 20, "11")]
    tehran, other, empty = provinces(offices, [province("23"), province("11"), province("30")])
    assert (tehran.offices, tehran.closed, tehran.booked, tehran.room_for) == (3, 1, 30, 40)
    assert (tehran.percent, tehran.shade((20, 40, 60, 80, 95))) == (75, 3)
    assert [o.id for o in tehran.worst] == [2, 1]
    assert (other.percent, other.worst) == (0, [])
    assert (empty.percent, empty.offices) == (None, 0)


@pytest.mark.parametrize(
    ("booked", "steps"),
    [
        (0, (2, 3, 5, 7, 8)),
        (9, (2, 3, 5, 7, 8)),
        (45, (8, 17, 25, 33, 42)),
        (130, (17, 33, 50, 67, 83)),
    ],
)
def test_shades_are_spread_so_that_the_fullest_province_is_dark(booked, steps):
    loads = provinces([office(1, booked, 100)], [province("23")])
    assert shade_steps(loads) == steps
    assert loads[0].shade(steps) == (5 if booked else 0)


def test_every_office_is_one_dot_of_its_state():
    found = dots([office(1, 26, 26), office(2, 0, 26), office(3, 0, 26)])
    assert [found[s].count("h0") for s in (State.OPEN, State.FULL, State.CLOSED)] == [2, 1, 0]


def test_areas_are_drawn_for_every_province_that_has_an_office():
    offices = [office(1, 0, 1), office(2, 0, 1, "11", 29.5, 60.86)]
    drawn = drawing(sites(offices))
    assert set(drawn.areas) == set(drawn.labels) == {"23", "11"}
    assert drawn.outline.startswith("M")
    assert drawing(sites(reversed(offices))) is drawn
