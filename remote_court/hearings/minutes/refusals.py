"""Why minutes are not written, frozen or signed."""

from __future__ import annotations

from remote_court.errors import Conflict, Invalid, WrongState


class NoMinutesNow(WrongState):
    """Minutes are written while the sitting is under way, and for a while after its end."""


class ChangedMeanwhile(Conflict):
    """Somebody else saved these minutes meanwhile. Your text is still here: compare, and save."""


class FrozenAlready(WrongState):
    """These minutes are closed; nothing in them can be changed any more."""


class NotFrozen(WrongState):
    """These minutes are not closed yet."""


class NotTheirTurn(Conflict):
    """Others sign before: parties, lawyers, interpreters, the clerk, and the judges last."""


class SignedAlready(WrongState):
    """This signature, or its refusal, is in the minutes already."""


class Unverified(Invalid):
    """Say of everybody who was present how their identity was verified."""


class KeysNotSet(Conflict):
    """The court's keys for signing are not set on this system; tell its operator."""


class FingerprintUnusable(Invalid):
    """Choose a picture of the fingerprint, PNG or JPEG, up to 700 kilobytes."""


class WhyRefused(Invalid):
    """Write down why the signature is refused."""
