"""In which order minutes are signed, who signs for whom, and how; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from remote_court.hearings.roles import PartyRole, Site


class Part(StrEnum):
    """As what somebody signs, in the order in which they do.

    Source:
        Opinion 7/1402/524: signatures stand at the end of the one document.
    """

    PARTY = "party"
    LAWYER = "lawyer"
    INTERPRETER = "interpreter"
    CLERK = "clerk"
    JUDGE = "judge"


class Method(StrEnum):
    """How somebody signs: with their own code, by fingerprint, or after reading aloud."""

    OWN = "own"
    FINGERPRINT = "fingerprint"
    READ_ALOUD = "read_aloud"


SIGNS: Mapping[PartyRole, Part] = {
    PartyRole.PLAINTIFF: Part.PARTY,
    PartyRole.DEFENDANT: Part.PARTY,
    PartyRole.COMPLAINANT: Part.PARTY,
    PartyRole.ACCUSED: Part.PARTY,
    PartyRole.CONVICT: Part.PARTY,
    PartyRole.GUARDIAN: Part.PARTY,
    PartyRole.PROSECUTOR: Part.LAWYER,
    PartyRole.LAWYER: Part.LAWYER,
    PartyRole.INTERPRETER: Part.INTERPRETER,
}
"""Who signs the whole of the minutes; witnesses and experts sign their own sheets."""

ORDER: Sequence[Part] = tuple(Part)


class Signing(Protocol):
    """Somebody in the order of signing."""

    @property
    def part(self) -> Part:
        """As what they sign."""

    @property
    def is_done(self) -> bool:
        """Whether they signed or refused."""


def turn(signers: Iterable[Signing]) -> Part | None:
    """Whose turn it is: the first part of which somebody is awaited; none: all are done."""
    awaited = {one.part for one in signers if not one.is_done}
    return next((part for part in ORDER if part in awaited), None)


def method_of(site: Site | None, *, aloud: bool, by_print: bool) -> Method:
    """How somebody signs: a prisoner by fingerprint, who cannot read after reading aloud.

    ``by_print``: whether the rules of the day take a prisoner's fingerprint.
    """
    if site is Site.PRISON and by_print:
        return Method.FINGERPRINT
    return Method.READ_ALOUD if aloud else Method.OWN
