"""What leaves when a visit changes: letters to people, and live updates to boards."""

from __future__ import annotations

from datetime import datetime, timedelta

from remote_court import outbox
from remote_court.notices.messages import MessageKind
from remote_court.policy import Policy
from remote_court.visits.models import Visit
from remote_court.visits.status import Status

VISIT = "visit"
LETTER_OF = {Status.BOOKED: MessageKind.BOOKED, Status.REQUESTED: MessageKind.REQUESTED}


def letter(
    kind: MessageKind, person_id: int, visit_id: int, due_at: datetime, **params: object
) -> outbox.Row:
    """A letter about a visit to a person."""
    return outbox.row(
        outbox.LETTER, due_at, kind=kind, person_id=person_id, session_id=visit_id, params=params
    )


def missed(visit: Visit, now: datetime, rule: Policy) -> outbox.Row:
    """A letter to whoever booked a visit that did not come about: why, and what follows."""
    return letter(
        MessageKind.MISSED,
        visit.booked_for,
        visit.id,
        now,
        cause=visit.lost_reason,
        counts=visit.counts_as_used,
        after=rule.integer("visit.no_show_cooldown.after"),
        within_days=rule.days("visit.no_show_cooldown.in_days").days,
        pause_days=rule.days("visit.no_show_cooldown.block_days").days,
    )


def reminders(
    person_id: int, visit_id: int, starts_at: datetime, now: datetime, rule: Policy
) -> list[outbox.Row]:
    """Letters for later; whether the visit still stands then is asked when they leave."""
    start = starts_at.isoformat()
    due = {h: starts_at - timedelta(hours=h) for h in rule.numbers("visit.remind_before_h")}
    return [
        letter(MessageKind.REMINDER, person_id, visit_id, at, starts_at=start, hours=hours)
        for hours, at in due.items()
        if at > now
    ]


def live(visit_id: int, office_id: int, prison_id: int, now: datetime) -> list[outbox.Row]:
    """Live updates for the boards of both places and for whoever looks at the visit."""
    channels = (f"office:{office_id}", f"prison:{prison_id}", f"visit:{visit_id}")
    return [outbox.live(channel, now, event=VISIT, id=visit_id) for channel in channels]
