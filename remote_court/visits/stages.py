"""Where a visit stands as the desk sees it: its state, who is here, and what the clock says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from remote_court.policy import Policy
from remote_court.visits.check_in import RECEIVED, last_arrival
from remote_court.visits.desk import DeskLine
from remote_court.visits.status import Status


class Stage(StrEnum):
    """A visit's stage on the day; ``LATE``: its time has begun and nobody is here."""

    REQUESTED = "requested"
    DISPLACED = "displaced"
    EXPECTED = "expected"
    LATE = "late"
    HERE = "here"
    UNDER_WAY = "under_way"
    DONE = "done"
    MISSED = "missed"
    OFF = "off"


STAGE_OF: Mapping[Status, Stage] = {
    Status.REQUESTED: Stage.REQUESTED,
    Status.HELD: Stage.REQUESTED,
    Status.DISPLACED: Stage.DISPLACED,
    Status.IN_PROGRESS: Stage.UNDER_WAY,
    Status.COMPLETED: Stage.DONE,
    Status.NO_SHOW: Stage.MISSED,
    Status.CANCELLED: Stage.OFF,
    Status.LAPSED: Stage.OFF,
    Status.REJECTED: Stage.OFF,
}


def stage(line: DeskLine, now: datetime) -> Stage:
    """The stage of a visit at this moment."""
    if line.status is not Status.BOOKED:
        return STAGE_OF[line.status]
    if line.checked_in_at is not None:
        return Stage.HERE
    return Stage.LATE if now >= line.starts_at else Stage.EXPECTED


def receivable(line: DeskLine, now: datetime, rule: Policy) -> bool:
    """Whether the desk may receive this visit's people now."""
    if line.status not in RECEIVED:
        return False
    if line.checked_in_at is not None:
        return True
    early = rule.minutes("visit.check_in_before_min")
    return line.starts_at - early <= now <= last_arrival(line.starts_at, rule)


def counted(stages: Iterable[Stage]) -> dict[Stage, int]:
    """How many visits stand at each stage."""
    counts = dict.fromkeys(Stage, 0)
    for one in stages:
        counts[one] += 1
    return counts
