"""Which encoding whom: by tables, and by what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.allocation import Encoding, Picture, allocate

Q, H, F = Encoding((320, 180), 150e3), Encoding((640, 360), 500e3), Encoding((1280, 720), 1.5e6)
LAYERS = (Q, H, F)


@pytest.mark.parametrize(
    ("tile", "chosen"),
    [
        (None, 2),
        ((0, 0), 0),
        ((160, 90), 0),
        ((320, 180), 0),
        ((400, 225), 0),
        ((480, 270), 1),
        ((640, 360), 1),
        ((390, 844), 1),
        ((1280, 720), 2),
        ((3840, 2160), 2),
    ],
)
def test_a_tile_gets_the_smallest_picture_that_fills_it(
    tile: tuple[int, int] | None, chosen: int
) -> None:
    assert allocate(None, [Picture(LAYERS, tile)]) == [chosen]


@pytest.mark.parametrize(
    ("budget", "tiles", "chosen"),
    [
        (0, [None], [None]),
        (149e3, [None], [None]),
        (180e3, [None], [0]),
        (600e3, [None], [1]),
        (1.7e6, [None], [1]),
        (1.8e6, [None], [2]),
        (200e3, [None, None], [0, None]),
        (360e3, [None, None], [0, 0]),
        (780e3, [None, None], [1, 0]),
        (780e3, [(320, 180), (1280, 720)], [0, 1]),
        (9e6, [(320, 180), None], [0, 2]),
    ],
)
def test_a_budget_buys_something_of_everybody_first(
    budget: float, tiles: list[tuple[int, int] | None], chosen: list[int | None]
) -> None:
    assert allocate(budget, [Picture(LAYERS, tile) for tile in tiles]) == chosen


def test_a_budget_that_is_not_strict_buys_the_smallest_in_any_case() -> None:
    assert allocate(0, [Picture(LAYERS), Picture(LAYERS)], strict=False) == [0, 0]
    assert allocate(400e3, [Picture(LAYERS), Picture(LAYERS)], strict=False) == [0, 0]


def test_what_is_carried_stays_where_a_step_up_would_not_be_made() -> None:
    assert allocate(550e3, [Picture(LAYERS)]) == [0]
    assert allocate(550e3, [Picture(LAYERS, carried=1)]) == [1]
    assert allocate(499e3, [Picture(LAYERS, carried=1)]) == [0]


encodings = st.lists(
    st.builds(
        Encoding,
        st.tuples(st.integers(0, 4000), st.integers(0, 4000)),
        st.floats(0, 5e6),
    ),
    min_size=1,
    max_size=4,
).map(lambda some: sorted(some, key=lambda e: (e.pixels, e.bps)))
pictures = st.lists(
    st.builds(
        Picture,
        encodings,
        st.none() | st.tuples(st.integers(0, 4000), st.integers(0, 4000)),
        st.none() | st.integers(0, 3),
    ),
    max_size=6,
)


@given(st.floats(0, 2e7), pictures)
def test_nobody_gets_more_than_the_budget_or_than_is_useful(
    budget: float, watched: list[Picture]
) -> None:
    given_out = allocate(budget, watched)
    spent = 0.0
    for picture, level in zip(watched, given_out, strict=True):
        if level is not None:
            assert 0 <= level <= picture.useful
            spent += picture.encodings[level].bps
    assert spent <= budget + 1


@given(pictures)
def test_without_a_limit_everybody_gets_what_is_useful(watched: list[Picture]) -> None:
    assert allocate(None, watched) == [picture.useful for picture in watched]
    rich = allocate(1e12, watched)
    assert rich == allocate(None, watched)
