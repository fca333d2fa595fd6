"""Change a rule from a day on; what held before stays on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.clock import local
from remote_court.db import violates
from remote_court.errors import Conflict, Invalid
from remote_court.policy import bounds
from remote_court.policy.shelf import AMENDED, rulebook
from remote_court.policy.shipped import as_row
from remote_court.policy.snapshot import Citation, Rule
from remote_court.policy.units import Unit, fits
from remote_court.policy.values import Confidence, PolicyValue

ONE_DAY = timedelta(days=1)


class AmendsThePast(Invalid):
    """A rule changes from today on or from a later day, never for days that have passed."""


class UnfitValue(Invalid):
    """This value does not fit the rule; keep to its kind and unit."""


class OutOfBounds(Invalid):
    """Choose between %(least)s and %(most)s."""


class UnknownWord(Invalid):
    """The system does not know this word; choose one of those shown."""


class LongerThanReserved(Invalid):
    """A visit cannot last longer than it keeps its places; change the other rule first."""


class AmendedAlready(Conflict):
    """This rule already changes on that day."""


class NoSuchRule(Invalid):
    """There is no rule of that name to change."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """Another value for a rule from ``first`` on, in one province or in the country."""

    key: str
    value: object
    first: date
    citation: Citation
    province: str | None = None
    confidence: Confidence = Confidence.READ
    note: str | None = None


async def amend(
    session: AsyncSession, amendment: Amendment, now: datetime, *, entered_by: int | None
) -> Rule:
    """Enter a new value of a rule and return it.

    The row in force on its first day ends the day before, and the new one lasts as long as that
    one would have. A province that had no row of its own gets one.

    Raises:
        AmendsThePast: its first day is before today.
        NoSuchRule: no rule has that name.
        UnfitValue: the value does not fit the rule's unit.
        OutOfBounds, UnknownWord: the system could not carry it out.
        LongerThanReserved: it would last longer than it keeps its places.
        AmendedAlready: another value of the same rule begins on that day.
    """
    if amendment.first < local(now).date():
        raise AmendsThePast(where="first")
    unit = await _unit(session, amendment.key)
    if not fits(unit, amendment.value):
        raise UnfitValue(where="value")
    _check(amendment, unit)
    rule = Rule(
        key=amendment.key,
        value=amendment.value,
        unit=unit,
        citation=amendment.citation,
        confidence=amendment.confidence,
        first=amendment.first,
        last=await _make_room(session, amendment),
        province=amendment.province,
        note=amendment.note,
    )
    await _enter(session, PolicyValue(**as_row(rule, now, entered_by=entered_by)))
    await _check_lengths(session, rule)
    return rule


async def _unit(session: AsyncSession, key: str) -> Unit:
    unit = await session.scalar(select(PolicyValue.unit).where(PolicyValue.key == key).limit(1))
    if unit is None:
        raise NoSuchRule(where="key")
    return unit


def _check(amendment: Amendment, unit: Unit) -> None:
    """Refuse what the system could not carry out."""
    key, value = amendment.key, amendment.value
    if not bounds.knows(key, unit, value):
        raise UnknownWord(where="value")
    if not bounds.inside(key, value):
        limits = bounds.bounds(key)
        raise OutOfBounds(where="value", least=limits.least, most=limits.most)


async def _check_lengths(session: AsyncSession, rule: Rule) -> None:
    """Refuse a talk longer than its places are kept, on the rule's first day or a later one."""
    pairs = [pair for pair in bounds.WITHIN.items() if rule.key in pair]
    book = await rulebook(session)
    for pair in pairs:
        changes = {row.first for key in pair for row in book.history(key)}
        for day in sorted({rule.first} | {day for day in changes if day > rule.first}):
            policy = book.at(day, rule.province)
            if policy.integer(pair[0]) > policy.integer(pair[1]):
                raise LongerThanReserved(where="value")


async def _make_room(session: AsyncSession, amendment: Amendment) -> date | None:
    """End the row in force the day before; return the last day the new one may have."""
    own = select(PolicyValue).where(
        PolicyValue.key == amendment.key,
        PolicyValue.province_code.is_not_distinct_from(amendment.province),
    )
    rows = (await session.scalars(own.order_by(PolicyValue.effective_from).with_for_update())).all()
    before = [row for row in rows if row.effective_from <= amendment.first]
    after = [row for row in rows if row.effective_from > amendment.first]
    if before and before[-1].effective_from == amendment.first:
        raise AmendedAlready(where="first")
    if before and (before[-1].effective_to or date.max) >= amendment.first:
        last, before[-1].effective_to = before[-1].effective_to, amendment.first - ONE_DAY
        return last
    return after[0].effective_from - ONE_DAY if after else None


async def _enter(session: AsyncSession, row: PolicyValue) -> None:
    session.info[AMENDED] = True
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        # Two amendments of one day at the same moment: the constraint lets one through.
        if violates(error, "policy_value_no_overlap"):
            raise AmendedAlready(where="first") from error
        raise
