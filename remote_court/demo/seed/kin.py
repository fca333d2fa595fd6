"""Inmates and who may visit them: relatives with proof or without, permits, bans, mandates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from remote_court.demo.seed.country import Country, PrisonSite
from remote_court.demo.seed.human import ABROAD, ABROAD_SHARES, Choice, Human, Registry
from remote_court.people.inmates import InmateStatus
from remote_court.policy import Policy
from remote_court.visits.kinship_entry import Evidence
from remote_court.visits.kinships import KinshipKind

K, E = KinshipKind, Evidence
NEAREST = (K.MOTHER, K.SPOUSE, K.FATHER, K.SIBLING, K.CHILD, K.SIBLING, K.CHILD)
FARTHER = (K.COUSIN, K.UNCLE_OR_AUNT, K.GRANDPARENT, K.MOTHER_IN_LAW, K.FATHER_IN_LAW, K.FRIEND)
HOW_MANY = Choice([0.2, 0.33, 0.26, 0.14, 0.07])
STATUSES = (InmateStatus.HELD, InmateStatus.HOSPITAL, InmateStatus.ON_LEAVE, InmateStatus.RELEASED)
STATUS = Choice([0.974, 0.01, 0.012, 0.004])
FEMALE_KINDS = frozenset({K.MOTHER, K.MOTHER_IN_LAW})
MALE_KINDS = frozenset({K.FATHER, K.FATHER_IN_LAW})
MARRIED = frozenset({K.SPOUSE, K.FATHER_IN_LAW, K.MOTHER_IN_LAW})
OWN_NAME = frozenset({K.FATHER, K.SIBLING, K.CHILD})
AGE_APART = {
    K.MOTHER: (18, 20), K.FATHER: (22, 20), K.CHILD: (-34, 14), K.GRANDPARENT: (44, 14),
    K.MOTHER_IN_LAW: (20, 16), K.FATHER_IN_LAW: (22, 16),
}  # fmt: skip
"""How much older the relative is: at least, and up to so much more."""


@dataclass(slots=True)
class Tie:
    """Somebody on an inmate's list."""

    human: Human
    kind: KinshipKind
    sighted: bool
    permitted: bool = False


@dataclass(slots=True)
class Prisoner:
    """An inmate, their prison, their list, and until when nobody may visit."""

    human: Human
    prison: PrisonSite
    number: str
    status: InmateStatus
    ties: list[Tie] = field(default_factory=list)
    weekly: int | None = None
    banned: tuple[date, date] | None = None
    spare: bool = False
    """Keeps the coming weeks free, for people who try the demo."""
    on_remand: bool | None = None
    """None: the dice say."""
    security_convict: bool = False


def gather(registry: Registry, country: Country) -> list[Prisoner]:
    """Fill the prisons, and give every inmate one to five people on the list."""
    return [
        prisoner
        for prison in country.prisons
        for n in range(prison.inmates)
        for prisoner in [arrive(registry, prison, n)]
    ]


def arrive(registry: Registry, prison: PrisonSite, serial: int) -> Prisoner:
    """One inmate with their people."""
    random = registry.random
    nationality = "IR"
    if random.random() < 0.03:  # noqa: PLR2004 - three in a hundred
        nationality = random.choices(ABROAD, ABROAD_SHARES)[0]
    human = registry.birth(
        prison.city.province,
        female=random.random() < 0.04,  # noqa: PLR2004 - four in a hundred
        age=19 + 42 * random.random() ** 1.5,
        nationality=nationality,
        account=False,
    )
    prisoner = Prisoner(
        human, prison, f"{prison.code}-{serial + 1:05}", STATUSES[STATUS.draw(random)]
    )
    prisoner.ties = list(relatives(registry, prisoner, 1 + HOW_MANY.draw(random)))
    if random.random() < 0.012:  # noqa: PLR2004 - one in eighty
        first = registry.today + timedelta(days=int(random.uniform(-30, 5)))
        prisoner.banned = (first, first + timedelta(days=int(random.uniform(10, 60))))
    return prisoner


def relatives(registry: Registry, prisoner: Prisoner, count: int) -> Iterator[Tie]:
    """So many people of the list, the nearest first; now and then a cousin or a friend."""
    random, inmate = registry.random, prisoner.human
    age = registry.age(inmate)
    home = inmate.province
    if random.random() < 0.22:  # noqa: PLR2004 - every fifth family lives elsewhere
        home = str(random.randrange(31)).zfill(2)
    there: set[KinshipKind] = set()
    while len(there) < count:
        if random.random() < 0.07:  # noqa: PLR2004 - one in fourteen
            kind = FARTHER[int(random.random() * len(FARTHER))]
        else:
            kind = NEAREST[int(random.random() ** 1.4 * len(NEAREST))]
        young = age < 27 and kind in MARRIED | {K.CHILD}  # noqa: PLR2004 - few are married by then
        if young or (kind in there and kind not in {K.SIBLING, K.CHILD}):
            continue
        if kind in there and random.random() < 0.5:  # noqa: PLR2004 - brothers and sisters are many
            count -= 1
        there.add(kind)
        yield tie(registry, inmate, kind, home)


def tie(registry: Registry, inmate: Human, kind: KinshipKind, home: str) -> Tie:
    """A relative of this kind."""
    random = registry.random
    female = kind in FEMALE_KINDS or (kind not in MALE_KINDS and random.random() < 0.5)  # noqa: PLR2004
    if kind is K.SPOUSE:
        female = not inmate.female
    least, more = AGE_APART.get(kind, (-8, 16))
    human = registry.birth(
        home,
        female=female,
        age=registry.age(inmate) + least + more * random.random(),
        family=inmate.family if kind in OWN_NAME else None,
        nationality=inmate.nationality,
    )
    near = kind not in {K.COUSIN, K.UNCLE_OR_AUNT, K.GRANDPARENT, K.FRIEND}
    return Tie(
        human,
        kind,
        sighted=random.random() > 0.04,  # noqa: PLR2004 - some have yet to show their documents
        permitted=not near and random.random() < 0.5,  # noqa: PLR2004
    )


def evidence(kind: KinshipKind) -> Evidence:
    """The document that usually proves a relation."""
    if kind in MARRIED:
        return E.MARRIAGE_DEED
    return E.INMATE_STATEMENT if kind is K.FRIEND else E.BIRTH_CERTIFICATE


def of_right(policy: Policy) -> frozenset[KinshipKind]:
    """Relations that visit by right."""
    return frozenset(K(word) for word in policy.words("visit.relatives_auto"))
