"""Passwords: hashed with argon2id, a few at a time, away from the event loop."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from remote_court.people.refusals import WeakPassword
from remote_court.text import ascii_digits

SHORTEST: Final = 10
LONGEST: Final = 200
FEWEST_SIGNS: Final = 4
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""19 MiB and two passes: some 25 ms of one core, as OWASP's second choice for argon2id."""

THREADS: Final = ThreadPoolExecutor(2, thread_name_prefix="argon2")
"""Two at a time: a rush of sign-ins queues here and leaves the machine to the calls."""

# Read aloud by a clerk: neither 0 and o, nor 1, i and l.
READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@cache
def nobodys_hash() -> str:
    """What an unknown number is compared with, so that it takes as long as a known one."""
    return HASHER.hash(secrets.token_urlsafe(24))


def written(password: str) -> str:
    """A password as it is compared: a Persian keyboard's digits are digits."""
    return ascii_digits(password)


def hash_now(password: str) -> str:
    """The hash of a password, made on this thread."""
    return HASHER.hash(written(password))


async def hash_password(password: str) -> str:
    """The hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, hash_now, password)


async def matches(hashed: str | None, password: str) -> bool:
    """Whether this is the password of a hash; without one it takes as long and is not."""
    verdict = await asyncio.get_running_loop().run_in_executor(
        THREADS, _verify, hashed or nobodys_hash(), written(password[:LONGEST])
    )
    return verdict and hashed is not None


def _verify(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except VerifyMismatchError:
        return False


def check_strength(password: str, identifier: str) -> None:
    """Accept a password of one's own choice.

    Raises:
        WeakPassword: too short or too long, hardly any different signs, or the person's number.
    """
    plain = written(password)
    weak = (
        not SHORTEST <= len(plain) <= LONGEST
        or len(set(plain)) < FEWEST_SIGNS
        or identifier in plain
        or plain in "01234567890123456789"
    )
    if weak:
        raise WeakPassword(where="password")


def temporary() -> str:
    """A password to be read to somebody and changed at once: three groups of four, 59 bits."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
    return "-".join(groups)
