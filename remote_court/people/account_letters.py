"""Letters about one's own account: whoever changed something on it, its holder is told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from remote_court import outbox

AccountEvent = Literal[
    "activated", "password_changed", "password_given", "generator_set", "generator_replaced"
]


def account_letter(person_id: int, event: AccountEvent, now: datetime) -> outbox.Row:
    """A letter that tells what happened to an account."""
    params = {"event": event}
    return outbox.row(outbox.LETTER, now, kind="account", person_id=person_id, params=params)
