"""What leaves when a hearing changes: letters to people. Service is a notice, not one of these."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from remote_court import outbox
from remote_court.notices.messages import MessageKind
from remote_court.policy import Policy

HEARING = "hearing"


class Serving(StrEnum):
    """What a notice of a hearing serves: its date, a new date, or that there is none any more."""

    LISTED = "listed"
    MOVED = "moved"
    CANCELLED = "cancelled"


def letter(
    kind: MessageKind, person_id: int, hearing_id: int, due_at: datetime, **params: object
) -> outbox.Row:
    """A letter about a hearing to a person.

    Args:
        kind: ``LISTED`` (provisional), ``CONFIRMED``, ``MOVED``, ``DISPLACED``, ``CANCELLED``,
            ``ADJOURNED``, ``LATE``, ``MINUTES`` or ``REMINDER``.
        params: ``starts_at`` (ISO 8601), the start that was lost, for what moved, was displaced
            or cancelled; ``minutes``, how late, for ``LATE``.
    """
    return outbox.row(
        outbox.LETTER, due_at, kind=kind, person_id=person_id, session_id=hearing_id, params=params
    )


def reminders(
    person_id: int, hearing_id: int, starts_at: datetime, now: datetime, rule: Policy
) -> list[outbox.Row]:
    """Letters for later; whether the hearing still stands then is asked when they leave."""
    start = starts_at.isoformat()
    due = {h: starts_at - timedelta(hours=h) for h in rule.numbers("hearing.remind_before_h")}
    return [
        letter(MessageKind.REMINDER, person_id, hearing_id, at, starts_at=start, hours=hours)
        for hours, at in due.items()
        if at > now
    ]
