"""Moments of the small court's calendar, by the solar one."""

from __future__ import annotations

from datetime import datetime, time

from remote_court.calendars.jalali import gregorian
from remote_court.calendars.opening_hours import on_wall


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An hour of 1405 on the wall in Tehran."""
    return on_wall(gregorian(1405, month, day), time(hour, minute))


LAWFUL = at(9, 9, 9)
"""The first day that is lawful in a civil court when everybody is served at noon: a Monday."""
