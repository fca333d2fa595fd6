"""What the invented country is made from: real numbers and cities, common names and streets."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

DATA = resources.files("remote_court.demo").joinpath("data")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the national plan gives a province: offices, and prisoners in all its prisons."""

    province: str
    offices: int
    prisoners: int


@dataclass(frozen=True, slots=True)
class City:
    """A city of a province, where it lies, and how many thousands live there."""

    province: str
    fa: str
    en: str
    lat: float
    lon: float
    thousands: int


@dataclass(frozen=True, slots=True)
class Street:
    """A street's name in both languages."""

    fa: str
    en: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names to draw from; ``persian`` is the share of those who speak Persian."""

    female: Sequence[str]
    male: Sequence[str]
    family: Sequence[str]
    persian: float = 1.0


def _table(name: str) -> list[dict[str, str]]:
    text = DATA.joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def plans() -> tuple[Plan, ...]:
    """The plan of every province, by code."""
    rows = _table("planning.csv")
    return tuple(Plan(r["province"], int(r["offices"]), int(r["prisoners"])) for r in rows)


@cache
def cities() -> Mapping[str, tuple[City, ...]]:
    """The cities of every province, the capital first."""
    found: dict[str, tuple[City, ...]] = {}
    for r in _table("cities.csv"):
        city = City(
            r["province"],
            r["name_fa"],
            r["name_en"],
            float(r["lat"]),
            float(r["lon"]),
            int(r["thousands"]),
        )
        found[city.province] = (*found.get(city.province, ()), city)
    return found


@cache
def streets() -> tuple[Street, ...]:
    """Streets that every city has."""
    return tuple(Street(r["name_fa"], r["name_en"]) for r in _table("streets.csv"))


@cache
def names() -> Mapping[str, Names]:
    """Names by nationality."""
    tree = yaml.safe_load(DATA.joinpath("names.yaml").read_text(encoding="utf-8"))
    home = Names(tree["female"], tree["male"], tree["family"])
    return {"IR": home} | {code: Names(**values) for code, values in tree["foreign"].items()}
