"""Who has a part in a case, who sits on the bench, and from where each of them attends."""

from __future__ import annotations

from enum import StrEnum


class PartyRole(StrEnum):
    """What somebody is in a case."""

    PLAINTIFF = "plaintiff"
    DEFENDANT = "defendant"
    COMPLAINANT = "complainant"
    ACCUSED = "accused"
    CONVICT = "convict"
    PROSECUTOR = "prosecutor"
    LAWYER = "lawyer"
    GUARDIAN = "guardian"
    EXPERT = "expert"
    INTERPRETER = "interpreter"
    WITNESS = "witness"
    ESCORT_GUARD = "escort_guard"
    OBSERVER = "observer"


PRINCIPALS = frozenset(
    {
        PartyRole.PLAINTIFF,
        PartyRole.DEFENDANT,
        PartyRole.COMPLAINANT,
        PartyRole.ACCUSED,
        PartyRole.CONVICT,
    }
)
"""The parties proper: whose case it is."""

SPEAKERS = frozenset({PartyRole.LAWYER, PartyRole.GUARDIAN})
"""Who speaks for a party."""

SERVED = PRINCIPALS | SPEAKERS
"""Who must have been served, with all their clear days, before a session may be held."""

SUMMONED = SERVED | {PartyRole.WITNESS, PartyRole.EXPERT, PartyRole.INTERPRETER}
"""Who gets a notice of the session."""


class Seat(StrEnum):
    """A place on the bench; an adviser does not count for the quorum."""

    PRESIDING = "presiding_judge"
    ASSOCIATE = "associate_judge"
    ALTERNATE = "alternate_judge"
    ADVISER = "adviser"


class Site(StrEnum):
    """From where somebody attends."""

    OFFICE = "office"
    PRISON = "prison"
    OWN_DEVICE = "own_device"
    COURTROOM = "courtroom"


class Mode(StrEnum):
    """How a session is held: everybody remote, or some of them in the courtroom."""

    REMOTE = "remote"
    HYBRID = "hybrid"


class Address(StrEnum):
    """What is known of where a party lives; it decides how they are served and how soon."""

    KNOWN = "known"
    ABROAD = "abroad"
    UNKNOWN = "unknown"
