"""Who speaks for whom in a case, by which paper, and how many lawyers a party may have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import Conflict, Invalid, NotFound, Reason, RuleRefused
from remote_court.hearings.entering import Stand, case_of, cited, written
from remote_court.hearings.forums import Forum, law_of
from remote_court.hearings.models import CaseParty, CourtCase, Representation
from remote_court.hearings.roles import PRINCIPALS, SPEAKERS, PartyRole
from remote_court.people import Actor
from remote_court.places.courts import Branch
from remote_court.policy import Policy

REPRESENTATION = "representation"
PAPER_MOST = 200
CLAIMING = frozenset({PartyRole.PLAINTIFF, PartyRole.COMPLAINANT})
"""One side of a case; the parties proper who are not of it are the other."""
ACCUSED_ONLY = "lawyers_max.investigation_accused"


class TooManyLawyers(RuleRefused):
    """This party may not have another lawyer here."""


class NotASpeaker(Invalid):
    """Only a lawyer or a guardian speaks for somebody; enter this part of theirs first."""


class NotAClient(Invalid):
    """A lawyer or guardian speaks for a party: plaintiff, defendant, complainant, accused, convict."""  # noqa: E501


class SpeaksAlready(Conflict):
    """This person speaks for this party already."""


class OtherSide(Conflict):
    """This lawyer speaks for the other side of this case."""


def cap(forum: Forum, client: PartyRole, *, grave: bool, policy: Policy) -> tuple[int, str] | None:
    """How many lawyers a party may have before a court, and by which rule; none: no limit."""
    key = law_of(forum, grave=grave).lawyers
    if key == ACCUSED_ONLY and client is not PartyRole.ACCUSED:
        return None
    return policy.integer(key), key


def refusals(
    forum: Forum, client: PartyRole, standing: int, *, grave: bool, policy: Policy
) -> Iterator[Reason]:
    """Whether a party who has ``standing`` lawyers may have one more; pure."""
    limit = cap(forum, client, grave=grave, policy=policy)
    if limit is not None and standing >= limit[0]:
        message = "A party has at most %(most)s lawyers before this court."
        yield Reason("too-many-lawyers", message, limit[1], {"most": limit[0]})


async def represent(
    session: AsyncSession,
    actor: Actor,
    case_id: int,
    speaker_id: int,
    client_id: int,
    paper: str,
    *,
    now: datetime,
    policy: Policy,
) -> Representation:
    """Write down that a lawyer or guardian speaks for a party of the same case.

    Raises:
        NotFound: no such case in one's own branch.
        NotASpeaker: it is neither lawyer nor guardian of this case.
        NotAClient: it is no party proper of this case.
        SpeaksAlready: they do so already.
        OtherSide: the lawyer speaks for the opponent.
        TooManyLawyers: the law allows no more.
    """
    stand, case = await case_of(session, actor, case_id, lock=True)
    speaker = await standing_party(session, case, speaker_id)
    client = await standing_party(session, case, client_id)
    if speaker is None or speaker.role not in SPEAKERS:
        raise NotASpeaker(where="speaker")
    if client is None or client.role not in PRINCIPALS or client.person_id == speaker.person_id:
        raise NotAClient(where="party")
    said = written(paper, "paper", PAPER_MOST)
    await check(session, case, speaker, client, policy)
    return await write(session, stand, case, (speaker.id, client.id), said, now)


async def standing_party(session: AsyncSession, case: CourtCase, party_id: int) -> CaseParty | None:
    """Somebody who has a part in the case now."""
    query = select(CaseParty).where(
        CaseParty.id == party_id, CaseParty.case_id == case.id, CaseParty.left_at.is_(None)
    )
    return (await session.scalars(query)).one_or_none()


async def check(
    session: AsyncSession, case: CourtCase, speaker: CaseParty, client: CaseParty, policy: Policy
) -> None:
    """Go on only if this speaker may speak for this client besides those who do."""
    standing = await clients_of(session, speaker.id)
    if any(one.id == client.id for one in standing):
        raise SpeaksAlready
    if speaker.role is not PartyRole.LAWYER:
        return
    if any((one.role in CLAIMING) != (client.role in CLAIMING) for one in standing):
        raise OtherSide
    branch = await session.get_one(Branch, case.branch_id)
    have = await lawyers_of(session, client.id)
    reasons = refusals(Forum(branch.forum), client.role, have, grave=case.grave, policy=policy)
    if told := [cited(reason, policy) for reason in reasons]:
        raise TooManyLawyers(told)


async def clients_of(session: AsyncSession, speaker_id: int) -> list[CaseParty]:
    """For whom somebody speaks now."""
    query = (
        select(CaseParty)
        .join(Representation, Representation.client_id == CaseParty.id)
        .where(Representation.speaker_id == speaker_id, Representation.ended_at.is_(None))
    )
    return list(await session.scalars(query))


async def lawyers_of(session: AsyncSession, client_id: int) -> int:
    """How many lawyers a party has now."""
    query = (
        select(func.count())
        .select_from(Representation)
        .join(CaseParty, CaseParty.id == Representation.speaker_id)
        .where(
            Representation.client_id == client_id,
            Representation.ended_at.is_(None),
            CaseParty.role == PartyRole.LAWYER,
        )
    )
    return int(await session.scalar(query) or 0)


async def write(
    session: AsyncSession,
    stand: Stand,
    case: CourtCase,
    pair: tuple[int, int],
    paper: str,
    now: datetime,
) -> Representation:
    """Write it down; ``pair``: the speaker's part and the client's."""
    made = Representation(
        speaker_id=pair[0],
        client_id=pair[1],
        paper=paper,
        entered_by=stand.person_id,
        entered_at=now,
    )
    session.add(made)
    await session.flush()
    act = stand.act(
        "representation.entered",
        (REPRESENTATION, made.id),
        case=case.id,
        speaker=pair[0],
        client=pair[1],
    )
    await audit.record(session, now, act)
    return made


async def end(
    session: AsyncSession, actor: Actor, representation_id: int, *, now: datetime
) -> Representation:
    """Write down that somebody does not speak for a party any more.

    Raises:
        NotFound: nothing of the kind stands in one's own branch.
    """
    found = await session.get(Representation, representation_id)
    speaker = await session.get(CaseParty, found.speaker_id) if found else None
    if found is None or speaker is None:
        raise NotFound
    stand, case = await case_of(session, actor, speaker.case_id, lock=True)
    await session.refresh(found)
    if found.ended_at is not None:
        raise NotFound
    found.ended_at = now
    await session.flush()
    act = stand.act("representation.ended", (REPRESENTATION, found.id), case=case.id)
    await audit.record(session, now, act)
    return found
