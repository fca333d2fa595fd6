from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from remote_court.server.hq import cells
from remote_court.server.hq.cells import borders, centre, chains, neighbours, owners
from remote_court.server.hq.outline import inside

cell = st.tuples(st.integers(-30, 30), st.integers(-30, 30))


@given(cell)
def test_neighbours_know_each_other_and_are_equally_far(here):
    x, y = centre(here)
    for near in neighbours(here):
        assert here in neighbours(near)
        nx, ny = centre(near)
        far = ((nx - x) ** 2 + (ny - y) ** 2) ** 0.5
        assert abs(far - 3**0.5 * cells.SIDE) < 1e-9


@given(cell)
def test_an_edge_is_the_same_two_corners_from_both_sides(here):
    corners = Counter()
    for one in (here, *neighbours(here)):
        x, y = cells.lattice(one)
        corners.update((x + dx, y + dy) for dx, dy in cells.AROUND)
    x, y = cells.lattice(here)
    assert all(corners[x + dx, y + dy] == 3 for dx, dy in cells.AROUND)


@given(st.dictionaries(cell, st.sampled_from("abc"), min_size=1, max_size=60))
def test_rings_are_closed_and_hold_exactly_their_cells(owned):
    found = borders(owned)
    assert set(found) == set(owned.values())
    for at, owner in owned.items():
        within = {o for o, rings in found.items() for r in rings if inside(centre(at), r)}
        assert owner in within


def test_edges_join_into_rings():
    edges = {(0, 0): [(1, 0)], (1, 0): [(1, 1)], (1, 1): [(0, 0)]}
    assert chains(edges) == [[(0, 0), (1, 0), (1, 1)]]


@given(
    st.lists(
        st.tuples(st.tuples(st.floats(0, 900), st.floats(0, 800)), st.sampled_from("abcd")),
        min_size=1,
        max_size=30,
    ),
    st.tuples(st.integers(0, 90), st.integers(0, 70)),
)
def test_a_cell_goes_with_its_nearest_site(sites, here):
    x, y = centre(here)

    def far(site):
        return (site[0][0] - x) ** 2 + (site[0][1] - y) ** 2

    best = min(map(far, sites))
    assert owners([here], sites)[here] in {s[1] for s in sites if far(s) <= best + 1e-9}


def test_without_sites_nothing_is_owned():
    assert owners([(0, 0)], []) == {}
