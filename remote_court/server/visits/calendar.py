"""Free times as the calendar and the time page show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any

from remote_court.calendars.jalali import Month, jalali, weekday_name
from remote_court.clock import local
from remote_court.server.filters import Speech
from remote_court.visits.slots import Slot

FEW = 2
NOON = time(12)


def per_day(slots: Iterable[Slot]) -> Counter[date]:
    """How many free starts each day has; days that are open and full count 0."""
    counts: Counter[date] = Counter()
    for slot in slots:
        counts[local(slot.starts_at).date()] += 1 if slot.free else 0
    return counts


def month(
    shown: Month,
    counts: Counter[date],
    window: tuple[date, date],
    address: Callable[[str], str],
    speech: Speech,
) -> dict[str, Any]:
    """One Jalali month for the calendar macro.

    Args:
        counts: as ``per_day``; a day that is not in it is closed.
        window: the first and the last day that can be booked.
        address: the address of this page for another month.
    """
    first, last = window
    return {
        "title": shown.title(speech.locale),
        "previous": address(str(shown.previous())) if shown.first > first else None,
        "next": address(str(shown.next())) if shown.last < last else None,
        "weekdays": weekday_names(speech.locale),
        "weeks": [
            [cell(day, counts, window, speech) if day else None for day in week]
            for week in shown.weeks()
        ],
    }


def weekday_names(locale: str) -> list[str]:
    """The names of the week, Saturday first."""
    saturday = date(2026, 11, 21)
    return [weekday_name(saturday.replace(day=21 + n), locale) for n in range(7)]


def cell(
    day: date, counts: Counter[date], window: tuple[date, date], speech: Speech
) -> dict[str, Any]:
    """One day of the calendar: free, few, full or closed, and how many places."""
    said = speech.gettext
    free = counts.get(day)
    if not window[0] <= day <= window[1]:
        state, note = "full", ""
    elif free is None:
        state, note = "closed", said("closed")
    elif free == 0:
        state, note = "full", said("full")
    else:
        state = "few" if free <= FEW else "free"
        note = speech.ngettext("%(n)s time", "%(n)s times", free) % {"n": speech.digits(free)}
    number = speech.digits(jalali(day).day)
    return {"value": day.isoformat(), "number": number, "note": note, "state": state}


def groups(slots: Sequence[Slot], speech: Speech) -> list[dict[str, Any]]:
    """The starts of one day, before and after noon."""
    said = speech.gettext
    morning = [s for s in slots if local(s.starts_at).time() < NOON]
    rest = [s for s in slots if local(s.starts_at).time() >= NOON]
    halves = ((said("Before noon"), morning), (said("After noon"), rest))
    return [
        {
            "title": title,
            "slots": [
                {
                    "value": local(s.starts_at).isoformat(),
                    "label": speech.jtime(s.starts_at),
                    "free": s.free,
                    "note": "",
                }
                for s in half
            ],
        }
        for title, half in halves
        if half
    ]
