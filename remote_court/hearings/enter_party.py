"""Enter somebody's part in a case, correct it, and write down that they left it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid
from remote_court.hearings.entering import Stand, case_of, party_of
from remote_court.hearings.models import CaseParty, CourtCase, Hearing, HearingPart, Representation
from remote_court.hearings.roles import Address, PartyRole, Site
from remote_court.hearings.status import AHEAD
from remote_court.hearings.who import Identity, person_of
from remote_court.people import Actor
from remote_court.people.inmates import Inmate, InmateStatus
from remote_court.places import Office
from remote_court.scheduling.models import Session

PARTY = "case_party"
LANGUAGE = re.compile(r"[a-z]{2,3}")
OFFICES_MOST = 10


class Need(StrEnum):
    """What must be there for somebody: features of a room, and people who help."""

    STEP_FREE = "step_free"
    HEARING_LOOP = "hearing_loop"
    SIGN_INTERPRETER = "sign_interpreter"


class BadLanguage(Invalid):
    """Write the language as two or three letters of ISO 639, such as fa, ku or ps."""


class UnknownNeed(Invalid):
    """There is no such need; choose from the list."""


class UnknownOffice(Invalid):
    """There is no such office in service."""


class TooManyOffices(Invalid):
    """Name at most ten offices."""


class InPrison(Invalid):
    """This person is held in a prison and attends from there, or is brought to the courtroom."""


class NotInPrison(Invalid):
    """This person is not held in a prison; choose from where else they attend."""


class AlreadyParty(Conflict):
    """This person has this part in the case already."""


class StillListed(Conflict):
    """This person is to attend a sitting to come. Move or cancel that sitting first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDraft:
    """What is entered of somebody's part; ``office_ids`` are those they can reach, best first."""

    language: str = "fa"
    needs_interpreter: bool = False
    needs: tuple[str, ...] = ()
    address: Address = Address.KNOWN
    protected: bool = False
    site: Site = Site.OFFICE
    office_ids: tuple[int, ...] = ()


def faults(
    draft: PartyDraft, *, in_prison: bool, offices: frozenset[int] | set[int]
) -> Iterator[Invalid]:
    """Everything that is wrong with a part; pure.

    Args:
        in_prison: whether the person is held in a prison now.
        offices: those of the draft's offices that are in service.
    """
    if not LANGUAGE.fullmatch(draft.language):
        yield BadLanguage(where="language")
    if not set(draft.needs) <= set(Need):
        yield UnknownNeed(where="needs")
    if len(draft.office_ids) > OFFICES_MOST:
        yield TooManyOffices(where="offices")
    if not set(draft.office_ids) <= offices:
        yield UnknownOffice(where="offices")
    if in_prison and draft.site not in {Site.PRISON, Site.COURTROOM}:
        yield InPrison(where="site")
    if not in_prison and draft.site is Site.PRISON:
        yield NotInPrison(where="site")


async def enter_party(
    session: AsyncSession,
    actor: Actor,
    case_id: int,
    who: Identity,
    role: PartyRole,
    draft: PartyDraft,
    *,
    now: datetime,
) -> CaseParty:
    """Give somebody a part in a case of one's own branch.

    Raises:
        NotFound: no such case in one's own branch.
        NotKnownYet: nobody has the number, and something of the document is missing.
        AlreadyParty: they have this part already.
        Invalid: another field is not right.
    """
    stand, case = await case_of(session, actor, case_id, lock=True)
    person = await person_of(
        session, who, today=local(now).date(), speaks_persian=not draft.needs_interpreter
    )
    await check(session, person.id, draft)
    return await write(session, stand, case, (person.id, role), draft, now)


async def check(session: AsyncSession, person_id: int, draft: PartyDraft) -> None:
    """Go on only with a draft that is right for this person.

    Raises:
        Invalid: the first thing that is wrong with it.
    """
    status = await session.scalar(select(Inmate.status).where(Inmate.person_id == person_id))
    offices = await in_service(session, draft.office_ids)
    for fault in faults(draft, in_prison=held(status), offices=offices):
        raise fault


