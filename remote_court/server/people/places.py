"""Places by name: where roles hold, for people to read and to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.people.grants import PLACE_OF, Role
from remote_court.places.courts import Branch, CourtComplex
from remote_court.places.offices import Office
from remote_court.places.prisons import Prison
from remote_court.places.queries import by_name

MOST = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A place and how it is called."""

    id: int
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A role and the name of the place where it holds, if it has one."""

    role: Role
    place_id: int | None
    place: str


async def held(
    session: AsyncSession, grants: Iterable[tuple[Role, int | None]], locale: str
) -> Sequence[Held]:
    """The roles with the names of their places."""
    grants = list(grants)
    names: dict[int, str] = {}
    for kind in ("office", "prison", "branch"):
        ids = [p for role, p in grants if p is not None and PLACE_OF[role] == kind]
        if ids:
            names |= {n.id: n.name for n in await _named(session, kind, locale, ids=ids)}
    return [Held(role, p, names.get(p, "") if p else "") for role, p in grants]


async def find(session: AsyncSession, kind: str, words: str, locale: str) -> Sequence[Named]:
    """Places of a kind whose name, city or code holds all the words; twenty at most."""
    return await _named(session, kind, locale, words=words)


async def exists(session: AsyncSession, kind: str, place_id: int) -> bool:
    """Whether there is such a place of this kind."""
    return bool(await _named(session, kind, "en", ids=[place_id]))


async def _named(
    session: AsyncSession, kind: str, locale: str, *, ids: Sequence[int] = (), words: str = ""
) -> Sequence[Named]:
    match kind:
        case "office":
            query, id_, order, keys = _building(Office, locale)
        case "prison":
            query, id_, order, keys = _building(Prison, locale)
        case _:
            query, id_, order, keys = _branch(locale)
    if ids:
        query = query.where(id_.in_(ids))
    for word in words.split():
        query = query.where(or_(*(key.contains(word, autoescape=True) for key in keys)))
    rows = (await session.execute(query.order_by(*order, id_).limit(len(ids) or MOST))).all()
    return [Named(*row) for row in rows]


def _building(kind: type[Office | Prison], locale: str) -> tuple[Any, Any, Any, Any]:
    name = kind.name_fa if locale == "fa" else kind.name_en
    city = kind.city_fa if locale == "fa" else kind.city_en
    keys = [kind.name_fa, kind.name_en, kind.city_fa, kind.city_en]
    order = by_name(f"{kind.__tablename__}.name_{locale}")
    return select(kind.id, name, city), kind.id, order, [*keys, kind.code]


def _branch(locale: str) -> tuple[Any, Any, Any, Any]:
    house = CourtComplex.name_fa if locale == "fa" else CourtComplex.name_en
    city = CourtComplex.city_fa if locale == "fa" else CourtComplex.city_en
    word = "شعبهٔ " if locale == "fa" else "Branch "
    name = func.concat(word, cast(Branch.number, String), " – ", house)
    keys = [name, city, Branch.forum]
    query = select(Branch.id, name, city).join(CourtComplex, CourtComplex.id == Branch.complex_id)
    order = [*by_name(f"court_complex.name_{locale}"), Branch.number]
    return query, Branch.id, order, keys
