"""How much of a talk took place, and what the rest was lost to; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from remote_court.calendars.interval import Interval, merged, without

NOTHING = timedelta(0)
OURS = frozenset({"worker_lost", "shutdown"})
"""How connections end that no line and no person ended."""


@dataclass(frozen=True, slots=True)
class Presence:
    """One stretch in which somebody of a role was connected, and how it ended."""

    role: str
    during: Interval
    left: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a call went, as the record has it.

    ``planned`` is the length that was told; ``ends_at`` when it would have closed by itself.
    """

    planned: timedelta
    starts_at: datetime
    opened_at: datetime
    closed_at: datetime
    ends_at: datetime
    required: frozenset[str]
    presences: Sequence[Presence]
    pauses: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was talked and lost; ``causes`` holds only what cost time, the largest first."""

    talked: timedelta
    lost: timedelta
    causes: Mapping[str, timedelta]


def tally(course: Course) -> Tally:
    """Count the time in which all required sides were connected and nobody had paused."""
    if course.opened_at >= course.closed_at:
        return Tally(NOTHING, course.planned, {"ended_early": course.planned})
    live = without([Interval(course.opened_at, course.closed_at)], course.pauses)
    together = live
    for role in course.required:
        together = common(together, merged(p.during for p in course.presences if p.role == role))
    talked = length(together)
    lost = max(course.planned - talked, NOTHING)
    return Tally(talked, lost, causes(course, live, together) if lost else {})


def causes(
    course: Course, live: Sequence[Interval], together: Sequence[Interval]
) -> dict[str, timedelta]:
    """What time was lost to, the largest first; equal ones by name."""
    apart = without(live, together)
    gone = [p for p in course.presences if p.left == "left" and p.role in course.required]
    left_early = [
        Interval(p.during.end, course.closed_at)
        for p in gone
        if p.during.end < course.closed_at and not comes_back(p, course.presences)
    ]
    failed = common(without(apart, left_early), merged(failures(course)))
    found = {
        f"late_{last_in(course)}": course.opened_at - course.starts_at,
        "supervisor_pause": length(
            common(merged(course.pauses), [Interval(course.opened_at, course.closed_at)])
        ),
        "supervisor_end": course.ends_at - course.closed_at,
        "left_early": length(common(apart, merged(left_early))),
        "media_server": length(failed),
        "network": length(without(apart, [*left_early, *failed])),
    }
    kept = {cause: cost for cause, cost in found.items() if cost >= timedelta(seconds=1)}
    return dict(sorted(kept.items(), key=lambda item: (-item[1], item[0])))


def failures(course: Course) -> Iterator[Interval]:
    """Where our own server ended somebody's connection: until one of their role is back."""
    for gone in course.presences:
        if gone.left not in OURS or gone.role not in course.required:
            continue
        since = gone.during.end
        later = [p.during for p in course.presences if p.role == gone.role and p.during.end > since]
        back = min((during.start for during in later), default=course.closed_at)
        if since < back:
            yield Interval(since, back)


def last_in(course: Course) -> str:
    """The required role whose first arrival was the latest."""
    first: dict[str, datetime] = {}
    for presence in course.presences:
        if presence.role in course.required:
            known = first.get(presence.role, presence.during.start)
            first[presence.role] = min(known, presence.during.start)
    return max(first, key=lambda role: (first[role], role), default="start")


def comes_back(gone: Presence, presences: Iterable[Presence]) -> bool:
    """Whether somebody of the same role is connected at or after the end of this stretch."""
    return any(p.role == gone.role and p.during.end > gone.during.end for p in presences)


def common(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """What both have in common; each is sorted and has no overlaps."""
    return [i for a in some for b in others if (i := a.intersection(b)) is not None]


def length(intervals: Iterable[Interval]) -> timedelta:
    """How long they last together; they do not overlap."""
    return sum((interval.length for interval in intervals), NOTHING)
