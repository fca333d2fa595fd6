"""The diaries of the branches whose judge and clerk can be tried: cases, parties, a fortnight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from remote_court.calendars.opening_hours import whole_day
from remote_court.clock import local
from remote_court.demo.seed.country import Country, OfficeSite, Seat
from remote_court.demo.seed.courts import Court
from remote_court.demo.seed.diary import Diary
from remote_court.demo.seed.hours import QUARTER
from remote_court.demo.seed.human import Human
from remote_court.demo.seed.staff import Cast
from remote_court.hearings.roles import PartyRole
from remote_court.hearings.status import Status
from remote_court.people import Role

BACK, AHEAD = timedelta(days=6), timedelta(days=14)
TOLD, RESERVED = timedelta(minutes=25), timedelta(minutes=30)
COURT_HOURS = time(7, 30), time(14)
UNSERVED_FROM = timedelta(days=9)
"""A sitting sooner than this is served already, as it would be."""
SUBJECTS = (
    "مطالبهٔ وجه سفته", "تخلیهٔ عین مستأجره", "الزام به تنظیم سند", "مطالبهٔ خسارت", "اعسار",
    "فسخ قرارداد", "مطالبهٔ اجرت‌المثل", "خلع ید", "ابطال سند", "مطالبهٔ مهریه",
)  # fmt: skip
A_DAY = (0, 1, 2, 2, 3)
YEAR_CODE = "1405"


@dataclass(slots=True)
class Part:
    """Somebody's part in a case of the seed; ``client``: the place of whom they speak for."""

    human: Human
    role: PartyRole
    office: OfficeSite
    client: int | None = None


@dataclass(slots=True)
class Planned:
    """A sitting of the seed; ``rooms`` in the order of the case's parts."""

    status: Status
    starts_at: datetime
    rooms: Sequence[Seat]
    unserved: int | None = None


@dataclass(slots=True)
class Case:
    """A case of the seed with its sittings."""

    number: str
    subject: str
    parts: list[Part]
    sittings: list[Planned] = field(default_factory=list)


@dataclass(slots=True)
class Chamber:
    """A branch with who works there."""

    branch: int
    judge: Human
    clerk: Human
    cases: list[Case] = field(default_factory=list)


class Docket:
    """Plans the branches' fortnights beside the visits, in the same diary of rooms and people."""

    def __init__(
        self, random: Random, country: Country, diary: Diary, cast: Cast, now: datetime
    ) -> None:
        self._random, self._diary, self._cast, self._now = random, diary, cast, now
        self._courts = {
            branch: court for court in country.courts for branch, _, _ in court.branches
        }
        self._offices: dict[str, list[OfficeSite]] = {}
        for office in country.offices:
            if len(office.usable) > 1:
                self._offices.setdefault(office.city.province, []).append(office)
        self._serial = 0

    def chambers(self, people: Sequence[Human]) -> Iterator[Chamber]:
        """Each branch where somebody can be tried, with its cases and sittings."""
        posts = {post.place_id: post.human for post in self._cast.posts if post.role is Role.JUDGE}
        clerks = {
            post.place_id: post.human for post in self._cast.posts if post.role is Role.COURT_CLERK
        }
        by_province: dict[str, list[Human]] = {}
        today = local(self._now).date()
        for human in people:
            if human.account and human.persian and human.adult_on(today):
                by_province.setdefault(human.province, []).append(human)
        lawyers = [post.human for post in self._cast.posts if post.role is Role.LAWYER]
        busy = {post.human.id for post in self._cast.posts}
        for branch, judge in posts.items():
            if branch is None or branch not in clerks:
                continue
            court = self._courts[branch]
            here = [h for h in by_province[court.city.province] if h.id not in busy]
            yield self._chamber(Chamber(branch, judge, clerks[branch]), court, here, lawyers)

    def _chamber(
        self, chamber: Chamber, court: Court, people: Sequence[Human], lawyers: Sequence[Human]
    ) -> Chamber:
        today = local(self._now).date()
        chamber.cases.append(self._case(court, people, lawyers))  # ready to be listed
        day = today - BACK
        while day <= today + AHEAD:
            for _ in range(self._random.choice(A_DAY)):
                case = self._case(court, people, lawyers)
                if self._sit(chamber, case, day):
                    chamber.cases.append(case)
            day += timedelta(days=1)
        return chamber

    def _case(self, court: Court, people: Sequence[Human], lawyers: Sequence[Human]) -> Case:
        random = self._random
        self._serial += 1
        here = self._offices[court.city.province]
        near = [office for office in here if office.city is court.city] or here
        plaintiff, defendant = random.sample(people, 2)
        parts = [
            Part(plaintiff, PartyRole.PLAINTIFF, random.choice(near)),
            Part(defendant, PartyRole.DEFENDANT, random.choice(near)),
        ]
        if random.random() < 0.5:  # noqa: PLR2004 - every second plaintiff has a lawyer
            lawyer = random.choice(lawyers)
            parts.append(Part(lawyer, PartyRole.LAWYER, parts[0].office, client=0))
        if random.random() < 0.2:  # noqa: PLR2004 - every fifth case has a witness
            witness = random.choice(people)
            if witness not in (plaintiff, defendant):
                parts.append(Part(witness, PartyRole.WITNESS, random.choice(near)))
        number = f"{YEAR_CODE}91{self._serial:012}"
        return Case(number, random.choice(SUBJECTS), parts)

    def _sit(self, chamber: Chamber, case: Case, day: date) -> bool:
        """Find the case a time on a day, in rooms of its parties' offices."""
        people = [chamber.branch, chamber.judge.id, *(part.human.id for part in case.parts)]
        # Who speaks for somebody sits beside them.
        hosts = [part for part in case.parts if part.client is None]
        found = self._diary.meet(
            [part.office for part in hosts],
            day,
            int(RESERVED / QUARTER),
            people,
            COURT_HOURS,
        )
        if found is None:
            return False
        quarter, seats = found
        starts_at = whole_day(day).start + quarter * QUARTER
        by_host = dict(zip((id(part) for part in hosts), seats, strict=True))
        rooms = [
            by_host[id(part if part.client is None else case.parts[part.client])]
            for part in case.parts
        ]
        if starts_at < self._now < starts_at + RESERVED:
            return False
        status = Status.HELD if starts_at < self._now else Status.CONFIRMED
        unserved = None
        if starts_at > self._now + UNSERVED_FROM and self._random.random() < 0.4:  # noqa: PLR2004
            status, unserved = Status.PROVISIONAL, 1
        case.sittings.append(Planned(status, starts_at, rooms, unserved))
        return True
