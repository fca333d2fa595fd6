"""A branch as a place that sits: its province's rules, its closed days and its hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.closures import Closed, Closures, Days, Order
from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import between
from remote_court.hearings.forums import Forum, law_of
from remote_court.hearings.lawful import Terms
from remote_court.places import Branch, CourtComplex, DayClosure
from remote_court.policy import Policy, Rulebook, rulebook
from remote_court.scheduling.opening import weekly_rest


@dataclass(frozen=True, slots=True)
class Court:
    """A branch, with everything that decides on which days and at which hours it sits."""

    branch_id: int
    forum: Forum
    number: int
    province: str
    complex_fa: str
    complex_en: str
    closures: Closures
    book: Rulebook

    def policy(self, day: date) -> Policy:
        """The rules of a day in the branch's province."""
        return self.book.at(day, self.province)

    def is_closed(self, day: date) -> bool:
        """Whether the branch does not sit on a day at all."""
        return not self.closures.is_open(day, self.province, self.branch_id)

    def why_closed(self, day: date) -> Closed | None:
        """Why it does not sit on a day, if so."""
        return self.closures.why_closed(day, self.province, self.branch_id)

    def hours(self, day: date) -> list[Interval]:
        """When it sits on a day; nothing on closed ones."""
        if self.is_closed(day):
            return []
        rule = self.policy(day)
        opens, closes = rule.clock("calendar.hours.start"), rule.clock("calendar.hours.end")
        return [between(day, opens, closes)]

    def terms(self, *, grave: bool = False) -> Terms:
        """How it counts clear days; ``grave``: over a crime of CPC art. 302."""
        return Terms(law_of(self.forum, grave=grave), self.policy, self.is_closed)


async def court(session: AsyncSession, branch_id: int, first: date) -> Court | None:
    """A branch with its calendar from a day on."""
    query = select(Branch, CourtComplex).join(CourtComplex, CourtComplex.id == Branch.complex_id)
    row = (await session.execute(query.where(Branch.id == branch_id))).one_or_none()
    if row is None:
        return None
    branch, complex_ = row.Branch, row.CourtComplex
    query_days = select(DayClosure).where(
        DayClosure.day >= first,
        or_(
            DayClosure.place_id.in_((branch.id, complex_.id)),
            DayClosure.province_code == complex_.province_code,
            DayClosure.place_id.is_(None) & DayClosure.province_code.is_(None),
        ),
    )
    orders = [order(closure, branch.id) for closure in await session.scalars(query_days)]
    return Court(
        branch_id=branch.id,
        forum=Forum(branch.forum),
        number=branch.number,
        province=complex_.province_code,
        complex_fa=complex_.name_fa,
        complex_en=complex_.name_en,
        closures=Closures(await weekly_rest(session), orders),
        book=await rulebook(session),
    )


def order(closure: DayClosure, branch_id: int) -> Order:
    """A closed day as the calendar reads it; a building's closes its branches."""
    return Order(
        Days(closure.day, closure.day),
        closure.reason,
        province=closure.province_code,
        place=branch_id if closure.place_id is not None else None,
    )
