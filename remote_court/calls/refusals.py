"""Why somebody may not enter a call, or do something in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from typing_extensions import override

from remote_court.errors import Conflict, Invalid, NotFound, Refusal, WrongState


class NotYetOpen(Conflict):
    """It is too early to enter. Please come back when the entrance opens."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__()
        self.opens_at = opens_at

    @property
    @override
    def extensions(self) -> Mapping[str, object]:
        return {"opens_at": self.opens_at.isoformat()}


class CallOver(Conflict):
    """This talk is over."""


class CallNotPlanned(WrongState):
    """This visit is not confirmed, so there is no call to enter."""


class NotCheckedIn(Conflict):
    """Please show your identity document at the office desk first; then you can enter."""


class AlreadyRecorded(Conflict):
    """This talk is being recorded already."""


class NotRecorded(Conflict):
    """This talk is not being recorded."""


class RecordingNotSetUp(Refusal):
    """This system is not set up to record. Please tell the operator."""


class NoWorker(Refusal):
    """No media server is free just now. Please try again in a minute."""


class CallElsewhere(Conflict):
    """This talk goes on at another media server. We are bringing you there."""


class WorkerUnknown(NotFound):
    """There is no media worker of this id; `remote-court workers` lists them."""


class BadRoomName(Invalid):
    """A room's name has up to 40 small letters, digits and hyphens."""


class ReasonNeeded(Invalid):
    """Please state a reason, in at most 500 characters."""


class PairingRefused(Refusal):
    """This pairing code is not right, was used before, or its time is over."""


class DeviceUnknown(Refusal):
    """This device is not paired, or its pairing was withdrawn. Ask for a new code."""
