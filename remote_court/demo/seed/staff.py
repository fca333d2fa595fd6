"""Those who work there, the lawyers, and who of them all is listed for trying the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from remote_court.demo.seed.country import Country, OfficeSite, PrisonSite
from remote_court.demo.seed.facts import names
from remote_court.demo.seed.human import ABROAD, Human, Registry
from remote_court.demo.seed.kin import Prisoner, Tie
from remote_court.people import Role
from remote_court.people.inmates import InmateStatus
from remote_court.places import OfficeKind
from remote_court.visits.kinships import KinshipKind

LISTED = 50
LAWYERS = 400
AT_HEADQUARTERS = 12
HOME, AWAY = "11", "23"
"""The mother lives in Zahedan, her son is held in Tehran."""
COURT = (Role.JUDGE, Role.COURT_CLERK)
FAVOURED = 12.0
ALWAYS = 1.0
"""Its officer has requests to decide."""
MORE_PLACES = 2
BOOTHS_MOST = 8
"""Its hall is small enough to be seen at a glance."""


@dataclass(slots=True)
class Post:
    """A role somebody holds, and where."""

    human: Human
    role: Role
    place_id: int | None = None
    place: tuple[str, str] | None = None


@dataclass(slots=True)
class Cast:
    """Who plays: everybody with a role, and the list of accounts to try, by role."""

    office: OfficeSite
    prison: PrisonSite
    mother: Human
    son: Prisoner
    shared: Prisoner
    posts: list[Post] = field(default_factory=list)
    listed: dict[Role, list[Post]] = field(default_factory=dict)
    mandates: list[tuple[Prisoner, Human]] = field(default_factory=list)
    consuls: list[tuple[Prisoner, Human]] = field(default_factory=list)

    def clerk_of(self, place_id: int) -> int:
        """Who works the desk of an office, or the visits of a prison."""
        return self._at[place_id]

    _at: dict[int, int] = field(default_factory=dict)

    def employ(self, post: Post) -> None:
        """Give somebody a post."""
        self.posts.append(post)
        if post.place_id is not None and post.role in {Role.OFFICE_CLERK, Role.PRISON_OFFICER}:
            self._at[post.place_id] = post.human.id


def cast(registry: Registry, country: Country, prisoners: list[Prisoner]) -> Cast:
    """Staff every place, and choose who can be tried."""
    office = next(
        o
        for o in country.offices
        if o.city.province == HOME and o.kind is OfficeKind.FIXED and len(o.usable) > 2  # noqa: PLR2004
    )
    prison = next(
        p
        for p in country.prisons
        if p.city.province == AWAY and p.hours == "prison_long" and len(p.seats) < BOOTHS_MOST
    )
    prison.asked = ALWAYS
    mother, son, shared = leads(registry, prison, prisoners)
    made = Cast(office, prison, mother, son, shared)
    listed_offices = [office, *spread(country.offices, LISTED - 1, {office.id})]
    for one in listed_offices:
        one.weight = FAVOURED
    staff(registry, country, made, listed_offices)
    at_several(country, made)
    families(registry, made, prisoners)
    foreigners(registry, made, prisoners)
    lawyers(registry, made, prisoners)
    return made


def spread(offices: Sequence[OfficeSite], count: int, but: set[int]) -> list[OfficeSite]:
    """Fixed offices from all over the country."""
    fixed = [o for o in offices if o.kind is OfficeKind.FIXED and o.id not in but]
    return fixed[:: len(fixed) // count][:count]


def leads(
    registry: Registry, prison: PrisonSite, prisoners: list[Prisoner]
) -> tuple[Human, Prisoner, Prisoner]:
    """The mother, her son, and the man whom all the listed families may visit."""
    mother = registry.birth(HOME, female=True, age=54)
    mother.given, mother.family = "مریم", "احمدی"
    son, shared = (
        registry.birth(HOME, female=False, age=age, account=False) for age in (26.0, 63.0)
    )
    son.given, son.family = "علی‌رضا", "رضایی"
    shared.given, shared.family = "یوسف", "آزادمنش"
    made = [
        Prisoner(human, prison, f"{prison.code}-9000{n}", InmateStatus.HELD, spare=True)
        for n, human in enumerate((son, shared), start=1)
    ]
    made[0].ties.append(Tie(mother, KinshipKind.MOTHER, sighted=True))
    made[1].weekly = 10_000
    prisoners += made
    return mother, made[0], made[1]


def families(registry: Registry, made: Cast, prisoners: list[Prisoner]) -> None:
    """Fifty relatives of one man; each has an inmate of their own besides."""
    free = [p for p in prisoners if p.status is InmateStatus.HELD and not p.banned and not p.spare]
    own = [made.son, *free[:: len(free) // LISTED][: LISTED - 1]]
    posts = made.listed[Role.FAMILY] = []
    for n, prisoner in enumerate(own):
        female = n % 2 == 0
        human = made.mother if n == 0 else registry.birth(HOME, female=female, age=30 + n % 30)
        brother = n % 3 == 0
        kind = KinshipKind.SIBLING if brother else KinshipKind.CHILD
        human.born_on = human.born_on.replace(year=(1964 if brother else 1988) + n % 9)
        made.shared.ties.append(Tie(human, kind, sighted=True))
        if n:
            prisoner.spare = True
            spouse = KinshipKind.SPOUSE if female != prisoner.human.female else KinshipKind.SIBLING
            prisoner.ties = [t for t in prisoner.ties if t.kind is not spouse]
            prisoner.ties.append(Tie(human, spouse, sighted=True))
        posts.append(Post(human, Role.FAMILY))


def foreigners(registry: Registry, made: Cast, prisoners: list[Prisoner]) -> None:
    """Two who are visited in another language: one by their consul, one a security convict."""
    humans = [
        registry.birth(AWAY, female=False, age=age, nationality=ABROAD[0], account=account)
        for age, account in ((34.0, False), (41.0, False), (52.0, True), (39.0, True))
    ]
    for human in humans:
        human.persian = False
    visited, convict, consul, wife = humans
    wife.female, wife.given = True, names()[ABROAD[0]].female[0]
    held = [
        Prisoner(human, made.prison, f"{made.prison.code}-9001{n}", InmateStatus.HELD)
        for n, human in enumerate((visited, convict), start=1)
    ]
    for prisoner in held:
        prisoner.on_remand = False
    held[1].security_convict = True
    held[1].ties.append(Tie(wife, KinshipKind.SPOUSE, sighted=True))
    made.consuls.append((held[0], consul))
    prisoners += held


def at_several(country: Country, made: Cast) -> None:
    """Who is shown first works at two more places besides, so that there is something to choose.

    At places of higher numbers: the first stays the one that is shown first.
    """
    places = {
        Role.OFFICE_CLERK: [(o.id, o.fa, o.en) for o in country.offices],
        Role.OFFICE_MANAGER: [(o.id, o.fa, o.en) for o in country.offices],
        Role.PRISON_OFFICER: [(p.id, p.fa, p.en) for p in country.prisons],
    }
    for role, every in places.items():
        first = made.listed[role][0]
        more = [place for place in every if place[0] > (first.place_id or 0)][:MORE_PLACES]
        # Beside those who work there: they stay who enters things at these places.
        made.posts += [Post(first.human, role, id_, (fa, en)) for id_, fa, en in more]


def lawyers(registry: Registry, made: Cast, prisoners: list[Prisoner]) -> None:
    """Lawyers with one to four mandates each; the first defends the mother's son too."""
    random = registry.random
    posts = made.listed[Role.LAWYER] = []
    for n in range(LAWYERS):
        human = registry.birth(
            random.choice(prisoners).human.province,
            female=random.random() < 0.4,  # noqa: PLR2004
            age=28 + 35 * random.random(),
        )
        made.employ(Post(human, Role.LAWYER))
        clients = random.sample(prisoners, random.randint(1, 4))
        if n == 0:
            clients = [made.son, *(c for c in clients if c is not made.son)]
        made.mandates += [(client, human) for client in clients]
        if n < LISTED:
            posts.append(made.posts[-1])


