"""The rules the product comes with, and how they get into the table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

import yaml
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.policy.shelf import AMENDED
from remote_court.policy.snapshot import Citation, Rule
from remote_court.policy.units import Unit
from remote_court.policy.values import Confidence, PolicyValue

Tree = Mapping[str, Any]


@cache
def defaults() -> tuple[Rule, ...]:
    """Read ``defaults.yaml``: every rule with its unit and its source."""
    text = resources.files(__package__).joinpath("defaults.yaml").read_text(encoding="utf-8")
    tree: Tree = yaml.safe_load(text)
    country = ({"key": key, **row} for key, row in tree["rules"].items())
    return tuple(_rule(row, tree) for row in (*country, *tree["provinces"]))


def _rule(row: Tree, tree: Tree) -> Rule:
    source: Tree = tree["sources"][row["source"]]
    first: date = row.get("from", tree["effective_from"])
    return Rule(
        key=row["key"],
        value=row["value"],
        unit=Unit(row["unit"]),
        citation=Citation(fa=source["fa"], en=source["en"]),
        confidence=Confidence(source["confidence"]),
        first=first,
        last=row.get("to"),
        province=row.get("province"),
        note=row.get("note"),
    )


async def seed_defaults(session: AsyncSession, now: datetime) -> int:
    """Enter the defaults that the table does not have yet; return how many were new.

    A rule that somebody amended stays as they left it: its row would overlap, and is skipped.
    """
    rows = [as_row(rule, now, entered_by=None) for rule in defaults()]
    enter = insert(PolicyValue).values(rows).on_conflict_do_nothing().returning(PolicyValue.id)
    new = len((await session.execute(enter)).all())
    if new:
        session.info[AMENDED] = True
    return new


def as_row(rule: Rule, now: datetime, *, entered_by: int | None) -> dict[str, object]:
    """A rule as the columns of `PolicyValue`."""
    return {
        "key": rule.key,
        "value": rule.value,
        "unit": rule.unit,
        "citation": rule.citation.fa,
        "citation_en": rule.citation.en,
        "confidence": rule.confidence,
        "note": rule.note,
        "effective_from": rule.first,
        "effective_to": rule.last,
        "province_code": rule.province,
        "entered_by": entered_by,
        "entered_at": now,
    }
