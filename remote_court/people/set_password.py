"""Choose a password: with the present one, or with a code after it was forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.errors import NotFound
from remote_court.people import passwords, queries, sessions
from remote_court.people.account_letters import account_letter
from remote_court.people.accounts import AccountStatus, SanaAccount
from remote_court.people.actor import Actor
from remote_court.people.refusals import DemoPasswordFixed, WeakPassword, WrongPassword


async def change_password(
    session: AsyncSession, actor: Actor, present: str, chosen: str, now: datetime
) -> None:
    """Replace one's password and sign out everywhere; the caller signs this browser in again.

    Raises:
        WrongPassword: the present one is not right.
        WeakPassword: the chosen one is too easy, or the present one again.
    """
    account = await _active(session, actor.person_id)
    if not await passwords.matches(account.password_hash, present):
        raise WrongPassword(where="present")
    if present == chosen:
        raise WeakPassword(where="password")
    await _set(session, account, chosen, "password.changed", now)


async def reset_password(session: AsyncSession, person_id: int, chosen: str, now: datetime) -> None:
    """Set a new password for somebody who proved themselves by a code; failures are forgotten.

    Raises:
        WeakPassword: it is too easy.
    """
    account = await _active(session, person_id)
    await _set(session, account, chosen, "password.reset", now)
    account.failures, account.locked_until = 0, None
    await session.flush()


async def give_temporary(
    session: AsyncSession, account: SanaAccount, now: datetime, by: Actor | None
) -> str:
    """Set a password that must be changed at once, and return it to be told once."""
    plain = passwords.temporary()
    account.password_hash = await passwords.hash_password(plain)
    account.must_change_password = True
    await sessions.close_all(session, account.person_id)
    actor_id = by.person_id if by else None
    act = Act("password.temporary", "person", account.person_id, actor_id=actor_id)
    await record(session, now, act)
    await session.flush()
    return plain


async def _active(session: AsyncSession, person_id: int) -> SanaAccount:
    account = await queries.account(session, person_id, lock=True)
    if account is None or account.status is not AccountStatus.ACTIVE:
        raise NotFound
    if account.demo_code is not None:
        raise DemoPasswordFixed
    return account


async def _set(
    session: AsyncSession, account: SanaAccount, chosen: str, act: str, now: datetime
) -> None:
    person = await queries.person(session, account.person_id)
    passwords.check_strength(chosen, person.national_id or person.fida_code or "")
    account.password_hash = await passwords.hash_password(chosen)
    account.must_change_password = False
    await sessions.close_all(session, account.person_id)
    await record(session, now, Act(act, "person", account.person_id, actor_id=account.person_id))
    await outbox.put(session, account_letter(account.person_id, "password_changed", now))
    await session.flush()
