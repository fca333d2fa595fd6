"""The states of a call: a table and one door."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.calls.models import Call, CallStatus
from remote_court.errors import WrongState

S = CallStatus
NEXT: Mapping[CallStatus, frozenset[CallStatus]] = {
    S.WAITING: frozenset({S.LIVE, S.CLOSED}),
    S.LIVE: frozenset({S.PAUSED, S.CLOSED}),
    S.PAUSED: frozenset({S.LIVE, S.CLOSED}),
    S.CLOSED: frozenset({S.WAITING}),
}
"""What may follow what. Only a call that was called off waits again, once its session stands."""

CALLED_OFF = "called_off"
"""Why a call closed whose session was cancelled or lost its place."""


def move(call: Call, status: CallStatus, reason: str | None = None) -> None:
    """Bring a call to its next state; its revision grows.

    Raises:
        WrongState: the table does not have this step.
    """
    if status not in NEXT[call.status]:
        raise WrongState(call.status, status)
    call.status = status
    call.reason = reason
    call.revision += 1
