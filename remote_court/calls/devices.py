"""Devices of rooms and booths: paired once by a code, known by a credential, withdrawn at will."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls import queries, withdraw
from remote_court.calls.kinds import KINDS, PairedDevice
from remote_court.calls.models import Device, PairingCode
from remote_court.calls.refusals import DeviceUnknown, PairingRefused
from remote_court.errors import Invalid, NotFound
from remote_court.identifiers import CROCKFORD, compact
from remote_court.people import Actor, Role
from remote_court.people.tokens import hashed, mint
from remote_court.places import Unit, UnitKind
from remote_court.scheduling.models import Session

CODE_LIFE = timedelta(minutes=15)
CODE_LENGTH = 8
LONGEST_LABEL = 60
SEEN_EVERY = timedelta(minutes=1)
KEEPER = {UnitKind.ROOM: Role.OFFICE_MANAGER, UnitKind.BOOTH: Role.PRISON_OFFICER}
"""Who pairs and withdraws the devices of a room or a booth."""


async def unit_kept_by(session: AsyncSession, actor: Actor, unit_id: int) -> Unit:
    """The unit, if this actor keeps its devices.

    Raises:
        NotFound: no such unit, or it is in another's place.
        Forbidden: the actor keeps no devices of this kind.
    """
    unit = await queries.unit(session, unit_id)
    if unit is None:
        raise NotFound
    actor.need_at(unit.pool_id, KEEPER[unit.kind])
    return unit


async def make_code(session: AsyncSession, actor: Actor, unit_id: int, now: datetime) -> str:
    """Make a code that pairs one device with a unit within a quarter of an hour; shown once.

    Raises:
        NotFound, Forbidden: the actor does not keep this unit.
    """
    unit = await unit_kept_by(session, actor, unit_id)
    code = "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))
    session.add(
        PairingCode(
            code_hash=hashed(code),
            unit_id=unit.id,
            made_by=actor.person_id,
            expires_at=now + CODE_LIFE,
            used_at=None,
        )
    )
    await record(session, now, "device.code_made", unit, actor.person_id)
    return code


async def pair(session: AsyncSession, code: str, label: str, now: datetime) -> tuple[Device, str]:
    """Pair this device by a code; returns it and its credential, which only it ever knows.

    Raises:
        PairingRefused: the code is wrong, was used, or its time is over.
        Invalid: the label is empty or too long.
    """
    named = " ".join(label.split())
    if not 0 < len(named) <= LONGEST_LABEL:
        raise Invalid(where="label")
    used = await session.execute(
        update(PairingCode)
        .where(
            PairingCode.code_hash == hashed(typed(code)),
            PairingCode.used_at.is_(None),
            PairingCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(PairingCode.unit_id, PairingCode.made_by)
    )
    row = used.one_or_none()
    if row is None:
        raise PairingRefused
    unit = await queries.unit(session, row.unit_id)
    assert unit is not None, "the code names a unit"
    credential = mint()
    device = Device(
        unit_id=unit.id,
        credential_hash=hashed(credential),
        label=named,
        paired_by=row.made_by,
        paired_at=now,
    )
    session.add(device)
    await session.flush()
    await record(session, now, "device.paired", unit, row.made_by, device_id=device.id)
    return device, credential


def typed(code: str) -> str:
    """A pairing code as people type it: any case, dashes, O for 0, I and L for 1."""
    return compact(code).upper().translate(str.maketrans("OIL", "011"))


async def recognise(session: AsyncSession, credential: str, now: datetime) -> PairedDevice:
    """Which device shows this credential.

    Raises:
        DeviceUnknown: none, or its pairing was withdrawn.
    """
    device = await queries.device(session, hashed(credential))
    if device is None:
        raise DeviceUnknown
    if device.seen_at is None or device.seen_at < now - SEEN_EVERY:
        device.seen_at = now
    return PairedDevice(device.id, device.unit_id)


async def revoke(session: AsyncSession, actor: Actor, device_id: int, now: datetime) -> Device:
    """Withdraw a device's pairing: it obtains no ticket any more, and leaves the call it is in.

    Raises:
        NotFound: no such device, or it is another's, or it was withdrawn before.
        Forbidden: the actor keeps no devices of this kind.
    """
    device = await session.get(Device, device_id, with_for_update=True)
    if device is None or device.revoked_at is not None:
        raise NotFound
    unit = await unit_kept_by(session, actor, device.unit_id)
    device.revoked_at, device.revoked_by = now, actor.person_id
    await record(session, now, "device.revoked", unit, actor.person_id, device_id=device.id)
    await withdraw.of_device(session, device.id, actor.person_id, now)
    return device


async def next_session(
    session: AsyncSession, device: PairedDevice, now: datetime
) -> Session | None:
    """The session that is on the device's unit now, or the next there."""
    return await queries.next_on_unit(session, device.unit_id, KINDS, now)


async def record(
    session: AsyncSession, now: datetime, act: str, unit: Unit, actor_id: int, **detail: int
) -> None:
    """What the record says of a unit's devices."""
    line = Act(
        act,
        "unit",
        unit.id,
        actor_id=actor_id,
        role=KEEPER[unit.kind].value,
        place_id=unit.pool_id,
        detail=dict(detail),
    )
    await audit.record(session, now, line)
