"""All rules of all times, as one process remembers them.

Booking asks for the policy at every turn, so a process keeps the table in memory and looks
whether it changed at most once in two seconds: an amendment holds everywhere within that time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Engine, String, cast, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import clock
from remote_court.policy.snapshot import Citation, Policy, Rule
from remote_court.policy.values import PolicyValue

FRESH_FOR_S: Final = 2.0
SNAPSHOTS: Final = 512
AMENDED: Final = "policy amended"
"""Set in ``session.info`` by who changes the table: such a session sees rows nobody else may."""


class Rulebook:
    """Every row of the policy table at one revision."""

    def __init__(self, rules: tuple[Rule, ...], revision: str = "") -> None:
        self.rules = rules
        self.revision = revision
        self._at: dict[tuple[date, str | None], Policy] = {}

    def at(self, day: date, province: str | None = None) -> Policy:
        """The policy in force on a day in a province; the same object when asked again."""
        known = self._at.get((day, province))
        if known is None:
            if len(self._at) >= SNAPSHOTS:
                self._at.clear()
            known = self._at[day, province] = Policy.at(self.rules, day, province)
        return known

    def history(self, key: str) -> tuple[Rule, ...]:
        """Every value a rule ever has, the country's first, then by province, in order of time."""
        rows = (rule for rule in self.rules if rule.key == key)
        return tuple(sorted(rows, key=lambda rule: (rule.province or "", rule.first)))


@dataclass(slots=True)
class _Kept:
    book: Rulebook
    looked_at: float


class Shelf:
    """The rulebooks a process keeps, one a database."""

    def __init__(self, monotonic: Callable[[], float] = clock.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()

    async def rulebook(self, session: AsyncSession) -> Rulebook:
        """The rules as committed at most `FRESH_FOR_S` ago, or as this session changed them."""
        if AMENDED in session.info:
            return await read(session, await revision(session))
        engine = session.get_bind().engine
        kept = self._kept.get(engine)
        looked_at = self._monotonic()
        if kept is not None and looked_at - kept.looked_at < FRESH_FOR_S:
            return kept.book
        seen = await revision(session)
        book = kept.book if kept and kept.book.revision == seen else await read(session, seen)
        if book.rules:  # an empty table is about to be filled
            self._kept[engine] = _Kept(book, looked_at)
        return book

    def clear(self) -> None:
        """Forget everything; the next question reads the table."""
        self._kept.clear()


async def revision(session: AsyncSession) -> str:
    """Return a word that differs after any committed change to the table.

    PostgreSQL stamps every row version with its transaction; their count and sum tell an entry,
    a change and a removal, at less than a third of the price of reading the rows.
    """
    stamp = cast(cast(literal_column("xmin"), String), BigInteger)
    query = select(func.count(), func.sum(stamp)).select_from(PolicyValue)
    rows, stamps = (await session.execute(query)).one()
    return f"{rows}:{stamps}"


async def read(session: AsyncSession, seen: str) -> Rulebook:
    """Read the whole table."""
    columns = PolicyValue.__table__.columns
    found = await session.execute(select(*columns).order_by(PolicyValue.id))
    rules = (
        Rule(
            key=row.key,
            value=row.value,
            unit=row.unit,
            citation=Citation(row.citation, row.citation_en),
            confidence=row.confidence,
            first=row.effective_from,
            last=row.effective_to,
            province=row.province_code,
            note=row.note,
        )
        for row in found
    )
    return Rulebook(tuple(rules), seen)


SHELF: Final = Shelf()


async def rulebook(session: AsyncSession) -> Rulebook:
    """All rules of all times."""
    return await SHELF.rulebook(session)


async def current(session: AsyncSession, day: date, province: str | None = None) -> Policy:
    """The policy in force on a day, in a province or in the country at large."""
    return (await SHELF.rulebook(session)).at(day, province)
