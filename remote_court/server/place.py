"""At which of their places somebody works now, where their roles hold at several.

The address says it where it names a place; else the choice that the browser remembers; else the
first. What somebody may do there is asked by each page, never here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from remote_court.clock import monotonic
from remote_court.errors import NotFound
from remote_court.people.actor import Actor
from remote_court.people.grants import PLACE_OF, Role
from remote_court.places import queries
from remote_court.server.deps import site_of
from remote_court.server.guards import Signed
from remote_court.server.listing import MAX_ID, id_of
from remote_court.server.locale import N_
from remote_court.server.site import Site
from remote_court.text import sort_key

YEAR_S: Final = 365 * 24 * 3600
NAMES_FOR_S: Final = 60.0
NAMED = re.compile(r"/(desk|offices|prisons|watch|court)/([0-9]{1,18})(?=/|$)")
KINDS: Mapping[str, str] = {
    "desk": "office", "offices": "office", "prisons": "prison", "watch": "prison",
    "court": "branch",
}  # fmt: skip
COOKIE: Mapping[str, str] = {"office": "rc_office", "prison": "rc_prison", "branch": "rc_branch"}
LABEL: Mapping[str, str] = {
    "office": N_("Office"), "prison": N_("Prison"), "branch": N_("Branch"),
}  # fmt: skip
FIRST_PAGE: Mapping[str, str] = {
    "office": "/desk/{}", "prison": "/prisons/{}", "branch": "/court/{}",
}  # fmt: skip
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """The places of one kind that somebody may choose from, by name; ``now`` is where they are."""

    kind: str
    label: str
    now: int
    places: Sequence[tuple[int, str]]


def held(actor: Actor, kind: str) -> tuple[int, ...]:
    """The places of a kind where any role of theirs holds."""
    return actor.places_of(*(role for role in Role if PLACE_OF[role] == kind))


def current(actor: Actor, kind: str, path: str, cookies: Mapping[str, str]) -> int | None:
    """The place of a kind where somebody works now; none: they work at none."""
    places = held(actor, kind)
    named = NAMED.match(path)
    if named and KINDS[named[1]] == kind and int(named[2]) in places:
        return int(named[2])
    kept = cookies.get(COOKIE[kind], "")
    if (chosen := id_of(kept)) in places:
        return chosen
    return next(iter(places), None)


def here(actor: Actor | None, path: str, cookies: Mapping[str, str]) -> dict[str, int | None]:
    """Where somebody works now, by kind of place."""
    return {kind: current(actor, kind, path, cookies) for kind in COOKIE} if actor else {}


class Names:
    """What places are called, asked at most once a minute for each."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, Mapping[str, str]]] = {}

    async def of(self, site: Site, actor: Actor) -> Mapping[int, Mapping[str, str]]:
        """The names of the places between which somebody chooses, by id and language."""
        wanted = [p for kind in COOKIE if len(held(actor, kind)) > 1 for p in held(actor, kind)]
        since = monotonic() - NAMES_FOR_S
        if missing := [p for p in wanted if self._known.get(p, (since, {}))[0] <= since]:
            async with site.database.singly() as session:
                found = await queries.names(session, missing)
            self._known |= {p: (monotonic(), names) for p, names in found.items()}
        return {p: self._known[p][1] for p in wanted if p in self._known}


async def remember(connection: HTTPConnection, actor: Actor) -> None:
    """Keep the names at hand for the page's menu."""
    names: Names = connection.app.state.place_names
    connection.state.place_names = await names.of(site_of(connection), actor)


def choices(request: Request, locale: str) -> list[Choice]:
    """What the menu offers to who works at several places."""
    actor: Actor | None = getattr(request.state, "user", None)
    names: Mapping[int, Mapping[str, str]] = getattr(request.state, "place_names", {})
    offered: list[Choice] = []
    for kind, now in here(actor, request.url.path, request.cookies).items():
        assert actor is not None, "nobody works nowhere"
        known = [(p, names[p][locale]) for p in held(actor, kind) if p in names]
        if now is not None and len(known) > 1:
            offered.append(Choice(kind, LABEL[kind], now, in_order(known)))
    return offered


def in_order(places: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Places in the order of their names."""
    return sorted(places, key=lambda place: (sort_key(place[1]), place[0]))


@router.get("/place")
async def go(
    request: Request, actor: Signed, to: Annotated[int, Query(ge=1, le=MAX_ID)]
) -> Response:
    """Work at another of one's places from now on.

    Raises:
        NotFound: no role of theirs holds there.
    """
    kind = next((kind for kind in COOKIE if to in held(actor, kind)), None)
    if kind is None:
        raise NotFound
    answer = RedirectResponse(FIRST_PAGE[kind].format(to), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE[kind], str(to), max_age=YEAR_S, httponly=True, samesite="lax", secure=secure
    )
    return answer
