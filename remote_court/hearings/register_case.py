"""Register a case before a branch, and correct what was entered of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import Conflict, Invalid
from remote_court.hearings.entering import TEXT_MOST, Needed, Stand, TooLong, as_court, case_of
from remote_court.hearings.models import CourtCase
from remote_court.identifiers import compact
from remote_court.people import Actor
from remote_court.policy import Policy

CASE = "court_case"
NUMBER, SUB_ROW = "identity.case_number.pattern", "identity.case_number.sub_row"
ARCHIVE = re.compile(r"[0-9A-Za-z/\-]{1,12}")


class BadCaseNumber(Invalid):
    """This is not a case number: it has 15 to 20 digits."""


class BadSubRow(Invalid):
    """This is not a sub-row: it has one to three digits."""


class BadArchiveNumber(Invalid):
    """An archive number has at most twelve digits, letters, dashes and strokes."""


class CaseExists(Conflict):
    """This case is registered already under this number and sub-row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """What is entered of a case; ``grave``: a crime of Criminal Procedure Code, art. 302."""

    case_number: str
    sub_row: str = "1"
    archive_number: str | None = None
    subject: str = ""
    sensitive: bool = False
    grave: bool = False
    juvenile: bool = False
    custody: bool = False
    limitation_on: date | None = None

    @classmethod
    def typed(
        cls, number: str, sub_row: str, archive: str, subject: str, **more: object
    ) -> CaseDraft:
        """What somebody typed, in one form: ASCII digits, no blanks in numbers."""
        return cls(
            case_number=compact(number),
            sub_row=compact(sub_row) or "1",
            archive_number=archive_of(archive),
            subject=" ".join(subject.split()),
            **more,  # type: ignore[arg-type]
        )


def archive_of(typed: str) -> str | None:
    """An archive number as it is kept: no blanks, ASCII digits; its strokes stay."""
    return (
        "".join(compact(part) + sep for part, sep in re.findall(r"([^/\-]*)([/\-]?)", typed))
        or None
    )


def faults(draft: CaseDraft, policy: Policy) -> Iterator[Invalid]:
    """Everything that is wrong with a draft; pure."""
    if not re.fullmatch(policy.word(NUMBER), draft.case_number):
        yield BadCaseNumber(where="case_number")
    if not re.fullmatch(policy.word(SUB_ROW), draft.sub_row):
        yield BadSubRow(where="sub_row")
    if draft.archive_number is not None and not ARCHIVE.fullmatch(draft.archive_number):
        yield BadArchiveNumber(where="archive_number")
    if not draft.subject:
        yield Needed(where="subject")
    if len(draft.subject) > TEXT_MOST:
        yield TooLong(where="subject")


def check(draft: CaseDraft, policy: Policy) -> None:
    """Go on only with a draft that is whole.

    Raises:
        Invalid: the first thing that is wrong with it.
    """
    for fault in faults(draft, policy):
        raise fault


async def register_case(
    session: AsyncSession,
    actor: Actor,
    branch_id: int,
    draft: CaseDraft,
    *,
    now: datetime,
    policy: Policy,
) -> CourtCase:
    """Register a case at one's own branch.

    Raises:
        BadCaseNumber: or another field is not right.
        CaseExists: this number and sub-row are registered, here or at another branch.
    """
    stand = as_court(actor, branch_id)
    check(draft, policy)
    return await write(session, stand, draft, now)


async def write(session: AsyncSession, stand: Stand, draft: CaseDraft, now: datetime) -> CourtCase:
    """Write a whole draft down.

    Raises:
        CaseExists: somebody was there before.
    """
    row = insert(CourtCase).values(
        branch_id=stand.branch_id, registered_by=stand.person_id, registered_at=now, **asdict(draft)
    )
    # Two clerks may enter the same case at the same moment: the second is told so.
    quiet = row.on_conflict_do_nothing(index_elements=["case_number", "sub_row"])
    case_id = await session.scalar(quiet.returning(CourtCase.id))
    if case_id is None:
        raise CaseExists
    case = (await session.scalars(select(CourtCase).where(CourtCase.id == case_id))).one()
    await audit.record(session, now, stand.act("case.registered", (CASE, case.id)))
    return case


async def correct_case(
    session: AsyncSession,
    actor: Actor,
    case_id: int,
    draft: CaseDraft,
    *,
    now: datetime,
    policy: Policy,
) -> CourtCase:
    """Write what is known of a case anew; its number and sub-row stay.

    Raises:
        NotFound: no such case in one's own branch.
        Invalid: a field is not right.
    """
    stand, case = await case_of(session, actor, case_id, lock=True)
    check(draft, policy)
    await rewrite(session, stand, case, draft, now)
    return case


async def rewrite(
    session: AsyncSession, stand: Stand, case: CourtCase, draft: CaseDraft, now: datetime
) -> bool:
    """Bring a case to what a draft says; whether anything changed."""
    changed = differences(case, draft)
    if not changed:
        return False
    for name in changed:
        setattr(case, name, getattr(draft, name))
    await session.flush()
    act = stand.act("case.corrected", (CASE, case.id), fields=changed)
    await audit.record(session, now, act)
    return True


def differences(case: CourtCase, draft: CaseDraft) -> list[str]:
    """The fields of a case that a draft would change."""
    kept = {"case_number", "sub_row"}
    return [
        name
        for name, value in asdict(draft).items()
        if name not in kept and getattr(case, name) != value
    ]
