"""One-time codes: carried to the person's telephone, kept as keyed hashes, good for two minutes."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.people import rate
from remote_court.people.credentials import OneTimeCode
from remote_court.people.rate import Limit
from remote_court.people.tokens import sealed
from remote_court.text import ascii_digits

Purpose = Literal["sign-in", "password", "minutes"]
LIFE: Final = timedelta(minutes=2)
DIGITS: Final = 6
TRIES: Final = 5
SENDING: Final = Limit("code", 5, timedelta(minutes=10))

TRY = text(
    """
    UPDATE one_time_code SET attempts = attempts + 1
    WHERE id = (
        SELECT id FROM one_time_code
        WHERE person_id = :person_id AND purpose = :purpose AND used_at IS NULL
        ORDER BY id DESC LIMIT 1 FOR UPDATE
    )
    RETURNING id, code_hash, attempts, expires_at
    """
)


async def issue(
    session: AsyncSession,
    person_id: int,
    purpose: Purpose,
    key: bytes,
    now: datetime,
    about: str = "",
) -> str:
    """Make a code, put it on its way, and return it; an earlier one is void from now on.

    ``about`` names the one act it is good for, where a purpose has many. The letter's payload
    holds the code until the carrier took it, and is deleted with its row.

    Raises:
        TooManyAttempts: five codes in ten minutes are enough.
    """
    await rate.take(session, SENDING, str(person_id), now)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    await session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.person_id == person_id,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    row = {
        "person_id": person_id,
        "purpose": purpose,
        "code_hash": sealed(key, bound(person_id, purpose, about), code),
        "created_at": now,
        "expires_at": now + LIFE,
    }
    await session.execute(insert(OneTimeCode), [row])
    params = {
        "code": code,
        "purpose": purpose,
        "minutes": int(LIFE.total_seconds() // 60),
        "expires_at": (now + LIFE).isoformat(),
    }
    letter = outbox.row(outbox.LETTER, now, kind="code", person_id=person_id, params=params)
    await outbox.put(session, letter)
    return code


def bound(person_id: int, purpose: Purpose, about: str) -> str:
    """What a code's hash is bound to besides the code."""
    return f"code {purpose} {person_id}" + (f" {about}" if about else "")


async def redeem(
    session: AsyncSession,
    person_id: int,
    purpose: Purpose,
    code: str,
    key: bytes,
    now: datetime,
    about: str = "",
) -> bool:
    """Use the person's latest code up if this is it; each try counts, and the sixth is in vain.

    The caller commits either way: a wrong try must leave its mark.
    """
    found = (await session.execute(TRY, {"person_id": person_id, "purpose": purpose})).one_or_none()
    if found is None or found.attempts > TRIES or found.expires_at <= now:
        return False
    wanted = sealed(key, bound(person_id, purpose, about), ascii_digits(code).strip())
    if not hmac.compare_digest(bytes(found.code_hash), wanted):
        return False
    await session.execute(update(OneTimeCode).where(OneTimeCode.id == found.id).values(used_at=now))
    return True


async def forget_old(session: AsyncSession, now: datetime) -> int:
    """Delete codes whose time is over; returns how many."""
    old = delete(OneTimeCode).where(OneTimeCode.expires_at < now - timedelta(hours=1))
    return len((await session.execute(old.returning(OneTimeCode.id))).all())
