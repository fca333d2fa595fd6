"""The code generator of staff: time-based codes of RFC 6238."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.people import queries, sessions, vault
from remote_court.people.account_letters import AccountEvent, account_letter
from remote_court.people.accounts import SanaAccount
from remote_court.people.actor import Actor
from remote_court.people.refusals import CodeRefused
from remote_court.text import ascii_digits

PURPOSE: Final = "generator"
STEP_S: Final = 30
ISSUER: Final = "Remote Court"


def new_secret() -> str:
    """A secret for a generator to be."""
    return pyotp.random_base32()


def address(secret: str, account: str) -> str:
    """What the QR code says to the generator."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is: the present one or a neighbour, for slow clocks."""
    generator = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_S
    written = ascii_digits(code).strip()
    for step in (present, present - 1, present + 1):
        if pyotp.utils.strings_equal(generator.at(step * STEP_S), written):
            return step
    return None


async def spend(
    session: AsyncSession, account: SanaAccount, code: str, key: bytes, now: datetime
) -> bool:
    """Accept a code of the account's generator once: a step used before is used up."""
    secret = vault.unlock(key, PURPOSE, account.totp_secret or "", now)
    step = step_of(secret, code, now) if secret else None
    if step is None:
        return False
    newer = await session.execute(
        update(SanaAccount)
        .where(
            SanaAccount.person_id == account.person_id,
            (SanaAccount.totp_step.is_(None)) | (SanaAccount.totp_step < step),
        )
        .values(totp_step=step)
        .returning(SanaAccount.person_id)
    )
    return newer.first() is not None


def need_code_of(secret: str, code: str, now: datetime) -> int:
    """The time step of a code that this new generator shows.

    Raises:
        CodeRefused: the code is not the generator's.
    """
    step = step_of(secret, code, now)
    if step is None:
        raise CodeRefused
    return step


async def enrol(
    session: AsyncSession, actor: Actor, secret: str, code: str, key: bytes, now: datetime
) -> None:
    """Make a generator the person's second factor, once it has shown a right code.

    The caller has seen proof of who sits there (see `prove`). The person is signed out
    everywhere, and told by letter.

    Raises:
        CodeRefused: the code is not the generator's.
    """
    step = need_code_of(secret, code, now)
    account = await queries.account(session, actor.person_id, lock=True)
    replaced = account is not None and account.totp_secret is not None
    locked = vault.lock(key, PURPOSE, secret, now)
    await session.execute(
        update(SanaAccount)
        .where(SanaAccount.person_id == actor.person_id)
        .values(totp_secret=locked, totp_step=step)
    )
    subject = actor.person_id
    await sessions.close_all(session, subject)
    event: AccountEvent = "generator_replaced" if replaced else "generator_set"
    await record(session, now, Act(f"account.{event}", "person", subject, actor_id=subject))
    await outbox.put(session, account_letter(subject, event, now))
