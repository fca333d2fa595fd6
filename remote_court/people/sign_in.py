"""Sign in: number and password, then a one-time code.

A refused attempt leaves its mark, so these verbs own their transactions: the mark is committed,
then the refusal is raised. An unknown number takes the same statements, the same hash and the
same answer as a wrong password, and so does a locked account.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.db import Database
from remote_court.people import codes, generator, passwords, queries, rate
from remote_court.people.accounts import AccountStatus, SanaAccount
from remote_court.people.codes import Purpose
from remote_court.people.queries import Identifier
from remote_court.people.rate import Limit
from remote_court.people.refusals import CodeRefused, SignInRefused
from remote_court.people.tokens import sealed
from remote_court.text import ascii_digits

FREE_FAILURES: Final = 4
FIRST_LOCK: Final = timedelta(minutes=1)
LONGEST_LOCK: Final = timedelta(hours=1)
MOST_COUNTED: Final = 1000
WHO: Final = Limit("sign-in", 30, timedelta(minutes=15))
ADDRESS: Final = Limit("sign-in-from", 300, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Knocking:
    """From where somebody tries, and the key that seals what we note about it."""

    address: str
    key: bytes


def locked_for(failures: int) -> timedelta | None:
    """How long the n-th failure in a row locks: a minute from the fifth, doubled up to an hour."""
    if failures <= FREE_FAILURES:
        return None
    doublings = min(failures - FREE_FAILURES - 1, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


async def password(
    database: Database, who: Identifier, typed: str, knocking: Knocking, now: datetime
) -> SanaAccount:
    """The account of this number, if this is its password and it may sign in.

    Raises:
        SignInRefused: unknown, wrong, locked, or not active: nobody is told which.
        TooManyAttempts: too many failures for this number, or from this address.
    """
    whose = sealed(knocking.key, "who", who.value).hex()[:24]
    async with database.transaction() as session:
        await rate.need_room(session, WHO, whose, now)
        await rate.need_room(session, ADDRESS, knocking.address, now)
        account = await queries.account_by(session, who)
    right = await passwords.matches(account.password_hash if account else None, typed)
    if account and right and may_sign_in(account, now):
        return account
    demo = account is not None and account.demo_code is not None
    async with database.transaction() as session:
        if not demo:
            await rate.count(session, WHO, whose, now)
            await rate.count(session, ADDRESS, knocking.address, now)
        await fail(session, account.person_id if account else None, now)
    raise SignInRefused


def may_sign_in(account: SanaAccount, now: datetime) -> bool:
    """Whether the account is active and not locked."""
    locked = account.locked_until is not None and account.locked_until > now
    return account.status is AccountStatus.ACTIVE and not locked


async def fail(session: AsyncSession, person_id: int | None, now: datetime) -> None:
    """Note a failure; from the fifth in a row on the account is locked, but never a demo's.

    What is tried during a lock is in vain and does not make it longer.
    """
    account = await queries.account(session, person_id or 0, lock=True)
    locked = account is not None and account.locked_until and account.locked_until > now
    if account is not None and account.demo_code is None and not locked:
        account.failures = min(account.failures + 1, MOST_COUNTED)
        length = locked_for(account.failures)
        account.locked_until = now + length if length else None
    await record(session, now, Act("sign_in.refused", "person", person_id))


async def code(
    database: Database,
    person_id: int,
    typed: str,
    purpose: Purpose,
    key: bytes,
    now: datetime,
    about: str = "",
) -> None:
    """Accept the second factor: the demo's fixed code, the generator's, or the one we sent.

    Raises:
        CodeRefused: wrong, over, used, or the account was locked meanwhile.
    """
    async with database.transaction() as session:
        account = await queries.account(session, person_id, lock=True)
        right = (
            account is not None
            and may_sign_in(account, now)
            and await is_right(session, account, typed, purpose, key, now, about)
        )
        if account is not None and right:
            account.failures, account.locked_until = 0, None
        else:
            await fail(session, person_id, now)
    if not right:
        raise CodeRefused(where="code")


async def is_right(
    session: AsyncSession,
    account: SanaAccount,
    typed: str,
    purpose: Purpose,
    key: bytes,
    now: datetime,
    about: str = "",
) -> bool:
    """Whether this is the code the account waits for."""
    if account.demo_code is not None:
        written = ascii_digits(typed).strip()
        return hmac.compare_digest(account.demo_code.encode(), written.encode())
    if account.totp_secret is not None and purpose == "sign-in":
        return await generator.spend(session, account, typed, key, now)
    return await codes.redeem(session, account.person_id, purpose, typed, key, now, about)


def sends_code(account: SanaAccount) -> bool:
    """Whether the second factor is a code we send, and not one the person has."""
    return account.demo_code is None and account.totp_secret is None


async def note(session: AsyncSession, person_id: int, how: str, now: datetime) -> None:
    """Write down that somebody signed in, by ``page`` or ``token``."""
    act = Act("sign_in.done", "person", person_id, actor_id=person_id, detail={"by": how})
    await record(session, now, act)


async def unlock(session: AsyncSession, person_id: int) -> None:
    """Forget failures, after identity was proved in another way."""
    await session.execute(
        update(SanaAccount)
        .where(SanaAccount.person_id == person_id)
        .values(failures=0, locked_until=None)
    )
