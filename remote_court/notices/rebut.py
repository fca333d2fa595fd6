"""Say that a notice could not reach one, and hold whether that is proved.

Source:
    1395 bylaw, art. 13, note 1: no access, or a fault of the system.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.db import violates
from remote_court.errors import Conflict, Invalid, NotFound
from remote_court.notices import service_queries
from remote_court.notices.of_court import of_court
from remote_court.notices.rebuttals import Rebuttal
from remote_court.notices.service import Method
from remote_court.people import Actor, Role

SAID_MOST = 2000


class NotServedHere(Conflict):
    """This notice was not served in an account; there is nothing to say against that."""


class AlreadyRebutted(Conflict):
    """You have said this already; the judge will decide."""


class AlreadyDecided(Conflict):
    """The judge has decided this already."""


class NothingSaid(Invalid):
    """Write what happened."""


async def rebut(
    session: AsyncSession, actor: Actor, notice_id: int, said: str, now: datetime
) -> Rebuttal:
    """Record what the recipient of a notice says against its service.

    Raises:
        NotFound: no notice of one's own.
        NotServedHere: it did not come by the account, or has not come.
        AlreadyRebutted: what was said before is not decided yet.
        NothingSaid: the text is empty.
    """
    notice = await service_queries.notice(session, notice_id)
    if notice is None or notice.person_id != actor.person_id:
        raise NotFound
    if notice.method is not Method.SANA or notice.delivered_at is None:
        raise NotServedHere
    if not said.strip():
        raise NothingSaid(where="said")
    rebuttal = Rebuttal(
        notice_id=notice_id, said=said.strip()[:SAID_MOST], said_by=actor.person_id, said_at=now
    )
    session.add(rebuttal)
    try:
        await session.flush()
    except IntegrityError as error:
        if violates(error, "service_rebuttal_open_key"):
            raise AlreadyRebutted from error
        raise
    act = Act("service.rebutted", "notice", notice_id, actor_id=actor.person_id)
    await record(session, now, act)
    return rebuttal


async def decide(
    session: AsyncSession,
    actor: Actor,
    rebuttal_id: int,
    decision: str,
    now: datetime,
    *,
    accepted: bool,
) -> Rebuttal:
    """Record what the judge holds of a rebuttal; it stands beside the notice's proof.

    Raises:
        Forbidden, NotFound: not a judge of the branch that served.
        AlreadyDecided: it is.
        NothingSaid: no reasons are given.
    """
    actor.need(Role.JUDGE)
    rebuttal = await service_queries.rebuttal(session, rebuttal_id)
    if rebuttal is None:
        raise NotFound
    served = await of_court(session, actor, rebuttal.notice_id, Role.JUDGE)
    if rebuttal.decided_at is not None:
        raise AlreadyDecided
    if not decision.strip():
        raise NothingSaid(where="decision")
    rebuttal.accepted, rebuttal.decision = accepted, decision.strip()[:SAID_MOST]
    rebuttal.decided_by, rebuttal.decided_at = actor.person_id, now
    await session.flush()
    act = Act(
        "service.rebuttal_decided",
        "notice",
        rebuttal.notice_id,
        actor_id=actor.person_id,
        role=Role.JUDGE,
        place_id=served.session.court_id,
        detail={"accepted": accepted},
    )
    await record(session, now, act)
    return rebuttal
