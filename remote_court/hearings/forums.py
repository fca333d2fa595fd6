"""The courts that hold hearings, and by which rows of policy each of them sits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Forum(StrEnum):
    """Before which court a case is heard."""

    CIVIL = "civil_court"
    FAMILY = "family_court"
    PEACE = "peace_court"
    CRIMINAL_ONE = "criminal_court_one"
    CRIMINAL_TWO = "criminal_court_two"
    REVOLUTIONARY = "revolutionary_court"
    JUVENILE = "juvenile_court"
    APPEAL = "appeal_court"
    PROSECUTION = "prosecution_office"


@dataclass(frozen=True, slots=True)
class ForumLaw:
    """Keys of the policy table that hold for a forum.

    ``quorum`` is a prefix: its ``bench``, ``min`` and ``advisors``. ``gap`` and ``publication``
    are the clear days after service and after publication; ``abroad`` takes the place of ``gap``
    for who lives abroad.
    """

    quorum: str
    lawyers: str
    duration: str
    gap: str
    publication: str
    abroad: str


CIVIL_GAP = "min_gap_days.civil_hearing"
CIVIL_PUBLICATION = "min_gap_days.civil_publication"
CIVIL_ABROAD = "min_gap_days.civil_hearing_party_abroad"
CRIMINAL_GAP = "min_gap_days.criminal_trial"
CRIMINAL_PUBLICATION = "min_gap_days.criminal_publication"
STATUTORY_ABROAD = "deadline.abroad_override_days"
DEFAULT_LENGTH = "hearing.duration_min.default"


def civil(
    quorum: str, lawyers: str = "lawyers_max.civil", duration: str = DEFAULT_LENGTH
) -> ForumLaw:
    """A forum that follows civil procedure."""
    return ForumLaw(quorum, lawyers, duration, CIVIL_GAP, CIVIL_PUBLICATION, CIVIL_ABROAD)


def criminal(
    quorum: str,
    lawyers: str = "lawyers_max.criminal_two",
    duration: str = DEFAULT_LENGTH,
    gap: str = CRIMINAL_GAP,
) -> ForumLaw:
    """A forum that follows criminal procedure."""
    return ForumLaw(quorum, lawyers, duration, gap, CRIMINAL_PUBLICATION, STATUTORY_ABROAD)


LAW: Mapping[Forum, ForumLaw] = {
    Forum.CIVIL: civil("quorum.civil"),
    Forum.FAMILY: civil("quorum.family", duration="hearing.duration_min.family"),
    Forum.PEACE: civil("quorum.peace"),
    Forum.CRIMINAL_ONE: criminal(
        "quorum.criminal_one", "lawyers_max.criminal_one", "hearing.duration_min.criminal_one"
    ),
    Forum.CRIMINAL_TWO: criminal("quorum.criminal_two"),
    Forum.REVOLUTIONARY: criminal("quorum.revolutionary"),
    Forum.JUVENILE: criminal("quorum.juvenile"),
    Forum.APPEAL: civil("quorum.appeal"),
    Forum.PROSECUTION: criminal(
        "quorum.prosecution",
        "lawyers_max.investigation_accused",
        "hearing.duration_min.investigation",
        "min_gap_days.criminal_investigation",
    ),
}

GRAVE: Mapping[Forum, ForumLaw] = {
    Forum.REVOLUTIONARY: criminal("quorum.revolutionary_302", "lawyers_max.criminal_one"),
}
"""Courts that sit otherwise over the crimes of CPC art. 302 (a to t)."""


def law_of(forum: Forum, *, grave: bool = False) -> ForumLaw:
    """By which rules a court sits over a case; ``grave``: a crime of CPC art. 302 (a to t)."""
    return GRAVE.get(forum, LAW[forum]) if grave else LAW[forum]
