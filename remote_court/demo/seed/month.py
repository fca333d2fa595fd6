"""A month of visits, a fortnight back and a fortnight ahead, as full as the allowances permit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from remote_court.calendars.opening_hours import whole_day
from remote_court.calendars.week import Week
from remote_court.clock import local
from remote_court.demo.seed.country import Country, OfficeSite
from remote_court.demo.seed.diary import Diary, Spot
from remote_court.demo.seed.hours import QUARTER
from remote_court.demo.seed.human import Choice, Human
from remote_court.demo.seed.kin import Prisoner, of_right
from remote_court.people import Gender
from remote_court.people.inmates import InmateStatus
from remote_court.policy import Policy
from remote_court.visits.company import audiences_of
from remote_court.visits.models import VisitKind
from remote_court.visits.request import lengths
from remote_court.visits.status import Status

FORTNIGHT = timedelta(days=14)
OPEN_DAYS = 6
MISSES_MOST = 1
ADULTS, CHILDREN = 3, 3


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit of the seed: who, where, when, and what became of it."""

    kind: VisitKind
    status: Status
    prisoner: Prisoner
    party: Sequence[Human]
    office: OfficeSite
    spot: Spot
    starts_at: datetime
    ends_at: datetime
    reserved_until: datetime

    @property
    def leader(self) -> Human:
        """Who booked."""
        return self.party[0]


class Month:
    """Plans the visits one after another, week by week."""

    def __init__(
        self, random: Random, country: Country, diary: Diary, policy: Policy, now: datetime
    ) -> None:
        self._random = random
        self._diary = diary
        self._now = now
        self._today = local(now).date()
        self._right = of_right(policy)
        self._lengths = {kind: lengths(kind, policy) for kind in VisitKind}
        self._misses: dict[int, int] = {}
        self._offices: dict[str, tuple[list[OfficeSite], Choice]] = {}
        for province in {office.city.province for office in country.offices}:
            here = [o for o in country.offices if o.city.province == province and o.usable]
            self._offices[province] = here, Choice([o.weight for o in here])

    def families(self, prisoners: list[Prisoner]) -> Iterator[Planned]:
        """One visit a week for everybody who may have one."""
        first, last = self._today - FORTNIGHT, self._today + FORTNIGHT
        week = Week.of(first)
        while week.first <= last:
            days = [day for day in week if first <= day <= last]
            open_days = sum(day != week.last for day in days)
            for prisoner in self._random.sample(prisoners, len(prisoners)):
                if self._random.random() * OPEN_DAYS < open_days and self._may(prisoner, week):
                    yield from self._family(prisoner, days)
            week = week.next()

    def _may(self, prisoner: Prisoner, week: Week) -> bool:
        if prisoner.spare and (week.last >= self._today or prisoner.weekly):
            return False
        if prisoner.banned and prisoner.banned[0] <= week.last and week.first <= prisoner.banned[1]:
            return False
        return prisoner.status is InmateStatus.HELD

    def _family(self, prisoner: Prisoner, days: list[date]) -> Iterator[Planned]:
        party, free = self._party(prisoner)
        if not party:
            return
        for day in self._random.sample(days, len(days)):
            office = self._office(party[0])
            planned = self._plan(VisitKind.FAMILY, prisoner, party, office, day)
            if planned and (free or planned.starts_at > self._now):
                yield planned if free else asked(planned)
                return

    def _party(self, prisoner: Prisoner) -> tuple[list[Human], bool]:
        """Who comes, an adult first, and whether the prison need not decide."""
        draw = self._random.random
        may = [
            t for t in prisoner.ties if t.sighted and self._misses.get(t.human.id, 0) <= MISSES_MOST
        ]
        adults = [t for t in may if t.human.adult_on(self._today - FORTNIGHT)]
        right = [t for t in adults if t.kind in self._right or t.permitted]
        other = [t for t in adults if t not in right]
        if other and (not right or draw() < prisoner.prison.asked):
            return [other[0].human], False
        if not right:
            return [], False
        leader = right[int(draw() * len(right))]
        party = [leader.human]
        party += [t.human for t in right if t is not leader and draw() < 0.3][: ADULTS - 1]  # noqa: PLR2004
        children = [
            t.human
            for t in may
            if not t.human.adult_on(self._today + FORTNIGHT) and t.kind in self._right
        ]
        return party + [c for c in children if draw() < 0.5][:CHILDREN], True  # noqa: PLR2004

    def lawyers(self, mandates: list[tuple[Prisoner, Human]]) -> Iterator[Planned]:
        """A talk now and then for each mandate."""
        for prisoner, lawyer in mandates:
            for _ in range(self._random.randrange(2)):
                day = self._today + timedelta(days=self._random.randint(-13, 14))
                office = self._office(lawyer)
                planned = self._plan(VisitKind.LAWYER, prisoner, [lawyer], office, day)
                if planned and prisoner.status is InmateStatus.HELD:
                    yield planned

    def _office(self, human: Human) -> OfficeSite:
        here, choice = self._offices[human.province]
        return here[choice.draw(self._random)]

    def _plan(
        self,
        kind: VisitKind,
        prisoner: Prisoner,
        party: list[Human],
        office: OfficeSite,
        day: date,
    ) -> Planned | None:
        told, reserved = self._lengths[kind]
        adults = {Gender.FEMALE if h.female else Gender.MALE for h in party if h.adult_on(day)}
        spot = self._diary.find(
            office,
            prisoner.prison,
            day,
            int(reserved / QUARTER),
            [prisoner.human.id, *(h.id for h in party)],
            audiences_of(adults),
        )
        if spot is None:
            return None
        starts_at = whole_day(day).start + spot.quarter * QUARTER
        status = self._status(starts_at + told, party[0])
        return Planned(
            kind, status, prisoner, party, office, spot, starts_at, starts_at + told,
            starts_at + reserved,
        )  # fmt: skip

    def _status(self, ends_at: datetime, leader: Human) -> Status:
        draw = self._random.random()
        if draw < 0.03:  # noqa: PLR2004 - three in a hundred are called off
            return Status.CANCELLED
        if ends_at > self._now:
            return Status.BOOKED
        if draw < 0.1:  # noqa: PLR2004 - seven in a hundred do not come
            self._misses[leader.id] = self._misses.get(leader.id, 0) + 1
            return Status.NO_SHOW
        return Status.COMPLETED


def asked(planned: Planned) -> Planned:
    """The same visit, waiting for the prison's decision."""
    return Planned(
        planned.kind, Status.REQUESTED, planned.prisoner, planned.party, planned.office,
        planned.spot, planned.starts_at, planned.ends_at, planned.reserved_until,
    )  # fmt: skip
