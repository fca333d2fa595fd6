"""The key of each signer: made on first use, kept wrapped by the master key of the settings."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.hearings.minutes.models import SignerKey
from remote_court.hearings.minutes.refusals import KeysNotSet
from remote_court.recording.keys import LENGTH, MasterKey, SigningKey


@dataclass(frozen=True, slots=True)
class CourtKeys:
    """The court's two secrets: one wraps the keys of signers, one seals files."""

    master: MasterKey
    seal: SigningKey

    @classmethod
    def read(cls, texts: tuple[str, str] | None) -> Self:
        """From the settings.

        Raises:
            KeysNotSet: they hold none.
        """
        if texts is None:
            raise KeysNotSet
        return cls(MasterKey.read(texts[0]), SigningKey.read(texts[1]))


async def key_of(
    session: AsyncSession, person_id: int, master: MasterKey, now: datetime
) -> SigningKey:
    """Somebody's key, made now if they have none.

    Raises:
        KeysNotSet: theirs is wrapped by a master key that the settings do not hold.
    """
    raw = secrets.token_bytes(LENGTH)
    fresh = {
        "person_id": person_id,
        "public": SigningKey.of_raw(raw).public.raw,
        "wrapped": master.wrap(raw, about(person_id)),
        "master": master.name,
        "made_at": now,
    }
    await session.execute(insert(SignerKey).values(fresh).on_conflict_do_nothing())
    kept = await session.get_one(SignerKey, person_id)
    if kept.master != master.name:
        raise KeysNotSet
    return SigningKey.of_raw(master.unwrap(kept.wrapped, about(person_id)))


def about(person_id: int) -> str:
    """What a wrapped key is bound to."""
    return f"signer {person_id}"


async def public_keys(session: AsyncSession) -> Mapping[str, bytes]:
    """Every signer's public key, by the number of the person."""
    query = select(SignerKey.person_id, SignerKey.public).order_by(SignerKey.person_id)
    return {str(person_id): public for person_id, public in await session.execute(query)}
