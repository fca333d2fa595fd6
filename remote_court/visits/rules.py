"""Who may visit whom, when: each rule a pure function from facts to reasons.

Every rule is asked, so that all reasons of a refusal show at once. A reason says what would be
lawful, and nothing of the case. Values come from the policy of the visit's day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from remote_court.clock import local
from remote_court.errors import Reason
from remote_court.people.inmates import InmateStatus
from remote_court.policy import Policy
from remote_court.visits.bans import BanKind
from remote_court.visits.company import is_child
from remote_court.visits.facts import Facts
from remote_court.visits.foreign import NO_PAPERS, followed, with_papers
from remote_court.visits.models import VisitKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the kind, its local day and week, for whom, and whether places are open then.

    ``on_the_step``: it starts on one of the policy's steps; ``makeup``: it makes up for a visit
    that was lost, and so has an allowance of its own. ``standing``: it stood
    already, and lost its place or is moved by staff, so it may be sooner than a new one.
    ``followed``: somebody is named who knows the language of the visit.
    """

    kind: VisitKind
    day: date
    week: date
    now: datetime
    starts_at: datetime
    booked_for: int
    open: bool
    open_for_others: bool = False
    on_the_step: bool = True
    makeup: bool = False
    standing: bool = False
    followed: bool = False

    @property
    def today(self) -> date:
        """The day on the wall in Tehran."""
        return local(self.now).date()


BAN_RULE: Mapping[BanKind, str] = {
    BanKind.JUDICIAL: "visit.ban.judicial",
    BanKind.DISCIPLINARY: "visit.ban.disciplinary.max_sessions",
}
NO_MANDATE = Reason(
    "no-mandate",
    "Bring the power of attorney to an office or the prison first, so that it is registered.",
    "visit.lawyer_any_time",
)
NOT_ON_THE_LIST = Reason(
    "not-on-the-list",
    "One of the visitors is not on the prisoner's visitor list.",
    "visit.relatives_auto",
)

Rule = Callable[[Asked, Facts, Policy], Iterator[Reason]]


