"""Open an account for a member of staff, whose documents headquarters have seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.errors import Forbidden, NotFound
from remote_court.people import queries, rights, sessions
from remote_court.people.account_letters import account_letter
from remote_court.people.accounts import AccountStatus, SanaAccount
from remote_court.people.actor import Actor
from remote_court.people.grant import GRANTERS, grantable
from remote_court.people.grants import STAFF
from remote_court.people.persons import Person
from remote_court.people.refusals import AlreadyRegistered, NotForYourself
from remote_court.people.register import Registration, as_person
from remote_court.people.set_password import give_temporary


async def open_staff_account(
    session: AsyncSession, actor: Actor, registration: Registration, now: datetime
) -> tuple[Person, str]:
    """Open an active account and return the person and a temporary password, to be told once.

    Raises:
        Forbidden: the actor is neither of headquarters nor the operator, or the person holds a
            higher role: who learns the temporary password could become it.
        AlreadyRegistered: there is an account in use or suspended; give it a role, or restore it.
    """
    actor.need(*GRANTERS)
    person = await queries.person_by(session, registration.who)
    if person is None:
        person = as_person(registration)
        session.add(person)
        await session.flush()
    account = await queries.account(session, person.id, lock=True)
    if account is not None and account.status is not AccountStatus.PENDING:
        raise AlreadyRegistered
    held = {given.role for given in await queries.grants(session, person.id)}
    if not held & STAFF <= grantable(actor):
        raise Forbidden
    if account is None:
        account = SanaAccount(person_id=person.id, failures=0, opened_at=now)
        session.add(account)
    account.status, account.activated_at = AccountStatus.ACTIVE, now
    account.password_hash, account.must_change_password = None, True
    person.mobile = registration.mobile.value
    await session.flush()
    plain = await give_temporary(session, account, now, actor)
    role = actor.role_at(None, *GRANTERS)
    act = Act("account.staff_opened", "person", person.id, actor_id=actor.person_id, role=role)
    await record(session, now, act)
    return person, plain


async def suspend(session: AsyncSession, actor: Actor, person_id: int, now: datetime) -> None:
    """Close an account to sign-in, end every session of it, and put it out of running calls.

    Raises:
        Forbidden: the actor is neither of headquarters nor the operator.
        NotFound: no account.
    """
    await _turn(session, actor, person_id, AccountStatus.SUSPENDED, now)
    await sessions.close_all(session, person_id)
    await rights.shrank(session, person_id, actor.person_id, now)


async def restore(session: AsyncSession, actor: Actor, person_id: int, now: datetime) -> None:
    """Open a suspended account again."""
    await _turn(session, actor, person_id, AccountStatus.ACTIVE, now)


async def renew_password(session: AsyncSession, actor: Actor, person_id: int, now: datetime) -> str:
    """Give staff who lost password and generator a temporary password, after seeing them."""
    account = await _other(session, actor, person_id)
    account.totp_secret = account.totp_step = None
    account.failures, account.locked_until = 0, None
    await outbox.put(session, account_letter(person_id, "password_given", now))
    return await give_temporary(session, account, now, actor)


async def _turn(
    session: AsyncSession, actor: Actor, person_id: int, status: AccountStatus, now: datetime
) -> None:
    account = await _other(session, actor, person_id)
    account.move_to(status)
    act = f"account.{status.value}"
    role = actor.role_at(None, *GRANTERS)
    await record(session, now, Act(act, "person", person_id, actor_id=actor.person_id, role=role))
    await session.flush()


async def _other(session: AsyncSession, actor: Actor, person_id: int) -> SanaAccount:
    # Who could renew the password of a higher role could become it.
    actor.need(*GRANTERS)
    if person_id == actor.person_id:
        raise NotForYourself
    account = await queries.account(session, person_id, lock=True)
    if account is None:
        raise NotFound
    held = {given.role for given in await queries.grants(session, person_id)}
    if not held & STAFF or not held <= grantable(actor):
        raise Forbidden
    return account
