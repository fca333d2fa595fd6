"""Verify identity in person: an office clerk saw the person and these documents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.errors import NotFound
from remote_court.identifiers import Mobile
from remote_court.people import passwords, queries, sessions
from remote_court.people.account_letters import account_letter
from remote_court.people.accounts import AccountStatus, IdentityVerification, SanaAccount
from remote_court.people.actor import Actor
from remote_court.people.grants import Role
from remote_court.people.persons import Channel
from remote_court.people.refusals import AlreadyVerified, DocumentsMissing, NotForYourself


class Document(StrEnum):
    """What a clerk may have sighted."""

    NATIONAL_CARD = "national_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"
    MARRIAGE_DEED = "marriage_deed"


PROVES_NATIONAL = frozenset({Document.NATIONAL_CARD, Document.BIRTH_CERTIFICATE})
PROVES_FOREIGN = frozenset({Document.PASSPORT, Document.RESIDENCE_CARD})
CLERKS = (Role.OFFICE_CLERK, Role.OFFICE_MANAGER)


async def verify_identity(
    session: AsyncSession,
    actor: Actor,
    person_id: int,
    documents: Collection[Document],
    office_id: int,
    now: datetime,
    *,
    mobile: Mobile | None = None,
    channel: Channel | None = None,
) -> str:
    """Activate the account and return a temporary password, to be shown once.

    Args:
        mobile: the number the person gave at the desk; none keeps the one registered.
        channel: how they want their telephone told, asked at the desk.

    Raises:
        NotFound: no such account, or another office's desk.
        NotForYourself: a clerk cannot verify themselves.
        AlreadyVerified: the account is active.
        DocumentsMissing: none of the documents proves the person's number.
    """
    account = await _waiting(session, actor, person_id, office_id)
    person = await queries.person(session, person_id)
    if not (PROVES_FOREIGN if person.foreign else PROVES_NATIONAL) & set(documents):
        raise DocumentsMissing(where="documents")
    if mobile is not None:
        person.mobile = mobile.value
    if channel is not None:
        person.reminded_by = channel
    plain = passwords.temporary()
    account.password_hash = await passwords.hash_password(plain)
    account.must_change_password = True
    account.move_to(AccountStatus.ACTIVE)
    account.activated_at = now
    account.failures, account.locked_until = 0, None
    seen = sorted(d.value for d in documents)
    session.add(
        IdentityVerification(
            person_id=person_id,
            office_id=office_id,
            verified_by=actor.person_id,
            documents=seen,
            verified_at=now,
        )
    )
    await sessions.close_all(session, person_id)
    await record(
        session,
        now,
        Act(
            "identity.verified",
            "person",
            person_id,
            actor_id=actor.person_id,
            role=actor.role_at(office_id, *CLERKS),
            place_id=office_id,
            detail={"documents": seen},
        ),
    )
    await outbox.put(session, account_letter(person_id, "activated", now))
    await session.flush()
    return plain


async def _waiting(
    session: AsyncSession, actor: Actor, person_id: int, office_id: int
) -> SanaAccount:
    actor.need_at(office_id, *CLERKS)
    if actor.person_id == person_id:
        raise NotForYourself
    account = await queries.account(session, person_id, lock=True)
    if account is None:
        raise NotFound
    if account.status is not AccountStatus.PENDING:
        raise AlreadyVerified
    return account
