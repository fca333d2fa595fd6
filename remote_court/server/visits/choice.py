"""What has been chosen in the wizard so far: it travels in the address, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Self
from urllib.parse import urlencode

from fastapi import Query

from remote_court.visits.models import VisitKind

MOST_COMPANIONS = 20
FIRST_DAY, LAST_DAY = date(1922, 1, 1), date(2120, 1, 1)
"""Days between which the solar calendar is written."""
Id = Annotated[int | None, Query(ge=1, lt=2**63)]


@dataclass(frozen=True, slots=True)
class Choice:
    """Answers to the questions before; what is not yet answered is none.

    ``guest`` is the person a clerk books for; ``visit`` the visit that is being moved,
    ``makeup`` the one whose lost minutes this one makes up for, ``interpreter`` who the desk
    names because they know the language of the visit.
    """

    guest: int | None = None
    visit: int | None = None
    inmate: int | None = None
    who: tuple[int, ...] = ()
    kind: VisitKind = VisitKind.FAMILY
    step_free: bool = False
    office: int | None = None
    day: date | None = None
    makeup: int | None = None
    interpreter: int | None = None

    def put(self, **changes: object) -> Self:
        """The same choice with other answers."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def url(self, step: str) -> str:
        """The address of a step with everything chosen before it."""
        fields: list[tuple[str, object]] = [
            ("for", self.guest),
            ("visit", self.visit),
            ("inmate", self.inmate),
            *(("who", one) for one in self.who),
            ("kind", None if self.kind is VisitKind.FAMILY else self.kind.value),
            ("step_free", 1 if self.step_free else None),
            ("office", self.office),
            ("day", self.day),
            ("makeup", self.makeup),
            ("interpreter", self.interpreter),
        ]
        query = urlencode([(name, value) for name, value in fields if value is not None])
        path = f"/visits/new/{step}" if step else "/visits/new"
        return f"{path}?{query}" if query else path

    def hidden(self) -> list[tuple[str, object]]:
        """The answers as hidden fields of the next question's form."""
        _, _, query = self.url("").partition("?")
        return [tuple(pair.split("=", 1)) for pair in query.split("&") if pair]  # type: ignore[misc]


async def choice(
    guest: Annotated[int | None, Query(alias="for", ge=1, lt=2**63)] = None,
    visit: Id = None,
    inmate: Id = None,
    who: Annotated[list[int] | None, Query(max_length=MOST_COMPANIONS)] = None,
    kind: VisitKind = VisitKind.FAMILY,
    step_free: bool = False,
    office: Id = None,
    day: Annotated[date | None, Query(ge=FIRST_DAY, lt=LAST_DAY)] = None,
    makeup: Id = None,
    interpreter: Id = None,
) -> Choice:
    """The choice an address holds."""
    people = tuple(sorted({one for one in who or () if 0 < one < 2**63}))
    return Choice(guest, visit, inmate, people, kind, step_free, office, day, makeup, interpreter)
