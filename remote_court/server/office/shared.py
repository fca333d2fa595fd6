"""What the office's pages share: who may come in, the office's name, the tabs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.errors import NotFound
from remote_court.people import Actor, Role
from remote_court.places.queries import office_line
from remote_court.server.fields import Fields
from remote_court.server.guards import needs
from remote_court.server.listing import Id
from remote_court.text import ascii_digits
from remote_court.visits.door import DESK

Value = TypeVar("Value")
ISO = re.compile(r"(19|20)\d\d-\d\d-\d\d")


async def at_desk(office_id: Id, actor: Annotated[Actor, Depends(needs(*DESK))]) -> Actor:
    """A clerk or the manager of this office.

    Raises:
        NotFound: of another one.
    """
    actor.need_at(office_id, *DESK)
    return actor


async def at_office(
    office_id: Id, actor: Annotated[Actor, Depends(needs(Role.OFFICE_MANAGER))]
) -> Actor:
    """The manager of this office.

    Raises:
        NotFound: of another one.
    """
    actor.need_at(office_id, Role.OFFICE_MANAGER)
    return actor


AtDesk = Annotated[Actor, Depends(at_desk)]
AtOffice = Annotated[Actor, Depends(at_office)]


async def around(session: AsyncSession, office_id: int) -> dict[str, Any]:
    """What stands around every page of an office.

    Raises:
        NotFound: there is no such office.
    """
    office = await office_line(session, office_id)
    if office is None:
        raise NotFound
    return {"office": office}


def maybe(form: Fields, name: str, reader: Callable[[str], Value]) -> Value | None:
    """What a field holds that may be left empty; an error is noted when it cannot be read."""
    return form.read(name, reader) if form.text(name) else None


def read_day(text: str) -> date:
    """Read a day as an address (``2026-11-24``) or a person (``1405/09/03``) writes it.

    Raises:
        BadDate: it is neither.
    """
    written = ascii_digits(text).strip()
    if ISO.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError as error:
            raise jalali.BadDate from error
    return jalali.read(text)


def day_or_today(text: str | None, now: datetime) -> date:
    """The day an address names, or today."""
    return read_day(text) if text else local(now).date()
