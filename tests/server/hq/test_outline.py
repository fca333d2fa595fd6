from __future__ import annotations

from remote_court.server.hq.outline import HEIGHT, WIDTH, inside, path, project, read, rings

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


def test_the_country_fits_the_drawing_and_its_cities_lie_in_it():
    found = read()
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for ring in found for x, y in ring)
    mainland = max(found, key=len)
    for lat, lon in ((35.69, 51.39), (29.5, 60.86), (36.27, 59.6), (31.32, 48.67), (37.55, 45.07)):
        assert inside(project(lat, lon), mainland)
    for lat, lon in ((33.31, 44.37), (25.2, 55.27), (38.5, 51.0)):
        assert not inside(project(lat, lon), mainland)


def test_an_arc_may_be_walked_backwards():
    topology = {
        "transform": {"scale": [0.1, 0.1], "translate": [50, 30]},
        "arcs": [[[0, 0], [10, 0], [0, 10]], [[0, 0], [0, 10], [10, 0]]],
        "objects": {
            "countries": {"geometries": [{"id": "1", "type": "Polygon", "arcs": [[0, ~1]]}]}
        },
    }
    (ring,) = rings(topology, "1")
    assert ring[0] == project(30, 50)
    assert ring[2] == ring[3] == project(31, 51)
    assert ring[-1] == project(30, 50)


def test_inside_counts_crossings():
    assert inside((5, 5), SQUARE)
    assert not inside((15, 5), SQUARE)


def test_a_path_is_written_in_whole_relative_steps():
    assert path([(0.2, 0.1), (10.4, 0.0), (10.4, 0.2), (0.0, -9.8)]) == "M0 0l10 0l-10-10z"
