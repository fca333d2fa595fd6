"""Staff who look somebody up leave a line in the record: who, as what, where, and whom they found.

The line commits by itself: a search that found nobody, or whose page was then refused, was made
all the same. It holds no number and no name: what was typed stands in it as a keyed hash, by which
two searches for the same are known to be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from remote_court import audit
from remote_court.audit import Act
from remote_court.errors import Invalid
from remote_court.identifiers import compact
from remote_court.people import Actor, Person, Role
from remote_court.people.tokens import sealed
from remote_court.server.deps import site_of
from remote_court.server.fields import Fields
from remote_court.visits.entering import person_by_number

SHOWN_MOST = 50


async def looked_up(
    connection: HTTPConnection,
    actor: Actor,
    roles: tuple[Role, ...],
    place_id: int | None,
    typed: str,
    *found: int | None,
) -> None:
    """Write down that somebody looked for what they typed, and found these persons.

    Args:
        roles: as one of these the actor looks; the first that holds at the place is noted.
        found: ids of persons; none for nobody.
    """
    people = [person_id for person_id in found if person_id is not None]
    detail = {
        "sought": sealed(site_of(connection).key, "looked up", compact(typed).lower()).hex()[:24],
        "found": people[:SHOWN_MOST],
    }
    subject = people[0] if len(people) == 1 else None
    await write(connection, Line("person.looked_up", actor, roles, place_id), subject, detail)


async def visitor_of(
    connection: HTTPConnection,
    actor: Actor,
    roles: tuple[Role, ...],
    place_id: int,
    work: AsyncSession,
    form: Fields,
) -> Person:
    """The person whose number was typed as ``national_id``; that somebody looked is written down.

    Raises:
        Invalid: nobody has it.
    """
    typed, person_id = form.text("national_id"), None
    try:
        found = await person_by_number(work, typed)
        person_id = found.id
    except Invalid as refusal:
        refusal.where = "national_id"
        raise
    finally:
        await looked_up(connection, actor, roles, place_id, typed, person_id)
    return found


async def viewed(
    connection: HTTPConnection,
    actor: Actor,
    roles: tuple[Role, ...],
    place_id: int | None,
    person_id: int,
) -> None:
    """Write down that somebody opened a person's page: its address can be guessed."""
    await write(connection, Line("person.viewed", actor, roles, place_id), person_id, {})


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what, as one of these roles, where."""

    act: str
    actor: Actor
    roles: tuple[Role, ...]
    place_id: int | None


async def write(
    connection: HTTPConnection, line: Line, subject: int | None, detail: dict[str, Any]
) -> None:
    """Write a line in a transaction of its own."""
    act = Act(
        line.act,
        "person",
        subject,
        actor_id=line.actor.person_id,
        role=line.actor.role_at(line.place_id, *line.roles),
        place_id=line.place_id,
        detail=detail,
    )
    site = site_of(connection)
    async with site.database.apart() as session:
        await audit.record(session, site.now(), act)
