"""Who has a part in a case: somebody known by number, or new, as a document says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import Invalid
from remote_court.identifiers import FidaCode
from remote_court.people import Gender, Person, queries
from remote_court.people.queries import Identifier
from remote_court.text import normalise

NAME_MOST = 80
JOINER = "\u200c"


class NotKnownYet(Invalid):
    """Nobody with this number is known yet. Enter name, gender and date of birth as the document says."""  # noqa: E501


class NameDiffers(Invalid):
    """This number belongs to somebody of another name. Check the number and the name."""


class BadName(Invalid):
    """This is not a name: it has letters only, and at most eighty."""


class BornLater(Invalid):
    """The date of birth lies in the future."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is; the number is enough for who is known, and names are compared."""

    number: Identifier
    given_name: str = ""
    family_name: str = ""
    gender: Gender | None = None
    born_on: date | None = None
    nationality: str = "IR"


def faults(who: Identity, known: Person | None, today: date) -> Iterator[Invalid]:
    """Everything that is wrong with what was entered of somebody; pure."""
    for where in ("given_name", "family_name"):
        name = getattr(who, where)
        if name and not is_name(name):
            yield BadName(where=where)
        elif known is not None and name and not same(name, getattr(known, where)):
            yield NameDiffers(where=where)
    if who.born_on is not None and who.born_on > today:
        yield BornLater(where="born_on")
    if known is None:
        for where in ("given_name", "family_name", "gender", "born_on"):
            if not getattr(who, where):
                yield NotKnownYet(where=where)


def is_name(text: str) -> bool:
    """Whether a text could be a name: no digits, nothing unseen but the joiner of علی‌رضا."""
    seen = text.replace(JOINER, "")
    return len(text) <= NAME_MOST and seen.isprintable() and not any(c.isdigit() for c in seen)


def same(one: str, other: str) -> bool:
    """Whether two spellings are of one name: letters and blanks that keyboards confuse aside."""
    return normalise(one).replace(" ", "") == normalise(other).replace(" ", "")


async def person_of(
    session: AsyncSession, who: Identity, *, today: date, speaks_persian: bool = True
) -> Person:
    """The person with this number, made where nobody has it.

    No account comes with it: who is new opens theirs at an office, by their documents.

    Raises:
        NotKnownYet: nobody has the number, and something of the document is missing.
        NameDiffers: somebody else has it.
    """
    known = await queries.person_by(session, who.number)
    for fault in faults(who, known, today):
        raise fault
    if known is not None:
        return known
    # Two clerks may enter somebody new at the same moment: the second finds the first's row.
    row = insert(Person).values(values(who, speaks_persian=speaks_persian))
    await session.execute(row.on_conflict_do_nothing())
    made = await queries.person_by(session, who.number)
    assert made is not None, "it was just written"
    for fault in faults(who, made, today):
        raise fault
    return made


def values(who: Identity, *, speaks_persian: bool) -> dict[str, object]:
    """A new person's row."""
    foreign = isinstance(who.number, FidaCode)
    return {
        "national_id": None if foreign else who.number.value,
        "fida_code": who.number.value if foreign else None,
        "given_name": who.given_name,
        "family_name": who.family_name,
        "gender": who.gender,
        "born_on": who.born_on,
        "nationality": who.nationality if foreign else "IR",
        "speaks_persian": speaks_persian,
    }
