"""Put somebody on an inmate's visitor list: claimed by the family, proven at a desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.errors import Conflict, Invalid, NotFound
from remote_court.people import Actor, Person, Role
from remote_court.people.inmates import Inmate
from remote_court.visits.entering import Stand, as_officer_or_clerk, check_other, inmate_of
from remote_court.visits.kinships import Kinship, KinshipKind

KINSHIP = "kinship"


class Evidence(StrEnum):
    """The document that was sighted."""

    BIRTH_CERTIFICATE = "birth_certificate"
    MARRIAGE_DEED = "marriage_deed"
    FAMILY_CERTIFICATE = "family_certificate"
    COURT_RULING = "court_ruling"
    INMATE_STATEMENT = "inmate_statement"


K, E = KinshipKind, Evidence
BLOOD = frozenset({E.BIRTH_CERTIFICATE, E.FAMILY_CERTIFICATE, E.COURT_RULING})
MARRIAGE = frozenset({E.MARRIAGE_DEED, E.BIRTH_CERTIFICATE, E.COURT_RULING})
PROVES: Mapping[KinshipKind, frozenset[Evidence]] = {
    K.SPOUSE: MARRIAGE,
    K.FATHER: BLOOD,
    K.MOTHER: BLOOD,
    K.CHILD: BLOOD,
    K.SIBLING: BLOOD,
    K.FATHER_IN_LAW: MARRIAGE,
    K.MOTHER_IN_LAW: MARRIAGE,
    K.GRANDPARENT: BLOOD,
    K.GRANDCHILD: BLOOD,
    K.UNCLE_OR_AUNT: BLOOD,
    K.COUSIN: BLOOD,
    K.FRIEND: frozenset({E.INMATE_STATEMENT}),
}
"""Which document proves which relation."""


class EvidenceDoesNotProve(Invalid):
    """This document does not prove this relation; see which one does."""


class AlreadyProven(Conflict):
    """This relation is on the list and proven; only a desk can change it."""


async def claim(
    session: AsyncSession,
    actor: Actor,
    inmate_number: str,
    family_name: str,
    kind: KinshipKind,
    *,
    now: datetime,
) -> Kinship:
    """A relative says what they are to an inmate; it allows nothing until it is proven.

    Raises:
        NotFound: no inmate with this number bears this family name; which of both, is not told.
        AlreadyProven: the relation was proven before.
    """
    actor.need(Role.FAMILY)
    inmate_id = await session.scalar(
        select(Inmate.person_id)
        .join(Person, Person.id == Inmate.person_id)
        .where(Inmate.number == inmate_number.strip(), Person.family_name == family_name.strip())
    )
    if inmate_id is None:
        raise NotFound
    kinship = await _on_the_list(session, inmate_id, actor.person_id, kind, now)
    if kinship.sighted_at is not None:
        raise AlreadyProven
    kinship.kind = kind
    await session.flush()
    act = Act(
        "kinship.claimed",
        KINSHIP,
        kinship.id,
        actor_id=actor.person_id,
        role=Role.FAMILY,
        detail={"inmate": inmate_id, "kind": kind},
    )
    await audit.record(session, now, act)
    return kinship


async def sight(
    session: AsyncSession,
    actor: Actor,
    kinship_id: int,
    evidence: Evidence,
    *,
    place_id: int,
    now: datetime,
) -> Kinship:
    """Write down that a claimed relation was proven by a document, where and by whom.

    Raises:
        NotFound: no such claim, or the place is not one's own.
        EvidenceDoesNotProve: the document says nothing of this relation.
    """
    kinship = await session.get(Kinship, kinship_id, with_for_update=True)
    if kinship is None:
        raise NotFound
    inmate = await inmate_of(session, kinship.inmate_id)
    stand = as_officer_or_clerk(actor, inmate, place_id)
    return await _prove(session, stand, kinship, (kinship.kind, evidence), now)


async def enter(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    visitor_id: int,
    *,
    kind: KinshipKind,
    evidence: Evidence,
    place_id: int,
    now: datetime,
) -> Kinship:
    """Enter a relation and its proof in one go, or correct one that stands.

    Raises:
        NotFound: no such inmate, or the place is not one's own.
        EvidenceDoesNotProve: the document says nothing of this relation.
    """
    inmate = await inmate_of(session, inmate_id)
    stand = as_officer_or_clerk(actor, inmate, place_id)
    kinship = await _on_the_list(session, inmate_id, visitor_id, kind, now)
    return await _prove(session, stand, kinship, (kind, evidence), now)


async def _on_the_list(
    session: AsyncSession, inmate_id: int, visitor_id: int, kind: KinshipKind, now: datetime
) -> Kinship:
    check_other(inmate_id, visitor_id)
    # Two desks may enter the same relation at the same moment: the second finds the first's row.
    row = insert(Kinship).values(
        inmate_id=inmate_id, visitor_id=visitor_id, kind=kind, claimed_at=now
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["inmate_id", "visitor_id"]))
    query = select(Kinship).where(Kinship.inmate_id == inmate_id, Kinship.visitor_id == visitor_id)
    return (await session.scalars(query.with_for_update())).one()


async def _prove(
    session: AsyncSession,
    stand: Stand,
    kinship: Kinship,
    proof: tuple[KinshipKind, Evidence],
    now: datetime,
) -> Kinship:
    kind, evidence = proof
    if evidence not in PROVES[kind]:
        raise EvidenceDoesNotProve(where="evidence")
    kinship.kind, kinship.evidence = kind, evidence
    kinship.sighted_by, kinship.sighted_at = stand.actor.person_id, now
    kinship.sighted_place_id = stand.place_id
    await session.flush()
    act = stand.act(
        "kinship.sighted",
        (KINSHIP, kinship.id),
        inmate=kinship.inmate_id,
        visitor=kinship.visitor_id,
        kind=kind,
        evidence=evidence,
    )
    await audit.record(session, now, act)
    return kinship