def held(status: InmateStatus | None) -> bool:
    """Whether somebody with this whereabouts is to be found in a prison."""
    return status in {InmateStatus.HELD, InmateStatus.HOSPITAL}


async def in_service(session: AsyncSession, office_ids: Sequence[int]) -> set[int]:
    """Those of the offices that there are and that serve."""
    query = select(Office.id).where(Office.id.in_(office_ids), Office.in_service)
    return set(await session.scalars(query)) if office_ids else set()


async def write(
    session: AsyncSession,
    stand: Stand,
    case: CourtCase,
    part: tuple[int, PartyRole],
    draft: PartyDraft,
    now: datetime,
) -> CaseParty:
    """Write a right draft down; ``part``: who, as what.

    Raises:
        AlreadyParty: they have this part already.
    """
    row = insert(CaseParty).values(
        case_id=case.id,
        person_id=part[0],
        role=part[1],
        entered_by=stand.person_id,
        joined_at=now,
        **values(draft),
    )
    quiet = row.on_conflict_do_nothing(
        index_elements=["case_id", "person_id", "role"], index_where=CaseParty.left_at.is_(None)
    )
    party_id = await session.scalar(quiet.returning(CaseParty.id))
    if party_id is None:
        raise AlreadyParty
    act = stand.act("party.entered", (PARTY, party_id), case=case.id, role=part[1])
    await audit.record(session, now, act)
    return await session.get_one(CaseParty, party_id)


def values(draft: PartyDraft) -> dict[str, object]:
    """The draft's columns."""
    return asdict(draft) | {"needs": list(draft.needs), "office_ids": list(draft.office_ids)}


async def correct_party(
    session: AsyncSession, actor: Actor, party_id: int, draft: PartyDraft, *, now: datetime
) -> CaseParty:
    """Write what is known of somebody's part anew.

    Raises:
        NotFound: no such party in one's own branch.
        Invalid: a field is not right.
    """
    stand, _, party = await party_of(session, actor, party_id)
    await check(session, party.person_id, draft)
    await rewrite(session, stand, party, draft, now)
    return party


async def rewrite(
    session: AsyncSession, stand: Stand, party: CaseParty, draft: PartyDraft, now: datetime
) -> bool:
    """Bring a part to what a draft says; whether anything changed."""
    changed = differences(party, draft)
    if not changed:
        return False
    for name in changed:
        setattr(party, name, values(draft)[name])
    await session.flush()
    act = stand.act("party.corrected", (PARTY, party.id), case=party.case_id, fields=changed)
    await audit.record(session, now, act)
    return True


def differences(party: CaseParty, draft: PartyDraft) -> list[str]:
    """The fields of a part that a draft would change."""
    return [name for name, value in values(draft).items() if getattr(party, name) != value]


async def leave(session: AsyncSession, actor: Actor, party_id: int, *, now: datetime) -> CaseParty:
    """Write down that somebody has no part in the case any more; who spoke for whom ends too.

    Raises:
        NotFound: no such party in one's own branch.
        StillListed: they are to attend a sitting to come.
    """
    stand, case, party = await party_of(session, actor, party_id)
    if await sittings_ahead(session, party_id):
        raise StillListed
    party.left_at = now
    spoke = (Representation.speaker_id == party_id) | (Representation.client_id == party_id)
    ended = update(Representation).where(spoke, Representation.ended_at.is_(None))
    await session.execute(ended.values(ended_at=now))
    await session.flush()
    act = stand.act("party.left", (PARTY, party_id), case=case.id, role=party.role)
    await audit.record(session, now, act)
    return party


async def sittings_ahead(
    session: AsyncSession, party_id: int, site: Site | None = None
) -> Sequence[int]:
    """The sittings to come that a party is to attend, from any site or from this one."""
    query = (
        select(Hearing.id)
        .join(HearingPart, HearingPart.hearing_id == Hearing.id)
        .join(Session, Session.id == Hearing.id)
        .where(HearingPart.party_id == party_id, Session.status.in_(AHEAD))
    )
    if site is not None:
        query = query.where(HearingPart.site == site)
    return (await session.scalars(query.order_by(Hearing.id))).all()
