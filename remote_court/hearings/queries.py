"""What is read of cases, benches and rooms before a sitting is listed or moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.hearings.adjournment import Code
from remote_court.hearings.facts import CaseFacts, PartyFacts, SeatFacts
from remote_court.hearings.models import CaseParty, CourtCase, Hearing, Representation
from remote_court.hearings.placing import Room
from remote_court.hearings.roles import Seat
from remote_court.people import AccountStatus, Grant, Person, Role, SanaAccount
from remote_court.people.inmates import Inmate
from remote_court.places import Office, Unit
from remote_court.places.distance import Point


async def branch_of(session: AsyncSession, case_id: int) -> int | None:
    """The branch a case is before."""
    return await session.scalar(select(CourtCase.branch_id).where(CourtCase.id == case_id))


async def case(session: AsyncSession, case_id: int) -> CaseFacts | None:
    """A case with everybody who has a part in it now."""
    sittings = select(
        func.coalesce(func.max(Hearing.number), 0),
        func.count().filter(Hearing.adjournment == Code.JOINT_REQUEST),
    ).where(Hearing.case_id == case_id)
    found = await session.get(CourtCase, case_id, populate_existing=True)
    if found is None:
        return None
    last, postponed = (await session.execute(sittings)).one()
    return CaseFacts(
        id=found.id,
        branch_id=found.branch_id,
        grave=found.grave,
        juvenile=found.juvenile,
        last_number=last,
        postponed=postponed,
        parties=tuple(await parties(session, case_id)),
    )


async def parties(session: AsyncSession, case_id: int) -> list[PartyFacts]:
    """Everybody who has a part in a case now, in the order in which they were entered."""
    clients = (
        select(func.array_agg(Representation.client_id))
        .where(Representation.speaker_id == CaseParty.id, Representation.ended_at.is_(None))
        .correlate(CaseParty)
        .scalar_subquery()
    )
    query = (
        select(
            CaseParty,
            Person,
            clients.label("clients"),
            (SanaAccount.status == AccountStatus.ACTIVE).label("has_account"),
            Inmate.prison_id,
            Inmate.status.label("held"),
        )
        .join(Person, Person.id == CaseParty.person_id)
        .outerjoin(SanaAccount, SanaAccount.person_id == CaseParty.person_id)
        .outerjoin(Inmate, Inmate.person_id == CaseParty.person_id)
        .where(CaseParty.case_id == case_id, CaseParty.left_at.is_(None))
        .order_by(CaseParty.id)
        .execution_options(populate_existing=True)
    )
    return [
        PartyFacts(
            id=party.id,
            person_id=person.id,
            name=person.name,
            gender=person.gender,
            role=party.role,
            clients=frozenset(speaks_for or ()),
            needs_interpreter=party.needs_interpreter,
            needs=frozenset(party.needs),
            address=party.address,
            site=party.site,
            office_ids=tuple(party.office_ids),
            own_device=party.own_device_by is not None,
            has_account=bool(has_account),
            prison_id=prison_id,
            held=held,
        )
        for party, person, speaks_for, has_account, prison_id, held in await session.execute(query)
    ]


async def bench(session: AsyncSession, seats: Mapping[int, Seat]) -> list[SeatFacts]:
    """Who sits, in the order of the bench; people we do not know are left out."""
    judges = select(Grant.person_id).where(
        Grant.person_id.in_(seats), Grant.role == Role.JUDGE, Grant.revoked_at.is_(None)
    )
    are_judges = set(await session.scalars(judges))
    query = select(Person.id, Person.given_name, Person.family_name, Person.gender)
    rows = {row.id: row for row in await session.execute(query.where(Person.id.in_(seats)))}
    return [
        SeatFacts(
            person_id,
            f"{rows[person_id].given_name} {rows[person_id].family_name}",
            rows[person_id].gender,
            seat,
            person_id in are_judges,
        )
        for person_id, seat in seats.items()
        if person_id in rows
    ]


async def rooms(session: AsyncSession, place_ids: Collection[int]) -> list[Room]:
    """The rooms and booths in service of these places."""
    query = select(Unit.id, Unit.pool_id, Unit.features, Unit.number).where(
        Unit.pool_id.in_(place_ids), Unit.in_service
    )
    return [
        Room(row.id, row.pool_id, frozenset(row.features), row.number)
        for row in await session.execute(query.order_by(Unit.pool_id, Unit.number))
    ]


async def points(session: AsyncSession, office_ids: Collection[int]) -> dict[int, Point]:
    """Where offices stand."""
    query = select(Office.id, Office.lat, Office.lon).where(Office.id.in_(office_ids))
    return {row.id: Point(row.lat, row.lon) for row in await session.execute(query)}


async def joined_since(session: AsyncSession, case_id: int, since: datetime) -> list[int]:
    """Who got a part in a case after an instant and has it still."""
    query = select(CaseParty.id).where(
        CaseParty.case_id == case_id, CaseParty.left_at.is_(None), CaseParty.joined_at > since
    )
    return list(await session.scalars(query.order_by(CaseParty.id)))
