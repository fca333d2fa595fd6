"""How far it is: great-circle distance on a round Earth, for people choosing an office."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import ColumnElement, Float, func
from sqlalchemy.orm import InstrumentedAttribute

EARTH_RADIUS_M = 6_371_000.0
POLE_DEG, DATE_LINE_DEG = 90, 180


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, in degrees."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (abs(self.lat) <= POLE_DEG and abs(self.lon) <= DATE_LINE_DEG):
            raise ValueError(f"not a place on Earth: {self.lat}, {self.lon}")


def metres(one: Point, other: Point) -> float:
    """Return the distance between two points along the ground."""
    south, north = radians(one.lat), radians(other.lat)
    half = (
        sin((north - south) / 2) ** 2
        + cos(south) * cos(north) * sin(radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))


def metres_to(
    point: Point, lat: InstrumentedAttribute[float], lon: InstrumentedAttribute[float]
) -> ColumnElement[float]:
    """The same distance as SQL, from a point to a row's columns."""
    half = func.power(func.sin(func.radians(lat - point.lat) / 2), 2) + func.cos(
        func.radians(point.lat)
    ) * func.cos(func.radians(lat)) * func.power(func.sin(func.radians(lon - point.lon) / 2), 2)
    return func.asin(func.sqrt(func.least(1.0, half)), type_=Float) * (2 * EARTH_RADIUS_M)
