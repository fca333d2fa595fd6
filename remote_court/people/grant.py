"""Give somebody a role at a place, or take it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.db import violates
from remote_court.errors import Forbidden, NotFound
from remote_court.people import queries, rights
from remote_court.people.actor import Actor
from remote_court.people.grants import PLACE_OF, STAFF, Grant, Role
from remote_court.people.refusals import AlreadyGranted, NotAPlaceOfRole, NotForYourself

GRANTED_BY: Mapping[Role, frozenset[Role]] = {
    Role.OPERATOR: frozenset(STAFF | {Role.LAWYER}),
    Role.HQ_PLANNER: frozenset({r for r in STAFF if PLACE_OF[r]} | {Role.LAWYER}),
}
"""Headquarters staff the places; only the operator makes planners, auditors and operators."""
GRANTERS = tuple(GRANTED_BY)


def grantable(actor: Actor) -> frozenset[Role]:
    """The roles somebody may give."""
    return frozenset().union(*(roles for by, roles in GRANTED_BY.items() if actor.holds(by)))


def need_grantable(actor: Actor, person_id: int, role: Role) -> None:
    """Go on only where the actor may give or take this role.

    Raises:
        Forbidden: not theirs to give.
        NotForYourself: nobody promotes themselves.
    """
    if role not in grantable(actor):
        raise Forbidden
    if person_id == actor.person_id:
        raise NotForYourself


async def grant(
    session: AsyncSession,
    actor: Actor,
    person_id: int,
    role: Role,
    place: tuple[str, int] | None,
    now: datetime,
) -> Grant:
    """Give a role.

    Args:
        place: the kind and the id of an existing place, or none.

    Raises:
        Forbidden: not theirs to give.
        NotForYourself: to oneself.
        NotFound: no such person.
        NotAPlaceOfRole: the role holds at another kind of place, or at none.
        AlreadyGranted: held there already.
    """
    need_grantable(actor, person_id, role)
    await queries.person(session, person_id)
    if (place[0] if place else None) != PLACE_OF[role]:
        raise NotAPlaceOfRole(where="place")
    given = Grant(
        person_id=person_id,
        role=role,
        place_id=place[1] if place else None,
        granted_by=actor.person_id,
        granted_at=now,
    )
    session.add(given)
    try:
        await session.flush()
    except IntegrityError as error:
        if violates(error, "role_grant_current_key"):
            raise AlreadyGranted from error
        raise
    await record(session, now, _act("role.granted", actor, given))
    return given


async def revoke(session: AsyncSession, actor: Actor, grant_id: int, now: datetime) -> Grant:
    """Take a role back; the person is what they were without it within seconds.

    Whoever is in a call by this right is put out of it.

    Raises:
        NotFound: no such grant, or it was taken back before.
        Forbidden: not theirs to take.
    """
    given = await session.get(Grant, grant_id, with_for_update=True)
    if given is None or given.revoked_at is not None:
        raise NotFound
    need_grantable(actor, given.person_id, given.role)
    given.revoked_by, given.revoked_at = actor.person_id, now
    await record(session, now, _act("role.revoked", actor, given))
    await rights.shrank(session, given.person_id, actor.person_id, now)
    return given


def _act(act: str, actor: Actor, given: Grant) -> Act:
    return Act(
        act,
        "person",
        given.person_id,
        actor_id=actor.person_id,
        role=actor.role_at(None, *GRANTERS),
        place_id=given.place_id,
        detail={"role": given.role.value},
    )
