"""Lists as the API gives them: ``{items, next}``, page by page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Path, Query
from pydantic import BaseModel

from remote_court.server.refusals import BadCursor

Item = TypeVar("Item")
Row = TypeVar("Row")
MAX_ID = 2**63 - 1
Id = Annotated[int, Path(ge=1, le=MAX_ID)]
"""An id in an address; what no row can have is 404."""
ID_DIGITS = len(str(MAX_ID))


def id_of(typed: str) -> int | None:
    """The id that a form or a cookie holds; none where it is nothing that a row can have."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= ID_DIGITS):
        return None
    return found if 0 < (found := int(typed)) <= MAX_ID else None


class Listing(BaseModel, Generic[Item]):
    """A part of a list; ``next`` is the cursor of what follows, null at the end."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a list is wanted: at most ``limit`` items after the position ``after``."""

    limit: int
    after: tuple[Any, ...] | None = None

    @property
    def id(self) -> int | None:
        """The id after which the list goes on, where it is ordered by id alone.

        Raises:
            BadCursor: the position is no single id.
        """
        match self.after:
            case None:
                return None
            case (int(found),) if found is not True and 0 < found <= MAX_ID:
                return found
            case _:
                raise BadCursor

    def cut(
        self, rows: Sequence[Row], position: Callable[[Row], Sequence[Any]]
    ) -> tuple[Sequence[Row], str | None]:
        """Split what a query with ``LIMIT limit + 1`` found into the items and the next cursor.

        Args:
            rows: up to ``limit + 1`` rows in order.
            position: what the query sorts by; strings and numbers only.
        """
        if len(rows) <= self.limit:
            return rows, None
        shown = rows[: self.limit]
        return shown, encode(position(shown[-1]))


async def window(
    cursor: Annotated[str | None, Query(max_length=400, description="`next` of before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Window:
    """The window a request asks for."""
    return Window(limit, decode(cursor) if cursor else None)


def encode(position: Sequence[Any]) -> str:
    """Write a position as an opaque word."""
    return base64.urlsafe_b64encode(json.dumps(list(position)).encode()).decode().rstrip("=")


def decode(cursor: str) -> tuple[Any, ...]:
    """Read a position.

    Raises:
        BadCursor: we did not write it.
    """
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor from error
    if not isinstance(position, list) or not all(isinstance(p, str | int) for p in position):
        raise BadCursor
    return tuple(position)


WindowDep = Annotated[Window, Depends(window)]
