"""Change what an office tells about itself: its names, address and telephone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import phonenumbers
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import Invalid, NotFound
from remote_court.places.keeper import Keeper, act, need_manager
from remote_court.places.offices import Office, search_key

COUNTRY = "IR"


class EmptyName(Invalid):
    """A name is needed in Persian and in English."""


@dataclass(frozen=True, slots=True)
class OfficeDetails:
    """What the manager may change; code, province and place on the map belong to HQ."""

    name_fa: str
    name_en: str
    address_fa: str
    address_en: str
    phone: str

    def __post_init__(self) -> None:
        for where in ("name_fa", "name_en"):
            if not getattr(self, where).strip():
                raise EmptyName(where=where)
        try:
            phonenumbers.parse(self.phone, COUNTRY)  # the slip shows it as it is dialled
        except phonenumbers.NumberParseException as error:
            raise Invalid(where="phone") from error


async def edit_office(
    session: AsyncSession, keeper: Keeper, office_id: int, details: OfficeDetails, now: datetime
) -> Office:
    """Write the new details; the record keeps which fields changed."""
    need_manager(keeper, office_id)
    office = await session.get(Office, office_id, with_for_update=True)
    if office is None:
        raise NotFound
    changed = [name for name, value in asdict(details).items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, getattr(details, name).strip())
    office.search_key = search_key(vars(office))
    if changed:
        done = act(keeper, office_id, "office.edited", ("office", office_id), fields=changed)
        await audit.record(session, now, done)
    await session.flush()
    return office
