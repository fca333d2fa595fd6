"""Record what was served outside our system: by an officer on paper, or by publication.

Sources:
    Civil Procedure Code, arts. 68-70 (officers) and 73 (publication); 1395 bylaw, art. 16.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid
from remote_court.notices import service_queries
from remote_court.notices.deliver import keep, write
from remote_court.notices.of_court import Served, of_court
from remote_court.notices.ports import Renderer
from remote_court.notices.service import Method
from remote_court.people import Actor, Role

PAPER_MOST = 200


class AlreadyServed(Conflict):
    """This notice was served already."""


class Overtaken(Conflict):
    """This notice is of a date that holds no more; it serves nobody."""


class PaperMissing(Invalid):
    """Enter the number of the officer's report, or the newspaper with its number."""


class NotThen(Invalid):
    """This cannot be: it is before the notice was made, or still to come."""


@dataclass(frozen=True, slots=True)
class ByOfficer:
    """An officer handed the paper over at ``at``; ``in_person``: into the recipient's own hands."""

    report: str
    at: datetime
    in_person: bool


@dataclass(frozen=True, slots=True)
class Published:
    """The notice stood in a newspaper of this name and number on a day."""

    newspaper: str
    on: date


async def record_officer(
    session: AsyncSession,
    actor: Actor,
    notice_id: int,
    done: ByOfficer,
    renderer: Renderer,
    now: datetime,
) -> None:
    """Record an officer's service; into one's own hands it is actual service.

    Raises:
        Forbidden, NotFound: not a clerk of the branch that serves.
        AlreadyServed: it was.
        Overtaken: its date holds no more.
        PaperMissing, NotThen: the report is not named, or its moment cannot be.
    """
    served = await _open(session, actor, notice_id)
    notice = served.notice
    if not notice.queued_at <= done.at <= now:
        raise NotThen(where="at")
    notice.method = Method.OFFICER
    notice.delivered_at = done.at
    notice.viewed_at = done.at if done.in_person else None
    await _settle(session, actor, served, done.report, renderer, now)


async def record_publication(
    session: AsyncSession,
    actor: Actor,
    notice_id: int,
    done: Published,
    renderer: Renderer,
    now: datetime,
) -> None:
    """Record that a notice was published; its term runs from that day.

    Raises:
        Forbidden, NotFound: not a clerk of the branch that serves.
        AlreadyServed: it was.
        Overtaken: its date holds no more.
        PaperMissing, NotThen: the newspaper is not named, or its day cannot be.
    """
    served = await _open(session, actor, notice_id)
    notice = served.notice
    if not local(notice.queued_at).date() <= done.on <= local(now).date():
        raise NotThen(where="on")
    notice.method = Method.PUBLICATION
    notice.published_on = done.on
    await _settle(session, actor, served, done.newspaper, renderer, now)


async def _open(session: AsyncSession, actor: Actor, notice_id: int) -> Served:
    served = await of_court(session, actor, notice_id, Role.COURT_CLERK, lock=True)
    notice = served.notice
    if notice.delivered_at is not None or notice.published_on is not None:
        raise AlreadyServed
    if not served.session.tells(notice.occasion, notice.date_no):
        raise Overtaken
    return served


async def _settle(
    session: AsyncSession,
    actor: Actor,
    served: Served,
    paper: str,
    renderer: Renderer,
    now: datetime,
) -> None:
    notice = served.notice
    if not paper.strip():
        raise PaperMissing(where="paper")
    notice.paper, notice.recorded_by = paper.strip()[:PAPER_MOST], actor.person_id
    written = write(notice, served.to, served.session, renderer)
    message = keep(notice, written, now)
    session.add(message)
    await session.flush()
    notice.message_id, notice.sha256 = message.id, written.sha256
    notice.starts_at = served.session.starts_at
    await service_queries.drop_delivery(session, notice.id)
    await session.flush()
    detail = {"session": notice.session_id, "method": notice.method, "sha256": notice.sha256}
    act = Act(
        "notice.delivered",
        "notice",
        notice.id,
        actor_id=actor.person_id,
        role=Role.COURT_CLERK,
        place_id=served.session.court_id,
        detail=detail,
    )
    await record(session, now, act)
