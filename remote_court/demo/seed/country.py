"""The places of the invented country: offices and their rooms, prisons and their booths, courts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from remote_court.demo.seed.apportion import apportion
from remote_court.demo.seed.courts import BRANCHES, Court, courts
from remote_court.demo.seed.facts import City, Plan, cities, plans, streets
from remote_court.demo.seed.sheets import Ids
from remote_court.places import OfficeKind
from remote_court.text import fa_digits

PRISONS = 250
SPREAD_DEGREES = 0.02
"""How far places lie from the middle of a small city; a large one is wider."""
BOOTHS = (2, 14)
INMATES_A_BOOTH = 10
ROOMS = ((1, 0.36), (2, 0.38), (3, 0.18), (4, 0.08))
PRISON_KINDS = (
    ("زندان مرکزی {fa}", "{en} central prison"),
    ("ندامتگاه {fa}", "{en} penitentiary"),
    ("بازداشتگاه {fa}", "{en} detention centre"),
    ("اردوگاه حرفه‌آموزی {fa}", "{en} vocational camp"),
    ("مرکز نیمه‌باز {fa}", "{en} semi-open centre"),
)
PRISON_HOURS = ("prison", "prison_long", "prison_late", "prison_apart")
PRISON_SHARES = (0.4, 0.15, 0.15, 0.3)


@dataclass(slots=True)
class Seat:
    """A room or a booth."""

    id: int
    number: int
    features: list[str]
    in_service: bool = True


@dataclass(slots=True)
class Site:
    """What an office and a prison have in common."""

    id: int
    code: str
    fa: str
    en: str
    city: City
    lat: float
    lon: float
    hours: str
    seats: list[Seat] = field(default_factory=list)

    @property
    def usable(self) -> list[Seat]:
        """Seats in service."""
        return [seat for seat in self.seats if seat.in_service]


@dataclass(slots=True)
class OfficeSite(Site):
    """An office; people of its city choose it by ``weight``."""

    kind: OfficeKind = OfficeKind.FIXED
    address_fa: str = ""
    address_en: str = ""
    phone: str = ""
    weight: float = 1.0


@dataclass(slots=True)
class PrisonSite(Site):
    """A prison and how many of its inmates the demo knows.

    ``asked``: how often somebody who needs the prison's leave comes first, where there is one.
    """

    inmates: int = 0
    asked: float = 0.3


@dataclass(slots=True)
class Country:
    """All of it."""

    offices: list[OfficeSite]
    prisons: list[PrisonSite]
    courts: list[Court]


def found(random: Random, ids: Ids, inmates: int) -> Country:
    """Found the country: as many offices in each province as the plan says."""
    held = apportion(inmates, [plan.prisoners for plan in plans()])
    number = apportion(PRISONS, [plan.prisoners for plan in plans()], least=2)
    branches = apportion(BRANCHES, [plan.offices for plan in plans()])
    country = Country([], [], [])
    for at, plan in enumerate(plans()):
        country.offices += offices(random, ids, plan)
        country.prisons += prisons(random, ids, plan, number[at], held[at])
        country.courts += courts(ids, plan, branches[at])
    return country


def near(random: Random, city: City) -> tuple[float, float]:
    """A point in a city."""
    spread = SPREAD_DEGREES * (1 + (city.thousands / 400) ** 0.5)
    return (
        round(random.gauss(city.lat, spread / 2), 5),
        round(random.gauss(city.lon, spread / 2), 5),
    )


def offices(random: Random, ids: Ids, plan: Plan) -> Iterator[OfficeSite]:
    """The offices of a province, shared out to its cities by their people."""
    towns = cities()[plan.province]
    shares = apportion(plan.offices, [town.thousands for town in towns], least=1)
    serial = 0
    for town, share in zip(towns, shares, strict=True):
        roads = random.sample(streets(), len(streets()))
        for n in range(share):
            serial += 1
            road, again = roads[n % len(roads)], n // len(roads)
            fa, en = road.fa, road.en
            if again:
                fa, en = f"{fa} {fa_digits(str(again + 1))}", f"{en} {again + 1}"
            house = random.randrange(2, 240)
            kind = kind_of(random, n)
            office = OfficeSite(
                ids.draw(),
                f"{plan.province}{serial:03}",
                *named(kind, (fa, en), town),
                town,
                *near(random, town),
                office_hours(random, kind),
                kind=kind,
                address_fa=f"{town.fa}، خیابان {road.fa}، پلاک {fa_digits(str(house))}",
                address_en=f"{house} {road.en} St, {town.en}",
                phone=f"+98{11 + int(plan.province)}3{serial:07}",
            )
            office.seats = rooms(random, ids)
            yield office


NAMED = {
    OfficeKind.MOBILE: ("دفتر سیار", "Mobile office"),
    OfficeKind.IN_PRISON: ("دفتر مستقر در زندان", "Office in the prison"),
}


def named(kind: OfficeKind, road: tuple[str, str], town: City) -> tuple[str, str]:
    """What an office is called in both languages: by its street, or by what it is."""
    if kind in NAMED:
        fa, en = NAMED[kind]
        return f"{fa} {town.fa}", f"{en}, {town.en}"
    return f"دفتر {road[0]} {town.fa}", f"{road[1]} office, {town.en}"


def kind_of(random: Random, n: int) -> OfficeKind:
    """Most offices are fixed, the first of a city always."""
    draw = random.random()
    if n and draw < 0.04:  # noqa: PLR2004 - one in twenty-five
        return OfficeKind.MOBILE
    return OfficeKind.IN_PRISON if n and draw > 0.985 else OfficeKind.FIXED  # noqa: PLR2004


def office_hours(random: Random, kind: OfficeKind) -> str:
    """The pattern of an office."""
    if kind is OfficeKind.MOBILE:
        return "office_mobile"
    return random.choices(("office", "office_long", "office_short"), (0.7, 0.15, 0.15))[0]


def rooms(random: Random, ids: Ids) -> list[Seat]:
    """One to four rooms; about half can be reached without steps."""
    count = random.choices([n for n, _ in ROOMS], [share for _, share in ROOMS])[0]
    return [Seat(ids.draw(), n + 1, features(random), random.random() > 0.01) for n in range(count)]  # noqa: PLR2004


def features(random: Random) -> list[str]:
    """What a room offers."""
    has = ["step_free"] if random.random() < 0.5 else []  # noqa: PLR2004 - every other one
    has += ["camera", "screen"]
    if random.random() < 0.2:  # noqa: PLR2004 - every fifth
        has.append("interpreter_seat")
    return has + (["hearing_loop"] if random.random() < 0.1 else [])  # noqa: PLR2004


def prisons(
    random: Random, ids: Ids, plan: Plan, number: int, inmates: int
) -> Iterator[PrisonSite]:
    """The prisons of a province; the first, in the capital, is the largest."""
    towns = cities()[plan.province]
    shares = apportion(inmates, [1 / (n + 2) for n in range(number)])
    least, most = BOOTHS
    for n, share in enumerate(shares):
        town, round_ = towns[n % len(towns)], n // len(towns)
        fa, en = PRISON_KINDS[min(round_, len(PRISON_KINDS) - 1)]
        more = round_ - len(PRISON_KINDS) + 1
        suffix_fa, suffix_en = (
            (f" {fa_digits(str(more + 1))}", f" {more + 1}") if more > 0 else ("", "")
        )
        hours = random.choices(PRISON_HOURS, PRISON_SHARES)[0] if n else "prison_long"
        prison = PrisonSite(
            ids.draw(),
            f"P{plan.province}{n + 1:02}",
            fa.format(fa=town.fa) + suffix_fa,
            en.format(en=town.en) + suffix_en,
            town,
            *near(random, town),
            hours,
            inmates=share,
        )
        booths = max(least, min(most, round(share / INMATES_A_BOOTH)))
        prison.seats = [Seat(ids.draw(), b + 1, ["camera", "screen"]) for b in range(booths)]
        yield prison
