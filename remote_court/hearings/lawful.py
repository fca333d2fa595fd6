"""From which day on a session may lawfully be held: for each who must be served, and for all.

Pure. Who is not served yet is counted as if they were today, in their SANA account, by an
officer or by publication, and that is said: a date inside even those days can never become
lawful, a later one is provisional until service is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from typing_extensions import override

from remote_court.calendars import deadlines
from remote_court.calendars.deadlines import IsClosed, NoOpenDay, Recipient, Standing
from remote_court.errors import Reason, RuleRefused
from remote_court.hearings.forums import ForumLaw
from remote_court.hearings.roles import Address, PartyRole
from remote_court.notices.service import Method, Service
from remote_court.policy import Citation, Policy

SEARCH_DAYS = 800
"""Longer than any term with all the closed days that can follow it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By which rules, and by whose calendar, a court counts days."""

    law: ForumLaw
    rules: Callable[[date], Policy]
    is_closed: IsClosed


@dataclass(frozen=True, slots=True)
class ToServe:
    """Somebody who must be served; ``service`` is their first for the session's present date."""

    person_id: int
    role: PartyRole
    address: Address
    has_account: bool
    service: Service | None = None

    @property
    def served_on(self) -> date | None:
        """The day of service, if it has happened."""
        return self.service.day if self.service is not None else None

    @property
    def method(self) -> Method:
        """How they were served, or are to be."""
        if self.service is not None and self.service.day is not None:
            return self.service.method
        if self.address is Address.UNKNOWN:
            return Method.PUBLICATION
        return Method.SANA if self.has_account else Method.OFFICER

    def term(self, law: ForumLaw) -> str:
        """The rule that says how many clear days they must get."""
        if self.method is Method.PUBLICATION:
            return law.publication
        return law.abroad if self.address is Address.ABROAD else law.gap

    def recipient(self, law: ForumLaw, rule: Policy, served: date | None) -> Recipient:
        """What a deadline counts with, had they been served on a day."""
        published = self.method is Method.PUBLICATION
        abroad = self.address is Address.ABROAD
        return Recipient(
            served,
            rule.days(law.publication if published else law.gap).days,
            rule.days(law.abroad).days if abroad else None,
        )


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first lawful day for one recipient, counted from ``counted_from``.

    ``assumed``: they are not served yet, and that day is only supposed. ``citation`` is the key
    of the rule, ``source`` its wording.
    """

    person_id: int
    role: PartyRole
    day: date
    served_on: date | None
    counted_from: date
    method: Method
    citation: str
    source: Citation

    @property
    def assumed(self) -> bool:
        """Whether service is still to come."""
        return self.served_on is None

    def as_told(self) -> Mapping[str, object]:
        """What a program is told of it; the citation is put into words at the edge."""
        return {
            "person_id": str(self.person_id),
            "role": self.role.value,
            "earliest": self.day.isoformat(),
            "served_on": self.served_on.isoformat() if self.served_on else None,
            "assumed": self.assumed,
            "method": self.method.value,
            "citation": self.source,
        }


class UnlawfulDate(RuleRefused):
    """Not everybody would have had their clear days by this date."""

    def __init__(self, reasons: Sequence[Reason], earliest: Sequence[Earliest]) -> None:
        super().__init__(reasons)
        self.earliest = tuple(earliest)

    @property
    @override
    def extensions(self) -> Mapping[str, object]:
        """The earliest lawful date of each recipient, and the first that is lawful for all."""
        return {
            "earliest_lawful": [one.as_told() for one in self.earliest],
            "earliest_for_all": max(one.day for one in self.earliest).isoformat(),
        }


def earliest(one: ToServe, terms: Terms, today: date) -> Earliest:
    """The first day on which one recipient has had all their clear days.

    Each day is judged by the policy in force on it, so a term that is amended holds from its day.
    """
    since = one.served_on or today
    day = since
    for _ in range(SEARCH_DAYS):
        day += timedelta(days=1)
        rule = terms.rules(day)
        counted = one.recipient(terms.law, rule, since)
        if not terms.is_closed(day) and since + timedelta(days=counted.days) < day:
            key = one.term(terms.law)
            return Earliest(
                one.person_id,
                one.role,
                day,
                one.served_on,
                since,
                one.method,
                key,
                rule.cite(key),
            )
    raise NoOpenDay(since)


def earliest_of_each(everybody: Iterable[ToServe], terms: Terms, today: date) -> list[Earliest]:
    """The first lawful day of each, the latest first: the longest term is everybody's.

    Source:
        Civil Procedure Code, art. 447.
    """
    found = [earliest(one, terms, today) for one in everybody]
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.person_id))


def earliest_for_all(everybody: Iterable[ToServe], terms: Terms, today: date) -> date:
    """The first day that is lawful for all; where nobody must be served, the next open one."""
    each = earliest_of_each(everybody, terms, today)
    if not each:
        return deadlines.first_open(today, terms.is_closed)
    # A term that was shortened since may let one in where another is not yet.
    return next(
        day
        for n in range(SEARCH_DAYS)
        if not terms.is_closed(day := each[0].day + timedelta(days=n))
        and not too_soon(everybody, terms, day, today)
    )


def too_soon(everybody: Iterable[ToServe], terms: Terms, day: date, today: date) -> list[Earliest]:
    """The recipients for whom a day is inside their clear days, the longest term first."""
    rule = terms.rules(day)
    late = [
        one
        for one in everybody
        if (one.served_on or today)
        + timedelta(days=one.recipient(terms.law, rule, one.served_on or today).days)
        >= day
    ]
    return earliest_of_each(late, terms, today)


def standing(everybody: Iterable[ToServe], terms: Terms, day: date) -> Standing:
    """Whether a session's day stands by the real state of service, by the policy of that day."""
    rule = terms.rules(day)
    recipients = [one.recipient(terms.law, rule, one.served_on) for one in everybody]
    return deadlines.standing(recipients, day, terms.is_closed)


def refusal(late: Sequence[Earliest]) -> Reason:
    """Why a date is refused: by the longest term of those for whom it is too soon."""
    last = late[0]
    source = {"fa": last.source.fa, "en": last.source.en}
    return Reason(
        "unlawful-date",
        "The session may lawfully be held from %(day)s on.",
        last.citation,
        {"day": last.day},
        source,
    )
