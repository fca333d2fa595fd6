"""Court complexes and their branches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from remote_court.demo.seed.apportion import apportion
from remote_court.demo.seed.facts import City, Plan, cities
from remote_court.demo.seed.sheets import Ids
from remote_court.text import fa_digits

BRANCHES = 8_000
FORUMS = (
    ("civil_court", 0.28),
    ("family_court", 0.13),
    ("criminal_court_two", 0.2),
    ("criminal_court_one", 0.05),
    ("revolutionary_court", 0.05),
    ("juvenile_court", 0.02),
    ("peace_court", 0.17),
    ("appeal_court", 0.1),
)


@dataclass(slots=True)
class Court:
    """A court complex and its branches: id, forum and number of each."""

    id: int
    fa: str
    en: str
    city: City
    branches: list[tuple[int, str, int]] = field(default_factory=list)


def courts(ids: Ids, plan: Plan, branches: int) -> Iterator[Court]:
    """A complex or several in each city, with branches of every forum."""
    towns = cities()[plan.province]
    for town, share in zip(
        towns, apportion(branches, [t.thousands for t in towns], least=4), strict=True
    ):
        per_complex = apportion(share, [1.0] * (1 + share // 60))
        for n, count in enumerate(per_complex):
            which_fa, which_en = (f" {fa_digits(str(n + 1))}", f" {n + 1}") if n else ("", "")
            court = Court(
                ids.draw(),
                f"مجتمع قضایی {town.fa}{which_fa}",
                f"{town.en} court complex{which_en}",
                town,
            )
            court.branches = list(branches_of(ids, count))
            yield court


def branches_of(ids: Ids, count: int) -> Iterator[tuple[int, str, int]]:
    """Branches numbered by forum."""
    shares = apportion(count, [share for _, share in FORUMS])
    for (forum, _), share in zip(FORUMS, shares, strict=True):
        for number in range(1, share + 1):
            yield ids.draw(), forum, number
