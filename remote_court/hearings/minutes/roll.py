"""The roll call: who was present, and how the court knew that it was they."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from remote_court.hearings.in_call_facts import HearingFacts
from remote_court.hearings.roles import Site


class Verified(StrEnum):
    """How somebody's identity was verified."""

    CARD = "card"
    OFFICE = "office"
    PRISON = "prison"
    CODE = "code"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Ticked:
    """What the clerk ticked for a person; ``aloud``: the minutes are read aloud to them."""

    present: bool
    verified: Verified | None = None
    aloud: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"present": self.present, "verified": self.verified, "aloud": self.aloud}


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody on the roll. ``role`` is a party's role or a seat."""

    person_id: int
    name: str
    role: str
    site: Site | None
    on_bench: bool
    ticked: Ticked


def roll(
    facts: HearingFacts, kept: Mapping[str, Any], connected: Collection[int]
) -> Iterator[Called]:
    """The bench and those who were to attend; before a first saving, who was connected."""
    for person_id, seat in facts.seats.items():
        ticked = ticked_of(kept, person_id, connected)
        yield Called(person_id, facts.judges[person_id], seat, None, True, ticked)
    seen: set[int] = set()
    for part in facts.parts:
        if part.person_id not in seen:
            seen.add(part.person_id)
            ticked = ticked_of(kept, part.person_id, connected)
            yield Called(part.person_id, part.name, part.role, part.site, False, ticked)


def ticked_of(kept: Mapping[str, Any], person_id: int, connected: Collection[int]) -> Ticked:
    """What was ticked for somebody, or what the call says of them."""
    found = kept.get(str(person_id))
    if found is None:
        return Ticked(person_id in connected)
    how = found["verified"]
    return Ticked(found["present"], Verified(how) if how else None, found["aloud"])
