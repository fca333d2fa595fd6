"""Which values a rule may be amended to: what the system understands and can carry out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from remote_court.policy.shipped import defaults
from remote_court.policy.units import Unit

WEEK = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
KIN = ("grandparent", "grandchild", "uncle_or_aunt", "cousin", "friend")
MORE_WORDS: Mapping[str, tuple[str, ...]] = {
    "calendar.weekend": WEEK,
    "visit.relatives_auto": KIN,
    "visit.others_need": ("handling_judge",),
    "visit.monitor.electronic": ("supervisor_view_record_on_order",),
}
"""Words that a rule may have besides those it was shipped with."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that each number of a rule may be, both included."""

    least: int = 0
    most: int = 10_000


ANY: Final = Bounds()
TALK, RESERVED, WAIT = Bounds(5, 240), Bounds(5, 300), Bounds(1, 120)
BOUNDS: Mapping[str, Bounds] = {
    "visit.duration_min.electronic": TALK,
    "visit.duration_min.lawyer": TALK,
    "visit.reserved_min.electronic": RESERVED,
    "visit.reserved_min.lawyer": RESERVED,
    "visit.slot_step_min": Bounds(15, 60),
    "visit.book_ahead_days": Bounds(0, 60),
    "visit.hold_min": Bounds(1, 120),
    "visit.max_per_week.electronic": Bounds(0, 14),
    "visit.visitors_max.adults": Bounds(1, 20),
    "visit.visitors_max.children": Bounds(0, 20),
    "visit.adult_age": Bounds(1, 30),
    "visit.no_show_cooldown.after": Bounds(1, 50),
    "visit.no_show_cooldown.in_days": Bounds(1, 366),
    "visit.no_show_cooldown.block_days": Bounds(0, 366),
    "visit.request_answer_days": Bounds(1, 28),
    "visit.join_open_before_min": Bounds(0, 240),
    "visit.check_in_before_min": Bounds(0, 240),
    "visit.grace_min": WAIT,
    "visit.reconnect_grace_min": WAIT,
    "visit.extend_max_min": Bounds(0, 60),
    "visit.warn_before_end_min": Bounds(1, 60),
    "visit.remind_before_h": Bounds(1, 336),
    "hearing.remind_before_h": Bounds(1, 336),
    "service.outage_min": Bounds(1, 120),
    "visit.recording.retention_days": Bounds(1, 3660),
    "visit.cancel_free_before_h": Bounds(0, 672),
}
STEPS: Mapping[str, tuple[int, ...]] = {"visit.slot_step_min": (15, 30, 60)}
"""Numbers of which one must be chosen: free places are counted by quarters of an hour."""

WITHIN: Mapping[str, str] = {
    "visit.duration_min.electronic": "visit.reserved_min.electronic",
    "visit.duration_min.lawyer": "visit.reserved_min.lawyer",
}
"""Rules that may not be more than another."""


def bounds(key: str) -> Bounds:
    """The bounds of a rule's numbers."""
    return BOUNDS.get(key, ANY)


def vocabulary(key: str) -> tuple[str, ...]:
    """The words a rule may have: those it was shipped with, and others the system understands."""
    shipped = [word for rule in defaults() if rule.key == key for word in listed(rule.value)]
    return tuple(dict.fromkeys((*shipped, *MORE_WORDS.get(key, ()))))


def listed(value: object) -> list[str]:
    """A word, or the words of a list."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def knows(key: str, unit: Unit, value: object) -> bool:
    """Whether the system understands every word of a value."""
    return unit not in {Unit.WORD, Unit.WORDS} or set(listed(value)) <= set(vocabulary(key))


def inside(key: str, value: object) -> bool:
    """Whether every number of a value is one that the rule may have."""
    steps, limits = STEPS.get(key), bounds(key)
    return all(
        limits.least <= number <= limits.most and (steps is None or number in steps)
        for number in numbers(value)
    )


def numbers(value: object) -> Iterable[int]:
    """The numbers of a value, if it has any."""
    every = value if isinstance(value, list) else [value]
    return [one for one in every if isinstance(one, int) and not isinstance(one, bool)]
