"""Who of a visit's visitors may not visit any more, whatever was booked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import policy
from remote_court.visits.bans import BanKind, VisitBan
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.kinships import Kinship
from remote_court.visits.models import Visit, VisitKind, VisitVisitor
from remote_court.visits.permits import Mandate, Permit


async def barred(
    session: AsyncSession, visit: Visit, day: date, province_code: str
) -> frozenset[int]:
    """The visitors on whom a ban stands that day, or whose permit, mandate or papers were taken.

    A disciplinary ban touches no consul, and no ban a lawyer.
    """
    if visit.kind is VisitKind.LAWYER:
        lost = _mandate_ended(visit)
    elif visit.kind is VisitKind.CONSULAR:
        lost = or_(_banned(visit, day, BanKind.JUDICIAL), _papers_withdrawn(visit, day))
    else:
        rule = await policy.current(session, day, province_code)
        lost = or_(
            _banned(visit, day), _permit_taken(visit, day, rule.words("visit.relatives_auto"))
        )
    query = select(VisitVisitor.person_id).where(VisitVisitor.visit_id == visit.id, lost)
    return frozenset(await session.scalars(query))


def _banned(visit: Visit, day: date, *kinds: BanKind) -> ColumnElement[bool]:
    return exists().where(
        VisitBan.kind.in_(kinds or tuple(BanKind)),
        VisitBan.inmate_id == visit.inmate_id,
        or_(VisitBan.visitor_id.is_(None), VisitBan.visitor_id == VisitVisitor.person_id),
        VisitBan.lifted_at.is_(None),
        VisitBan.starts_on <= day,
        VisitBan.ends_on >= day,
    )


def _permit_taken(visit: Visit, day: date, by_right: tuple[str, ...]) -> ColumnElement[bool]:
    theirs = (
        Permit.inmate_id == visit.inmate_id,
        Permit.visitor_id == VisitVisitor.person_id,
        Permit.valid_from <= day,
        Permit.valid_to >= day,
    )
    near = exists().where(
        Kinship.inmate_id == visit.inmate_id,
        Kinship.visitor_id == VisitVisitor.person_id,
        Kinship.sighted_at.is_not(None),
        Kinship.kind.in_(by_right),
    )
    taken = exists().where(*theirs, Permit.revoked_at.is_not(None))
    standing = exists().where(*theirs, Permit.revoked_at.is_(None))
    return taken & ~standing & ~near


def _papers_withdrawn(visit: Visit, day: date) -> ColumnElement[bool]:
    theirs = (
        ConsularPapers.inmate_id == visit.inmate_id,
        ConsularPapers.visitor_id == VisitVisitor.person_id,
        ConsularPapers.valid_from <= day,
        ConsularPapers.valid_to >= day,
    )
    withdrawn = exists().where(*theirs, ConsularPapers.withdrawn_at.is_not(None))
    return withdrawn & ~exists().where(*theirs, ConsularPapers.withdrawn_at.is_(None))


def _mandate_ended(visit: Visit) -> ColumnElement[bool]:
    theirs = (Mandate.inmate_id == visit.inmate_id, Mandate.lawyer_id == VisitVisitor.person_id)
    ended = exists().where(*theirs, Mandate.ended_at.is_not(None))
    return ended & ~exists().where(*theirs, Mandate.ended_at.is_(None))
