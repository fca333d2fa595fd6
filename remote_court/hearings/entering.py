"""What every entry of a branch has in common: who may make it, and its line in the record."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act
from remote_court.errors import Invalid, NotFound, Reason
from remote_court.hearings.models import CaseParty, CourtCase
from remote_court.people import Actor, Role
from remote_court.policy import Policy

COURT = (Role.JUDGE, Role.COURT_CLERK)
TEXT_MOST = 300


class Needed(Invalid):
    """This is needed."""


class TooLong(Invalid):
    """This is too long; write it in fewer words."""


@dataclass(frozen=True, slots=True)
class Stand:
    """As what somebody enters something at a branch; nobody: an operator at the machine."""

    person_id: int | None
    role: Role | None
    branch_id: int

    def act(self, name: str, subject: tuple[str, int], **detail: object) -> Act:
        """The line of the record."""
        return Act(
            name,
            *subject,
            actor_id=self.person_id,
            role=self.role,
            place_id=self.branch_id,
            detail=detail,
        )


def as_court(actor: Actor, branch_id: int, *roles: Role) -> Stand:
    """Stand as a judge or clerk of one's own branch, or as one of these roles alone.

    Raises:
        Forbidden: neither.
        NotFound: at another branch.
    """
    asked = roles or COURT
    actor.need_at(branch_id, *asked)
    return Stand(actor.person_id, actor.role_at(branch_id, *asked), branch_id)


async def case_of(
    session: AsyncSession, actor: Actor, case_id: int, *roles: Role, lock: bool = False
) -> tuple[Stand, CourtCase]:
    """A case of one's own branch; with ``lock`` nobody else changes it meanwhile.

    Raises:
        Forbidden: no such role.
        NotFound: it is another branch's, or there is none.
    """
    actor.need(*(roles or COURT))
    case = await session.get(
        CourtCase, case_id, with_for_update=True if lock else None, populate_existing=lock
    )
    if case is None:
        raise NotFound
    return as_court(actor, case.branch_id, *roles), case


async def party_of(
    session: AsyncSession, actor: Actor, party_id: int, *roles: Role
) -> tuple[Stand, CourtCase, CaseParty]:
    """Somebody who has a part now in a case of one's own branch, with the case locked.

    Raises:
        Forbidden: no such role.
        NotFound: it is another branch's, they have left, or there is none.
    """
    actor.need(*(roles or COURT))
    party = await session.get(CaseParty, party_id)
    if party is None:
        raise NotFound
    stand, case = await case_of(session, actor, party.case_id, *roles, lock=True)
    await session.refresh(party)
    if party.left_at is not None:
        raise NotFound
    return stand, case, party


def written(text: str, where: str, most: int = TEXT_MOST) -> str:
    """Return what was written, without blanks around it.

    Raises:
        Needed: nothing was.
        TooLong: there is more of it than is kept.
    """
    if not (said := " ".join(text.split())):
        raise Needed(where=where)
    if len(said) > most:
        raise TooLong(where=where)
    return said


def cited(reason: Reason, policy: Policy) -> Reason:
    """The reason with the wording of the rule it cites."""
    if reason.citation is None:
        return reason
    source = policy.cite(reason.citation)
    return replace(reason, source={"fa": source.fa, "en": source.en})
