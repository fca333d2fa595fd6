"""What each may do in a hearing: one table of powers by role; pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from remote_court.hearings.cast import Cast


class Power(StrEnum):
    """Something that somebody may do to the course of a session."""

    OPEN = "open"
    ADMIT = "admit"
    SEND_OUT = "send_out"
    RELEASE = "release"
    ASIDE = "aside"
    CHAMBER = "chamber"
    RETURN = "return"
    CLOSE_DOORS = "close_doors"
    OPEN_DOORS = "open_doors"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    END = "end"
    MUTE = "mute"
    RECORD = "record"
    STOP_RECORDING = "stop_recording"
    HELP = "help"


PRESIDES = frozenset({Cast.PRESIDING})
BY_CLERK = PRESIDES | {Cast.CLERK}
POWERS: Mapping[Power, frozenset[Cast]] = {
    Power.OPEN: PRESIDES,
    Power.ADMIT: BY_CLERK,
    Power.SEND_OUT: BY_CLERK,
    Power.RELEASE: PRESIDES,
    Power.ASIDE: BY_CLERK,
    Power.CHAMBER: PRESIDES,
    Power.RETURN: BY_CLERK,
    Power.CLOSE_DOORS: PRESIDES,
    Power.OPEN_DOORS: PRESIDES,
    Power.PAUSE: PRESIDES,
    Power.RESUME: PRESIDES,
    Power.EXTEND: PRESIDES,
    Power.END: PRESIDES,
    Power.MUTE: PRESIDES,
    Power.RECORD: PRESIDES,
    Power.STOP_RECORDING: PRESIDES,
    Power.HELP: frozenset(Cast) - {Cast.OBSERVER},
}
"""Who has which power; a clerk carries out at the judge's word what does not decide anything."""

VERBS = frozenset(
    {
        Power.PAUSE,
        Power.RESUME,
        Power.EXTEND,
        Power.END,
        Power.MUTE,
        Power.RECORD,
        Power.STOP_RECORDING,
        Power.HELP,
    }
)
"""Powers that the call's own protocol has a word for."""


def verbs_of(role: Cast) -> frozenset[str]:
    """What a role may ask for in the call's protocol."""
    return frozenset(power.value for power in VERBS if role in POWERS[power])
