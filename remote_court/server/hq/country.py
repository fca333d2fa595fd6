"""The country as the map shows it: loads by province, dots by office, areas by nearness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from remote_court.places import Province
from remote_court.server.hq import cells, outline
from remote_court.server.hq.outline import Point
from remote_court.visits.load import OfficeLoad

TOPS = (10, 20, 30, 50, 75, 100)
SHADES = 6
BUSY, FULL = 75, 95


Offices = Sequence[OfficeLoad]


class State(StrEnum):
    """How an office stands; on the map each has its own shape besides its colour."""

    OPEN = "open"
    BUSY = "busy"
    FULL = "full"
    CLOSED = "closed"


def state_of(office: OfficeLoad) -> State:
    """How full an office is, in a word."""
    if office.percent is None:
        return State.CLOSED
    if office.percent >= FULL:
        return State.FULL
    return State.BUSY if office.percent >= BUSY else State.OPEN


@dataclass(frozen=True, slots=True)
class ProvinceLoad:
    """A province's offices together; ``worst`` are its fullest."""

    code: str
    names: tuple[str, str]
    offices: int
    closed: int
    booked: int
    room_for: int
    worst: Sequence[OfficeLoad]
    label: Point

    def name(self, locale: str) -> str:
        """Its name in the reader's language."""
        return self.names[0 if locale == "fa" else 1]

    @property
    def percent(self) -> int | None:
        """How full its offices are; none when all are closed."""
        return round(100 * self.booked / self.room_for) if self.room_for else None

    def shade(self, steps: Sequence[int]) -> int:
        """Which of six shades its area has."""
        return sum((self.percent or 0) >= step for step in steps)


def shade_steps(provinces: Iterable[ProvinceLoad]) -> tuple[int, ...]:
    """From which per cent each darker shade begins, so that the fullest province is dark."""
    fullest = max((p.percent or 0 for p in provinces), default=0)
    top = next((top for top in TOPS if fullest <= top), TOPS[-1])
    return tuple(round(top * n / SHADES) for n in range(1, SHADES))


def provinces(offices: Iterable[OfficeLoad], known: Sequence[Province]) -> list[ProvinceLoad]:
    """Add up the offices of each province, in order of its code."""
    by_code: dict[str, list[OfficeLoad]] = defaultdict(list)
    for office in offices:
        by_code[office.province].append(office)
    return [add_up(one, by_code[one.code]) for one in known]


def add_up(province: Province, offices: Sequence[OfficeLoad]) -> ProvinceLoad:
    """One province's offices together."""
    points = [outline.project(o.lat, o.lon) for o in offices]
    points = points or [outline.project(province.lat, province.lon)]
    middle = (
        sorted(x for x, _ in points)[len(points) // 2],
        sorted(y for _, y in points)[len(points) // 2],
    )
    return ProvinceLoad(
        province.code,
        (province.name_fa, province.name_en),
        len(offices),
        sum(o.percent is None for o in offices),
        sum(o.booked for o in offices if o.room_for),
        sum(o.room_for for o in offices),
        sorted((o for o in offices if o.percent), key=lambda o: (-(o.percent or 0), o.id))[:3],
        middle,
    )


def dots(offices: Iterable[OfficeLoad]) -> dict[State, str]:
    """One path a state: a dot is a line of no length, whose round or square ends are drawn."""
    found: dict[State, list[str]] = {state: [] for state in State}
    for office in offices:
        x, y = outline.project(office.lat, office.lon)
        found[state_of(office)].append(f"M{round(x)} {round(y)}h0")
    return {state: "".join(paths) for state, paths in found.items()}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What of the map does not change with the day: the outline, each province's area and label."""

    outline: str
    areas: Mapping[str, str]
    labels: Mapping[str, Point]


@cache
def coast() -> Sequence[Sequence[Point]]:
    """The outline, read once."""
    return outline.read()


@lru_cache(maxsize=4)
def drawing(sites: frozenset[tuple[Point, str]]) -> Drawing:
    """Draw the provinces' areas from where their offices stand.

    Args:
        sites: rounded places of offices on the drawing, each with its province.
    """
    rings = coast()
    boxes = [box(ring) for ring in rings]

    def on_land(point: Point) -> bool:
        return any(
            west <= point[0] <= east and north <= point[1] <= south and outline.inside(point, ring)
            for (west, north, east, south), ring in zip(boxes, rings, strict=True)
        )

    land = cells.covering(on_land)
    owned = cells.owners(sorted(land), sorted(sites))
    areas = {
        code: "".join(outline.path(ring) for ring in rings_of)
        for code, rings_of in cells.borders(owned).items()
    }
    middles: dict[str, list[Point]] = defaultdict(list)
    for cell, code in owned.items():
        if on_land(cells.centre(cell)):
            middles[code].append(cells.centre(cell))
    labels = {code: centroid(points) for code, points in middles.items()}
    return Drawing("".join(outline.path(ring) for ring in rings), areas, labels)


def box(ring: Sequence[Point]) -> tuple[float, float, float, float]:
    """West, north, east and south of a ring."""
    across, down = [x for x, _ in ring], [y for _, y in ring]
    return min(across), min(down), max(across), max(down)


def centroid(points: Sequence[Point]) -> Point:
    """The middle of many points."""
    return (
        round(sum(x for x, _ in points) / len(points), 1),
        round(sum(y for _, y in points) / len(points), 1),
    )


def sites(offices: Iterable[OfficeLoad]) -> frozenset[tuple[Point, str]]:
    """Where offices stand, rounded, so that the drawing is made anew only when that changes."""
    found: set[tuple[Point, str]] = set()
    for office in offices:
        x, y = outline.project(office.lat, office.lon)
        found.add(((float(round(x / 2) * 2), float(round(y / 2) * 2)), office.province))
    return frozenset(found)
