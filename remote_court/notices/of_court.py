"""A notice as the court that serves it sees it: its branch's clerk and judge, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import NotFound
from remote_court.notices import occasions, queries, service_queries
from remote_court.notices.ports import Addressee, Summons
from remote_court.notices.service import Notice
from remote_court.people import Actor, Role

COURT = (Role.COURT_CLERK, Role.JUDGE)


@dataclass(frozen=True, slots=True)
class Served:
    """A notice with the session it is of, and whom it is for."""

    notice: Notice
    session: Summons
    to: Addressee

    def role_of(self, actor: Actor) -> Role | None:
        """As what somebody of the court acts on it."""
        return actor.role_at(self.session.court_id, *COURT)


async def find(session: AsyncSession, notice_id: int, *, lock: bool = False) -> Served:
    """A notice, whoever asks.

    Raises:
        NotFound: there is none, or its session is of a kind nobody is served with.
    """
    notice = await service_queries.notice(session, notice_id, lock=lock)
    if notice is None:
        raise NotFound
    found = (await occasions.load(session, [notice.session_id])).get(notice.session_id)
    if not isinstance(found, Summons):
        raise NotFound
    people = await queries.addressees(session, [notice.person_id])
    return Served(notice, found, people[notice.person_id])


async def of_court(
    session: AsyncSession, actor: Actor, notice_id: int, *roles: Role, lock: bool = False
) -> Served:
    """A notice, for somebody with one of these roles in the branch that serves it.

    Raises:
        Forbidden: none of the roles is held anywhere.
        NotFound: no such notice of a branch of theirs.
    """
    actor.need(*roles)
    served = await find(session, notice_id, lock=lock)
    actor.need_at(served.session.court_id, *roles)
    return served


async def for_reader(session: AsyncSession, actor: Actor, notice_id: int) -> Served:
    """A notice, for its recipient or for its court's clerk and judge.

    Raises:
        NotFound: for everybody else.
    """
    served = await find(session, notice_id)
    if served.notice.person_id != actor.person_id and served.role_of(actor) is None:
        raise NotFound
    return served
