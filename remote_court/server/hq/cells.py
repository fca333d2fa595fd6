"""Areas of provinces drawn from where the offices stand: each cell goes with its nearest office.

No register of borders is used, so the drawing says where offices serve and claims no boundary.
Cells are hexagons; their common edges are walked once, so that neighbours share every line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import sqrt

from remote_court.server.hq.outline import HEIGHT, WIDTH, Point

SIDE = 6.0
Cell = tuple[int, int]
Corner = tuple[int, int]
"""A corner on the lattice: a third of a column and half a row are one unit."""

AROUND: Sequence[Corner] = ((2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1), (1, -1))
BUCKET = 40.0


def centre(cell: Cell) -> Point:
    """The middle of a cell, on the drawing."""
    column, row = cell
    return 1.5 * SIDE * column, sqrt(3) * SIDE * (row + (column % 2) / 2)


def lattice(cell: Cell) -> Corner:
    """The middle of a cell, on the lattice of corners."""
    column, row = cell
    return 3 * column, 2 * row + column % 2


def place(corner: Corner) -> Point:
    """A corner on the drawing."""
    return corner[0] * SIDE / 2, corner[1] * sqrt(3) * SIDE / 2


def neighbours(cell: Cell) -> list[Cell]:
    """The six cells around a cell, in the order of its edges."""
    column, row = cell
    low = row + column % 2
    return [
        (column + 1, low),
        (column, row + 1),
        (column - 1, low),
        (column - 1, low - 1),
        (column, row - 1),
        (column + 1, low - 1),
    ]


def covering(is_inside: Callable[[Point], bool]) -> set[Cell]:
    """The cells whose middle lies inside, and one ring of cells around them."""
    columns = range(-1, round(WIDTH / (1.5 * SIDE)) + 2)
    rows = range(-1, round(HEIGHT / (sqrt(3) * SIDE)) + 2)
    core = {(c, r) for c in columns for r in rows if is_inside(centre((c, r)))}
    return core | {near for cell in core for near in neighbours(cell)}


def owners(cells: Iterable[Cell], sites: Collection[tuple[Point, str]]) -> dict[Cell, str]:
    """The owner of the site nearest to each cell's middle."""
    buckets: dict[Cell, list[tuple[Point, str]]] = defaultdict(list)
    for (x, y), owner in sites:
        buckets[int(x // BUCKET), int(y // BUCKET)].append(((x, y), owner))
    return {cell: nearest(centre(cell), buckets) for cell in cells} if sites else {}


def nearest(point: Point, buckets: Mapping[Cell, Sequence[tuple[Point, str]]]) -> str:
    """Look in ever wider squares of buckets until nothing nearer can be outside them."""
    x, y = point
    home = int(x // BUCKET), int(y // BUCKET)
    best, found = float("inf"), ""
    reach = 0
    while best > ((reach - 1) * BUCKET) ** 2 or not found:
        for at in edge_of_square(home, reach):
            for (sx, sy), owner in buckets.get(at, ()):
                far = (sx - x) ** 2 + (sy - y) ** 2
                if far < best:
                    best, found = far, owner
        reach += 1
    return found


def edge_of_square(home: Cell, reach: int) -> Iterable[Cell]:
    """The buckets at exactly this distance from home."""
    span = range(-reach, reach + 1)
    return {
        (home[0] + dx, home[1] + dy) for dx in span for dy in span if reach in {abs(dx), abs(dy)}
    }


def borders(owned: Mapping[Cell, str]) -> dict[str, list[list[Point]]]:
    """The rings around each owner's cells, their zigzag drawn straight.

    A ring runs through the middles of edges, which takes the teeth out of it, and through the
    corners where three owners meet, so that no gap is left there.
    """
    meet: dict[Corner, set[str | None]] = defaultdict(set)
    steps: dict[str, dict[Corner, list[Corner]]] = defaultdict(lambda: defaultdict(list))
    for cell, owner in owned.items():
        middle = lattice(cell)
        corners = [(middle[0] + dx, middle[1] + dy) for dx, dy in AROUND]
        for n, near in enumerate(neighbours(cell)):
            other = owned.get(near)
            start, end = corners[n], corners[(n + 1) % 6]
            meet[start] |= {owner, other}
            meet[end] |= {owner, other}
            if other != owner:
                steps[owner][start].append(end)
    return {
        owner: [smooth(found, meet) for found in chains(edges)] for owner, edges in steps.items()
    }


def chains(edges: Mapping[Corner, list[Corner]]) -> list[list[Corner]]:
    """Join directed edges into closed rings."""
    left = {start: list(ends) for start, ends in edges.items()}
    found: list[list[Corner]] = []
    for start in edges:
        while left[start]:
            ring, here = [start], left[start].pop()
            while here != start:
                ring.append(here)
                here = left[here].pop()
            found.append(ring)
    return found


def smooth(ring: Sequence[Corner], meet: Mapping[Corner, Collection[str | None]]) -> list[Point]:
    """A ring through the middles of its edges, and through corners where three owners meet."""
    points: list[Point] = []
    for n, corner in enumerate(ring):
        x, y = place(corner)
        next_x, next_y = place(ring[(n + 1) % len(ring)])
        if len(meet[corner]) > 2:  # noqa: PLR2004 - three owners
            points.append((x, y))
        points.append(((x + next_x) / 2, (y + next_y) / 2))
    return points
