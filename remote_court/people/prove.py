"""Prove again who sits at a browser that is signed in, before what protects the account changes.

Like sign-in these own their transactions: a wrong try must leave its mark, and counts towards
the same lock.
"""

from __future__ import annotations

from datetime import datetime

from remote_court.db import Database
from remote_court.people import passwords, queries, sign_in
from remote_court.people.refusals import CodeRefused, WrongPassword

FIELD = "present"


async def by_password(database: Database, person_id: int, typed: str, now: datetime) -> None:
    """Go on only with the account's present password.

    Raises:
        WrongPassword: it is not, or the account is locked.
    """
    async with database.transaction() as session:
        account = await queries.account(session, person_id)
    right = await passwords.matches(account.password_hash if account else None, typed)
    if account and right and sign_in.may_sign_in(account, now):
        return
    async with database.transaction() as session:
        await sign_in.fail(session, person_id, now)
    raise WrongPassword(where=FIELD)


async def by_generator(
    database: Database, person_id: int, typed: str, key: bytes, now: datetime
) -> None:
    """Go on only with a code of the account's present generator, which is used up.

    Raises:
        CodeRefused: it is not, or the account is locked.
    """
    try:
        await sign_in.code(database, person_id, typed, "sign-in", key, now)
    except CodeRefused as refusal:
        raise CodeRefused(where=FIELD) from refusal
