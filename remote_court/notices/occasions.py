"""Kinds of session register here how letters learn of them; this room knows none by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.notices import queries
from remote_court.notices.ports import Occasion

Look = Callable[[AsyncSession, Collection[int]], Awaitable[Mapping[int, Occasion]]]
"""Finds sessions of one kind by id, loaded whole; what is not there is left out."""

KINDS: dict[str, Look] = {}


def register(kind: str, look: Look) -> None:
    """Say how letters learn of a kind of session; saying it again replaces it."""
    KINDS[kind] = look


async def load(session: AsyncSession, ids: Collection[int]) -> dict[int, Occasion]:
    """The sessions that letters speak of, each as its kind has it."""
    found: dict[int, Occasion] = {}
    for kind, of_kind in (await queries.kinds(session, ids)).items():
        if look := KINDS.get(kind):
            found |= await look(session, of_kind)
    return found