def staff(
    registry: Registry, country: Country, made: Cast, listed_offices: Sequence[OfficeSite]
) -> None:
    """A clerk and a manager at every office, an officer at every prison, judges, headquarters."""
    for office in country.offices:
        for role in (Role.OFFICE_CLERK, Role.OFFICE_MANAGER):
            made.employ(
                hire(registry, office.city.province, role, office.id, (office.fa, office.en))
            )
    for prison in country.prisons:
        place = (prison.fa, prison.en)
        made.employ(
            hire(registry, prison.city.province, Role.PRISON_OFFICER, prison.id, place, female=0.3)
        )
    for court in country.courts[:: max(1, len(country.courts) // LISTED)]:
        branch, _, number = court.branches[0]
        place = (f"شعبه {number}، {court.fa}", f"Branch {number}, {court.en}")
        for role in COURT:
            made.employ(hire(registry, court.city.province, role, branch, place))
    for role in (Role.HQ_PLANNER, Role.AUDITOR, Role.OPERATOR):
        for _ in range(AT_HEADQUARTERS):
            made.employ(hire(registry, AWAY, role, None, None))
    list_accounts(country, made, listed_offices)


def list_accounts(country: Country, made: Cast, offices: Sequence[OfficeSite]) -> None:
    """List those at the places shown first: the mother's office, her son's prison, then others."""
    largest = sorted(country.prisons, key=lambda p: (p is not made.prison, -p.inmates))[:LISTED]
    order = {place.id: n for n, place in enumerate([*offices, *largest])}
    for post in made.posts:
        if post.place_id in order or post.role in COURT or post.place_id is None:
            made.listed.setdefault(post.role, []).append(post)
    for posts in made.listed.values():
        posts.sort(key=lambda post: order.get(post.place_id or 0, 0))
        del posts[LISTED:]


def hire(
    registry: Registry,
    province: str,
    role: Role,
    place_id: int | None,
    place: tuple[str, str] | None,
    *,
    female: float = 0.5,
) -> Post:
    """Somebody new in a post."""
    random = registry.random
    human = registry.birth(province, female=random.random() < female, age=26 + 30 * random.random())
    return Post(human, role, place_id, place)