def in_the_booking_window(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """Visits are booked some days ahead, neither sooner nor later, and never in the past."""
    least, most = policy.between("visit.book_ahead_days")
    soon = asked.standing or asked.makeup
    first = asked.today + timedelta(days=0 if soon else least)
    last = asked.today + timedelta(days=most)
    if not first <= asked.day <= last or asked.starts_at <= asked.now:
        yield Reason(
            "outside-booking-window",
            "Visits can be booked from %(first)s to %(last)s.",
            "visit.book_ahead_days",
            {"first": first, "last": last},
        )


def in_open_hours(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """The office and the prison are both open for these visitors, and it starts on a step."""
    if not asked.on_the_step:
        yield Reason(
            "not-on-a-start",
            "Visits start every %(minutes)s minutes; choose one of the times shown.",
            "visit.slot_step_min",
            {"minutes": policy.integer("visit.slot_step_min")},
        )
    if asked.open:
        return
    if asked.open_for_others:
        yield Reason(
            "other-gender-day",
            "The prison keeps this time for other visitors. Choose one of the times shown.",
            "visit.gender_days",
        )
    else:
        yield Reason(
            "closed-then", "The office or the prison is closed at this time. Choose another time."
        )


def inmate_is_there(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """The inmate is in the prison."""
    match facts.inmate.status:
        case InmateStatus.HELD:
            return
        case InmateStatus.HOSPITAL:
            yield Reason(
                "inmate-in-hospital",
                "The prisoner is in hospital; visits can be booked again when they are back.",
            )
        case InmateStatus.ON_LEAVE:
            yield Reason(
                "inmate-on-leave", "The prisoner is on leave and does not need a booking now."
            )
        case InmateStatus.RELEASED:
            yield Reason("inmate-released", "The prisoner has been released.")


def tied_to_the_inmate(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """Each visitor is on the inmate's list, and their kinship was proven."""
    if asked.kind is VisitKind.LAWYER:
        if not all(v.mandated for v in facts.visitors):
            yield NO_MANDATE
        return
    if asked.kind is VisitKind.CONSULAR:
        return
    for visitor in facts.visitors:
        if visitor.permitted:
            continue
        if visitor.kinship is None:
            yield NOT_ON_THE_LIST
        elif not visitor.sighted:
            yield Reason(
                "kinship-not-proven",
                "Kinship is not proven yet: bring the birth certificate or marriage deed to an"
                " office once.",
                "visit.relatives_auto",
            )


def numbers_and_children(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """At most so many adults and children, and a child only beside an adult."""
    children = [v for v in facts.visitors if is_child(v.born_on, asked.day, policy)]
    adults = len(facts.visitors) - len(children)
    most_adults = policy.integer("visit.visitors_max.adults")
    most_children = policy.integer("visit.visitors_max.children")
    if adults > most_adults or len(children) > most_children:
        yield Reason(
            "too-many-visitors",
            "At most %(adults)s adults and %(children)s children can come together.",
            "visit.visitors_max.adults",
            {"adults": most_adults, "children": most_children},
        )
    if children and not adults and policy.flag("visit.child_needs_adult"):
        yield Reason(
            "child-needs-adult",
            "A child comes with an adult who is on the visitor list. Add an adult.",
            "visit.child_needs_adult",
        )


def not_banned(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """No ban stands on that day; a lawyer is never banned, a consul by a judge only."""
    if asked.kind is VisitKind.LAWYER:
        return
    here = {v.person_id for v in facts.visitors}
    standing = [b for b in facts.bans if b.visitor_id is None or b.visitor_id in here]
    if asked.kind is VisitKind.CONSULAR:
        standing = [b for b in standing if b.kind is BanKind.JUDICIAL]
    if not standing:
        return
    last = max(standing, key=lambda b: b.ends_on)
    yield Reason(
        "not-bookable-until",
        "Visits to this prisoner cannot be booked until %(until)s.",
        BAN_RULE[last.kind],
        {"until": last.ends_on + timedelta(days=1)},
    )


def within_the_allowance(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """So many electronic visits a week, of the inmate and of each visitor; relatives only."""
    if asked.kind is not VisitKind.FAMILY or asked.makeup:
        return
    weekly = policy.integer("visit.max_per_week.electronic")
    own = weekly if facts.inmate.weekly_visits is None else facts.inmate.weekly_visits
    used_up = facts.used_by_inmate >= own or any(v.used >= weekly for v in facts.visitors)
    if used_up:
        yield Reason(
            "allowance-used",
            "This week's visit is already booked or used. Choose a day in another week.",
            "visit.max_per_week.electronic",
        )


def not_cooling_down(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """After missed visits, a pause before the next."""
    if asked.kind is not VisitKind.FAMILY or asked.makeup:
        return
    after = policy.integer("visit.no_show_cooldown.after")
    pause = policy.days("visit.no_show_cooldown.block_days")
    last_misses = [v.no_shows[-1] for v in facts.visitors if len(v.no_shows) >= after]
    if not last_misses:
        return
    until = local(max(last_misses)).date() + pause
    if asked.day < until:
        yield Reason(
            "missed-visits",
            "After several missed visits, the next can be booked from %(until)s.",
            "visit.no_show_cooldown.block_days",
            {"until": until},
        )


def makes_up_for_something(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """A free visit is for one of the same week that lost more minutes than the policy bears."""
    if not asked.makeup:
        return
    lost = facts.lost
    least = policy.integer("visit.makeup_if_lost_min")
    earned = (
        asked.kind is VisitKind.FAMILY
        and lost is not None
        and (lost.inmate_id, lost.booked_for) == (facts.inmate.person_id, asked.booked_for)
        and lost.week == asked.week
        and lost.over
        and not lost.made_up
        and lost.lost_minutes > least
    )
    if not earned:
        yield Reason(
            "nothing-to-make-up",
            "A free visit is for one in the same week that lost more than %(minutes)s minutes,"
            " and once only.",
            "visit.makeup_if_lost_min",
            {"minutes": least},
        )


RULES: tuple[Rule, ...] = (
    in_the_booking_window,
    in_open_hours,
    inmate_is_there,
    tied_to_the_inmate,
    with_papers,
    followed,
    numbers_and_children,
    not_banned,
    within_the_allowance,
    not_cooling_down,
    makes_up_for_something,
)


def refusals(asked: Asked, facts: Facts, policy: Policy) -> list[Reason]:
    """Every reason for which this visit may not be, each once; none: it is lawful."""
    found: dict[str, Reason] = {}
    for rule in RULES:
        for reason in rule(asked, facts, policy):
            found.setdefault(reason.code, cited(reason, policy))
    return list(found.values())


def cited(reason: Reason, policy: Policy) -> Reason:
    """The reason with the wording of the rule it cites."""
    if reason.citation is None:
        return reason
    source = policy.cite(reason.citation)
    return replace(reason, source={"fa": source.fa, "en": source.en})


def strangers(kind: VisitKind, wanted: int, facts: Facts, policy: Policy) -> list[Reason]:
    """Return a reason if somebody named as a visitor has no tie to the inmate at all.

    Asked before any place is touched: whether a stranger is busy then is not theirs to learn.
    """
    consular = kind is VisitKind.CONSULAR
    tied = [
        v
        for v in facts.visitors
        if (v.papers if consular else v.kinship or v.permitted or v.mandated)
    ]
    if len(tied) == wanted:
        return []
    if consular:
        return [cited(NO_PAPERS, policy)]
    if kind is VisitKind.LAWYER:
        return [cited(NO_MANDATE, policy)]
    return [cited(NOT_ON_THE_LIST, policy)]
