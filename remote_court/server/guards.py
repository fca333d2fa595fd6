"""Who may come in here. Every route asks one of these, or says that it is public."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import HTTPConnection

from remote_court.people.actor import Actor
from remote_court.people.grants import Role
from remote_court.people.refusals import NotSignedIn, PasswordChangeNeeded, SecondFactorNeeded

Guard = TypeVar("Guard", bound=Callable[..., object])
MARK = "_remote_court_guard"


def guard(function: Guard) -> Guard:
    """Mark a dependency as one that asks for a right, for the test that lists the others."""
    setattr(function, MARK, True)
    return function


def is_guard(function: object) -> bool:
    """Whether a dependency asks for a right, or says that none is needed."""
    return getattr(function, MARK, False) is True


@guard
async def public() -> None:
    """Open to everybody, on purpose: ``dependencies=[Depends(public)]``."""


@guard
async def somebody(connection: HTTPConnection) -> Actor | None:
    """Open to everybody; who is signed in is told."""
    return getattr(connection.state, "user", None)


@guard
async def signed_anyhow(connection: HTTPConnection) -> Actor:
    """Who is signed in, even if they must first choose a password.

    Raises:
        NotSignedIn: nobody; a page leads to sign-in and back.
    """
    actor = await somebody(connection)
    if actor is None:
        raise NotSignedIn
    return actor


@guard
async def signed(connection: HTTPConnection) -> Actor:
    """Who is signed in and ready to act.

    Raises:
        NotSignedIn: nobody.
        PasswordChangeNeeded: a temporary password must be replaced first.
        SecondFactorNeeded: staff must set up their code generator first.
    """
    actor = await signed_anyhow(connection)
    if actor.must_change_password:
        raise PasswordChangeNeeded
    if actor.must_enrol:
        raise SecondFactorNeeded
    return actor


def needs(*roles: Role) -> Callable[[HTTPConnection], Awaitable[Actor]]:
    """A dependency: who is signed in and holds one of these roles somewhere.

    ``actor: Annotated[Actor, Depends(needs(Role.OFFICE_CLERK))]``. Where the role must hold at a
    place, the use case asks ``actor.need_at`` besides.
    """

    @guard
    async def holder(connection: HTTPConnection) -> Actor:
        actor = await signed(connection)
        actor.need(*roles)
        return actor

    return holder


Signed = Annotated[Actor, Depends(signed)]
SignedAnyhow = Annotated[Actor, Depends(signed_anyhow)]
Somebody = Annotated[Actor | None, Depends(somebody)]
