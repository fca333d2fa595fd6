"""A request while it is being decided: everything known about it, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import NotFound, Reason, RuleRefused
from remote_court.places import Audience
from remote_court.policy import Policy
from remote_court.scheduling.opening import Opening
from remote_court.scheduling.wish import Pool, Wish, week_guard
from remote_court.visits import company, rules
from remote_court.visits import facts as facts_of
from remote_court.visits.facts import Facts
from remote_court.visits.letters import VISIT
from remote_court.visits.request import Request, Times
from remote_court.visits.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A request, its times, the facts it is judged by, and the policy of its day."""

    request: Request
    when: Times
    found: Facts
    office: Opening
    prison: Opening
    open: bool
    open_for_others: bool
    rule: Policy
    now: datetime
    standing: bool = False

    def refusals(self) -> list[Reason]:
        """Every reason for which this visit may not be."""
        asked = rules.Asked(
            kind=self.request.kind,
            day=self.when.day,
            week=self.when.week,
            now=self.now,
            starts_at=self.when.told.start,
            booked_for=self.request.booked_for,
            open=self.open,
            open_for_others=self.open_for_others,
            on_the_step=not self.when.since_midnight % self.rule.minutes("visit.slot_step_min"),
            makeup=self.request.makeup_of is not None,
            standing=self.standing,
            followed=self.request.interpreter_id is not None,
        )
        return rules.refusals(asked, self.found, self.rule)

    def outcome(self) -> tuple[Status, datetime | None]:
        """Return the state a lawful booking gets, and until when its places are only held."""
        if self.request.held:
            return Status.HELD, self.now + self.rule.minutes("visit.hold_min")
        if company.of_right(self.request.kind, self.found, self.rule):
            return Status.BOOKED, None
        answer_by = self.now + self.rule.days("visit.request_answer_days")
        return Status.REQUESTED, min(answer_by, self.when.told.start)

    def visitors(self) -> list[tuple[int, bool]]:
        """Each visitor and whether they are an adult on the day."""
        day, found = self.when.day, self.found.visitors
        return [(v.person_id, not company.is_child(v.born_on, day, self.rule)) for v in found]


def wish_of(request: Request, when: Times, prison_id: int, created_by: int) -> Wish:
    """What the visit occupies: a room, a booth, the inmate, every visitor, the interpreter."""
    features = frozenset({"step_free"}) if request.step_free else frozenset[str]()
    return Wish(
        kind=VISIT,
        status=Status.BOOKED,
        told=when.told,
        reserved=when.reserved,
        pools=(Pool(request.office_id, features, request.room_id), Pool(prison_id)),
        people=request.people,
        created_by=created_by,
        guards=(week_guard(request.inmate_id, when.week.toordinal()),),
    )


async def gather(
    session: AsyncSession,
    request: Request,
    when: Times,
    rule: Policy,
    now: datetime,
    *,
    except_visit: int = 0,
) -> Matter:
    """Load what the rules look at, and stop at strangers before any place is touched.

    Raises:
        NotFound: the inmate is gone, or the office or prison serves nobody now.
        RuleRefused: a visitor is not tied to the inmate; whether they are busy is not told.
    """
    asked = facts_of.Question(
        inmate_id=request.inmate_id,
        visitor_ids=request.visitor_ids,
        span=facts_of.Span(when.day, when.week, now, rule.days("visit.no_show_cooldown.in_days")),
        except_visit=except_visit,
        makeup_of=request.makeup_of,
    )
    known = await facts_of.load_with_places(session, asked, request.office_id)
    if known is None:
        raise NotFound
    found, places = known
    if reasons := rules.strangers(request.kind, len(request.visitor_ids), found, rule):
        raise RuleRefused(reasons)
    office, prison = places.office(request.office_id), places.places.get(found.inmate.prison_id)
    if office is None or prison is None:
        raise NotFound
    group = [(v.gender, v.born_on) for v in found.visitors]
    audience = company.audiences_for(request.kind, group, when.day, rule)
    return Matter(
        request=request,
        when=when,
        found=found,
        office=office,
        prison=prison,
        open=places.allow(when.reserved, when.day, audience),
        open_for_others=places.allow(when.reserved, when.day, Audience),
        rule=rule,
        now=now,
    )
