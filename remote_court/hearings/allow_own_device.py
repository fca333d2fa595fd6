"""A judge allows somebody to attend from a device of their own, and takes it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import Conflict
from remote_court.hearings.enter_party import PARTY, InPrison, StillListed, held, sittings_ahead
from remote_court.hearings.entering import party_of
from remote_court.hearings.models import CaseParty
from remote_court.hearings.roles import Site
from remote_court.people import Actor, Role
from remote_court.people.inmates import Inmate


class AllowedAlready(Conflict):
    """A judge has allowed this already."""


class NotAllowed(Conflict):
    """There is no such permission to take back."""


async def allow_own_device(
    session: AsyncSession, actor: Actor, party_id: int, *, now: datetime
) -> CaseParty:
    """Order, as a judge of the branch, that somebody may attend from their own device.

    Raises:
        NotFound: no such party in one's own branch.
        InPrison: a prisoner attends from the prison.
        AllowedAlready: it is so already.
    """
    stand, case, party = await party_of(session, actor, party_id, Role.JUDGE)
    status = await session.scalar(select(Inmate.status).where(Inmate.person_id == party.person_id))
    if held(status):
        raise InPrison(where="site")
    if party.own_device_by is not None:
        raise AllowedAlready
    party.own_device_by, party.own_device_at = actor.person_id, now
    await session.flush()
    act = stand.act("own_device.allowed", (PARTY, party.id), case=case.id)
    await audit.record(session, now, act)
    return party


async def revoke_own_device(
    session: AsyncSession, actor: Actor, party_id: int, *, now: datetime
) -> CaseParty:
    """Take the permission back.

    Raises:
        NotFound: no such party in one's own branch.
        NotAllowed: there is none.
        StillListed: they are to attend a sitting from their device.
    """
    stand, case, party = await party_of(session, actor, party_id, Role.JUDGE)
    if party.own_device_by is None:
        raise NotAllowed
    if await sittings_ahead(session, party_id, Site.OWN_DEVICE):
        raise StillListed
    party.own_device_by = party.own_device_at = None
    if party.site is Site.OWN_DEVICE:
        party.site = Site.OFFICE
    await session.flush()
    act = stand.act("own_device.revoked", (PARTY, party.id), case=case.id)
    await audit.record(session, now, act)
    return party
