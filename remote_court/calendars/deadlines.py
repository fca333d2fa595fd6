"""Statutory terms: how days are counted, and the first day on which a session may be held.

The numbers (five clear days, two months abroad, …) are policy and come as arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from remote_court.errors import CourtError, Refusal

IsClosed = Callable[[date], bool]

YEAR_MONTHS: Final = 12
MONTH_DAYS: Final = 30
WEEK_DAYS: Final = 7
# No calendar is closed this long; a search that finds no open day was given a wrong one.
SEARCH_DAYS: Final = 400


class NeverServed(Refusal):
    """Somebody who must be told has not been served yet."""


class NoOpenDay(CourtError):
    """The calendar shows no open day for more than a year."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be served before a session: the day it happened, and the days they must get.

    ``abroad_days`` is the term that takes the place of ``gap_days`` for who lives abroad.
    """

    served: date | None
    gap_days: int
    abroad_days: int | None = None

    @property
    def days(self) -> int:
        """The clear days this one must get; abroad never shortens them."""
        return max(self.gap_days, self.abroad_days or 0)


class Standing(StrEnum):
    """Whether a session's day stands: it may be listed before everybody is served."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    TOO_EARLY = "too_early"


def term_days(*, years: int = 0, months: int = 0, weeks: int = 0, days: int = 0) -> int:
    """Return the days of a term as the law counts them: a month has thirty.

    Source:
        Civil Procedure Code, art. 443.
    """
    return (years * YEAR_MONTHS + months) * MONTH_DAYS + weeks * WEEK_DAYS + days


def first_open(day: date, is_closed: IsClosed) -> date:
    """Return the day itself, or the next one that is open.

    Raises:
        NoOpenDay: more than a year of closed days; the calendar must be wrong.
    """
    for ahead in range(SEARCH_DAYS):
        if not is_closed(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    raise NoOpenDay(day)


def last_day_to_act(served: date, days: int, is_closed: IsClosed) -> date:
    """Return the last day on which somebody may act within a term of ``days``.

    Neither the day of service nor the day of the act is counted; a last day on which the courts
    are closed, or cannot work, moves to the next open one.

    Source:
        Civil Procedure Code, arts. 443-445.
    """
    return first_open(served + timedelta(days=days + 1), is_closed)


def earliest_session(served: date, gap_days: int, is_closed: IsClosed) -> date:
    """Return the first day on which a session may lawfully be held.

    Args:
        gap_days: clear days; the day of service and the day of the session are not counted.

    Source:
        Civil Procedure Code, arts. 64, 443-446.
    """
    return first_open(served + timedelta(days=gap_days + 1), is_closed)


def earliest_session_for(recipients: Iterable[Recipient], is_closed: IsClosed) -> date:
    """Return the first day on which everybody has had their clear days.

    Raises:
        NeverServed: a required recipient has no service date.
    """
    days = []
    for recipient in recipients:
        if recipient.served is None:
            raise NeverServed
        days.append(earliest_session(recipient.served, recipient.days, is_closed))
    if not days:
        raise NeverServed
    return max(days)


def longest_term(recipients: Iterable[Recipient], is_closed: IsClosed) -> date:
    """Return the last day to act of several defendants: the longest term is everybody's.

    Raises:
        NeverServed: one of them has no service date, so the term has not begun for all.

    Source:
        Civil Procedure Code, art. 447.
    """
    return earliest_session_for(recipients, is_closed)


def standing(recipients: Iterable[Recipient], session: date, is_closed: IsClosed) -> Standing:
    """Say whether a session's day stands, now that some have been served and some have not."""
    everybody = tuple(recipients)
    served = [one for one in everybody if one.served is not None]
    if served and earliest_session_for(served, is_closed) > session:
        return Standing.TOO_EARLY
    if not everybody or len(served) < len(everybody):
        return Standing.PROVISIONAL
    return Standing.CONFIRMED


def carried_over(last_day: date, session: date, new_session: date) -> date:
    """Return a term's last day after its session could not be held: it moves with the session.

    Source:
        Civil Procedure Code, art. 448.
    """
    return new_session if last_day == session else last_day
