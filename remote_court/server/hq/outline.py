"""The country's outline, out of the world atlas (Natural Earth) that the build fetches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import Any, Final

from remote_court.assets import manifest, static_dir

Point = tuple[float, float]
"""Across and down, on the drawing."""

IRAN: Final = "364"
ATLAS: Final = "vendor/world-atlas/countries-50m.json"
WEST, NORTH, MIDDLE = 43.8, 39.95, 32.5
SCALE: Final = 54.0
WIDTH, HEIGHT = 900, 820


def project(lat: float, lon: float) -> Point:
    """A place on the drawing: degrees stretched so that the middle of the country is true."""
    return (lon - WEST) * cos(radians(MIDDLE)) * SCALE, (NORTH - lat) * SCALE


def read() -> list[list[Point]]:
    """The outlines of the mainland and its islands, on the drawing."""
    file = static_dir() / manifest()[ATLAS]
    return rings(json.loads(file.read_text()), IRAN)


def rings(topology: Mapping[str, Any], country: str) -> list[list[Point]]:
    """Decode one country's outer rings out of a TopoJSON topology."""
    shapes = topology["objects"]["countries"]["geometries"]
    shape = next(one for one in shapes if one.get("id") == country)
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    return [ring(topology, polygon[0]) for polygon in polygons]


def ring(topology: Mapping[str, Any], arcs: Sequence[int]) -> list[Point]:
    """Join arcs into one ring; a negative number is an arc walked backwards."""
    joined: list[Point] = []
    for number in arcs:
        points = arc(topology, number if number >= 0 else ~number)
        joined += points if number >= 0 else points[::-1]
    return joined


def arc(topology: Mapping[str, Any], number: int) -> list[Point]:
    """Decode an arc: each pair is a step from the one before, in whole units of the grid."""
    (wide, high), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points: list[Point] = []
    for step_x, step_y in topology["arcs"][number]:
        x, y = x + step_x, y + step_y
        points.append(project(y * high + low, x * wide + left))
    return points


def inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies in a ring, by counting crossings."""
    x, y = point
    found = False
    before = ring[-1]
    for here in ring:
        if (here[1] > y) != (before[1] > y):
            at = (before[0] - here[0]) * (y - here[1]) / (before[1] - here[1]) + here[0]
            found ^= x < at
        before = here
    return found


def path(points: Sequence[Point], *, close: bool = True) -> str:
    """An SVG path through points, in whole units, steps written relative to save bytes."""
    whole = [(round(x), round(y)) for x, y in points]
    written = [f"M{whole[0][0]} {whole[0][1]}"]
    last = whole[0]
    for x, y in whole[1:]:
        if (x, y) != last:
            written.append(f"l{x - last[0]} {y - last[1]}")
            last = (x, y)
    return "".join(written).replace(" -", "-") + ("z" if close else "")
