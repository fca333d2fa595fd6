"""How a sitting must be: each rule a pure function from facts to reasons.

Every rule is asked, so that all reasons of a refusal show at once. Values come from the policy of
the sitting's day in the branch's province. When it may be is the affair of ``lawful``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from remote_court.errors import Reason, RuleRefused
from remote_court.hearings.bench import JUDGES, Bench, bench_of
from remote_court.hearings.entering import cited
from remote_court.hearings.facts import CaseFacts, SeatFacts
from remote_court.hearings.forums import Forum, law_of
from remote_court.hearings.plan import Attendee, Cast, Plan
from remote_court.hearings.roles import Mode, PartyRole, Seat, Site
from remote_court.people import Gender
from remote_court.people.inmates import InmateStatus
from remote_court.policy import Policy

OF_OFFICE = frozenset({PartyRole.PROSECUTOR, PartyRole.OBSERVER})
"""Who attends from a device of their own without anybody's leave."""
REMOTE = "hearing.remote_needs_judge_order"
FEMALE_ADVISER = "quorum.juvenile.female_accused_needs_female_advisor"


class ListingRefused(RuleRefused):
    """The rules do not allow this session. The reasons are listed below."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan with the facts it is judged by."""

    plan: Plan
    forum: Forum
    case: CaseFacts
    bench: Sequence[SeatFacts]
    cast: Cast


Rule = Callable[[Asked, Policy], Iterator[Reason]]


