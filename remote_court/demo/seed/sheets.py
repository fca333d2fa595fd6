"""Rows on their way into tables, by COPY."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Sheet:
    """Rows of one table, in the order of its ``columns``."""

    table: str
    columns: Sequence[str]
    rows: list[tuple[Any, ...]] = field(default_factory=list)


class Ids:
    """Numbers drawn one after another."""

    def __init__(self, first: int) -> None:
        self.next = first

    def draw(self) -> int:
        """The next number."""
        self.next += 1
        return self.next - 1
