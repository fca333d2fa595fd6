"""What letters and notices of hearings are written from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.hearings.forums import Forum
from remote_court.hearings.models import CaseParty, CourtCase, Hearing, HearingPart
from remote_court.hearings.roles import Mode, PartyRole, Site
from remote_court.hearings.status import Status
from remote_court.places.courts import Branch, CourtComplex
from remote_court.places.offices import Office
from remote_court.places.prisons import Prison
from remote_court.places.units import Unit
from remote_court.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class Part:
    """As what and from where somebody attends; names by language, none where nothing is set."""

    person_id: int
    role: PartyRole
    site: Site
    place: Mapping[str, str | None]
    address: Mapping[str, str | None]
    room: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingView:
    """A hearing as letters speak of it. ``subject`` is for notices, and only of open cases."""

    id: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    date_no: int
    mode: Mode
    case_number: str
    sub_row: str
    subject: str = field(repr=False)
    guarded: bool
    forum: Forum
    branch_id: int
    branch_number: int
    complex: Mapping[str, str]
    city: Mapping[str, str]
    parts: Sequence[Part] = field(repr=False)

    def part_of(self, person_id: int) -> Part | None:
        """The first part that somebody has in it."""
        return next((part for part in self.parts if part.person_id == person_id), None)


async def views(session: AsyncSession, ids: Collection[int]) -> Sequence[HearingView]:
    """Hearings by id, whole."""
    query = (
        select(Hearing, Session, CourtCase, Branch, CourtComplex)
        .join(Session, Session.id == Hearing.id)
        .join(CourtCase, CourtCase.id == Hearing.case_id)
        .join(Branch, Branch.id == Hearing.branch_id)
        .join(CourtComplex, CourtComplex.id == Branch.complex_id)
        .where(Hearing.id.in_(ids))
    )
    parts = await _parts(session, ids)
    return [
        HearingView(
            id=hearing.id,
            status=Status(sat.status),
            starts_at=sat.starts_at,
            ends_at=sat.ends_at,
            date_no=hearing.date_no,
            mode=hearing.mode,
            case_number=case.case_number,
            sub_row=case.sub_row,
            subject=case.subject,
            guarded=case.sensitive or case.juvenile or hearing.closed_reason is not None,
            forum=hearing.forum,
            branch_id=branch.id,
            branch_number=branch.number,
            complex={"fa": court.name_fa, "en": court.name_en},
            city={"fa": court.city_fa, "en": court.city_en},
            parts=parts.get(hearing.id, ()),
        )
        for hearing, sat, case, branch, court in await session.execute(query)
    ]


async def _parts(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Sequence[Part]]:
    query = (
        select(
            HearingPart.hearing_id,
            HearingPart.site,
            CaseParty.person_id,
            CaseParty.role,
            func.coalesce(Office.name_fa, Prison.name_fa).label("place_fa"),
            func.coalesce(Office.name_en, Prison.name_en).label("place_en"),
            Office.address_fa,
            Office.address_en,
            Unit.name_fa.label("room_fa"),
            Unit.name_en.label("room_en"),
        )
        .join(CaseParty, CaseParty.id == HearingPart.party_id)
        .outerjoin(Office, Office.id == HearingPart.place_id)
        .outerjoin(Prison, Prison.id == HearingPart.place_id)
        .outerjoin(Unit, Unit.id == HearingPart.unit_id)
        .where(HearingPart.hearing_id.in_(ids))
        .order_by(HearingPart.hearing_id, CaseParty.id)
    )
    found: dict[int, list[Part]] = {}
    for row in await session.execute(query):
        part = Part(
            person_id=row.person_id,
            role=row.role,
            site=row.site,
            place={"fa": row.place_fa, "en": row.place_en},
            address={"fa": row.address_fa, "en": row.address_en},
            room={"fa": row.room_fa, "en": row.room_en},
        )
        found.setdefault(row.hearing_id, []).append(part)
    return found