def bench_is_whole(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """Every seat the law asks for is taken before a session is listed, each by a judge."""
    whole = bench_of(law_of(asked.forum, grave=asked.case.grave), rule)
    seats = {one.person_id: one.seat for one in asked.bench}
    if (missing := whole.lacks(seats)) is not None:
        yield bench_lacks(missing, whole, asked, rule)
    for one in asked.bench:
        if one.seat in JUDGES and not one.is_judge:
            yield Reason("not-a-judge", "%(name)s is not a judge.", None, {"name": one.name})
    parties = {party.person_id for party in asked.case.parties}
    for one in asked.bench:
        if one.person_id in parties:
            yield Reason(
                "judge-is-party",
                "%(name)s has a part in the case and cannot judge it.",
                None,
                {"name": one.name},
            )


def bench_lacks(missing: Seat, whole: Bench, asked: Asked, rule: Policy) -> Reason:
    """What to say of the seat that is empty."""
    law = law_of(asked.forum, grave=asked.case.grave)
    match missing:
        case Seat.PRESIDING:
            return Reason(
                "bench-incomplete",
                "The bench has no presiding judge. Name one.",
                f"{law.quorum}.bench",
            )
        case Seat.ADVISER:
            return Reason(
                "bench-incomplete",
                "An adviser must sit with the judge. Name one.",
                f"{law.quorum}.advisors",
            )
        case _:
            return Reason(
                "bench-incomplete",
                "This court sits with %(judges)s judges. Name the others.",
                f"{law.quorum}.bench",
                {"judges": whole.judges},
            )


def woman_beside_an_accused_girl(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """In a juvenile court an accused girl has a woman among the advisers."""
    if asked.forum is not Forum.JUVENILE or not rule.flag(FEMALE_ADVISER):
        return
    girls = [
        p for p in asked.case.parties if p.role is PartyRole.ACCUSED and p.gender is Gender.FEMALE
    ]
    advisers = [one for one in asked.bench if one.seat is Seat.ADVISER]
    if girls and advisers and not any(one.gender is Gender.FEMALE for one in advisers):
        yield Reason(
            "female-adviser-needed",
            "The accused is a girl: a woman must be among the advisers.",
            FEMALE_ADVISER,
        )


def lawyers_within_the_cap(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """A party has so many lawyers at most in one session; before investigators, the accused."""
    key = law_of(asked.forum, grave=asked.case.grave).lawyers
    most = rule.integer(key)
    count = Counter(
        client
        for one in asked.cast.attendees
        if one.party.role is PartyRole.LAWYER
        for client in one.party.clients
    )
    for party in asked.case.parties:
        bound = asked.forum is not Forum.PROSECUTION or party.role is PartyRole.ACCUSED
        if bound and count[party.id] > most:
            yield Reason(
                "too-many-lawyers",
                "%(name)s may have at most %(most)s lawyers in this session.",
                key,
                {"name": party.name, "most": most},
            )


def ordered_by_the_judge(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """A session is remote by a judge's order, in words."""
    if not rule.flag(REMOTE):
        return
    if not asked.plan.order.strip():
        yield Reason(
            "no-remote-order",
            "Write down the judge's order by which the session is held remotely.",
            REMOTE,
        )
    judges = {one.person_id for one in asked.bench if one.seat in JUDGES}
    if asked.plan.judge_id is not None and asked.plan.judge_id not in judges:
        yield Reason(
            "order-not-of-the-bench",
            "The order must be of a judge who sits in this session.",
            REMOTE,
        )


def somebody_is_heard(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """There is somebody to hear, and everybody named is in the case."""
    if asked.cast.strangers:
        yield Reason("not-in-the-case", "Somebody named has no part in this case.")
    if not asked.cast.attendees:
        yield Reason("nobody-attends", "Name at least one person who attends.")


def place_is_possible(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """Each can attend from where they are to: allowed devices, known offices, hybrid rooms."""
    for one in asked.cast.attendees:
        told = {"name": one.party.name}
        if one.site is Site.COURTROOM and asked.plan.mode is not Mode.HYBRID:
            yield Reason(
                "courtroom-needs-hybrid",
                "%(name)s comes to the courtroom: list the session as hybrid.",
                None,
                told,
            )
        if (
            one.site is Site.OWN_DEVICE
            and not one.party.own_device
            and (one.party.role not in OF_OFFICE)
        ):
            yield Reason(
                "own-device-not-allowed",
                "No judge has allowed %(name)s to attend from their own device.",
                REMOTE,
                told,
            )
        yield from at_a_place(one, asked.cast)


def at_a_place(one: Attendee, cast: Cast) -> Iterator[Reason]:
    """Somebody who needs a room has a place where it could be."""
    told = {"name": one.party.name}
    alone = one.needs_room and not one.places and not cast.speakers.get(one.party.id)
    if alone and one.site is Site.OFFICE:
        yield Reason("no-office", "No office is named to which %(name)s can come.", None, told)
    if alone and one.site is Site.PRISON:
        yield Reason("not-in-prison", "%(name)s is not held in a prison.", None, told)


def prisoner_is_there(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """A prisoner attends from the prison, where they can be reached, or is brought to court."""
    for one in asked.cast.attendees:
        told = {"name": one.party.name}
        status = one.party.held
        if status is InmateStatus.RELEASED and one.site is Site.PRISON:
            yield Reason(
                "inmate-released",
                "%(name)s has been released: choose from where they attend.",
                None,
                told,
            )
        if status is InmateStatus.HELD and one.site in {Site.OFFICE, Site.OWN_DEVICE}:
            yield Reason(
                "held-in-prison",
                "%(name)s is held in a prison and attends from there.",
                None,
                told,
            )
        if status is InmateStatus.HOSPITAL:
            yield Reason(
                "inmate-in-hospital",
                "%(name)s is in hospital and cannot attend before they are back.",
                None,
                told,
            )
        if status is InmateStatus.ON_LEAVE and one.site is Site.PRISON:
            yield Reason(
                "inmate-on-leave",
                "%(name)s is on leave from prison: choose from where they attend.",
                None,
                told,
            )


def understood_by_all(asked: Asked, rule: Policy) -> Iterator[Reason]:
    """Who needs an interpreter has one in the session."""
    here = {one.party.role for one in asked.cast.attendees}
    if PartyRole.INTERPRETER in here:
        return
    for one in asked.cast.attendees:
        if one.party.needs_interpreter:
            yield Reason(
                "interpreter-needed",
                "%(name)s needs an interpreter: enter one in the case first.",
                None,
                {"name": one.party.name},
            )


OF_THE_SITTING: tuple[Rule, ...] = (
    bench_is_whole,
    woman_beside_an_accused_girl,
    lawyers_within_the_cap,
    somebody_is_heard,
    place_is_possible,
    prisoner_is_there,
    understood_by_all,
)
"""What must be so before times are looked for."""
OF_THE_LISTING: tuple[Rule, ...] = (*OF_THE_SITTING, ordered_by_the_judge)


def refusals(asked: Asked, rule: Policy, rules: Sequence[Rule] = OF_THE_LISTING) -> list[Reason]:
    """Every reason for which this sitting may not be, with what each cites."""
    return [cited(reason, rule) for each in rules for reason in each(asked, rule)]
