"""The file that is given out: the frozen document with every signature so far."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.hearings.minutes.access import look
from remote_court.hearings.minutes.envelope import assemble
from remote_court.hearings.minutes.models import Minutes, MinutesSigner
from remote_court.hearings.minutes.record import names_of
from remote_court.hearings.minutes.refusals import NotFrozen
from remote_court.hearings.minutes.signer_keys import CourtKeys
from remote_court.hearings.minutes.statement import instant
from remote_court.people import Actor


async def file_of(session: AsyncSession, actor: Actor, hearing_id: int, keys: CourtKeys) -> bytes:
    """The one file that carries all.

    Raises:
        NotFound, Forbidden, NotFrozen: as ``look``.
    """
    opened = await look(session, actor, hearing_id)
    if not opened.is_frozen:
        raise NotFrozen
    document = await session.scalar(
        select(Minutes.document).where(Minutes.hearing_id == hearing_id)
    )
    assert document is not None
    names = await names_of(session, {one.person_id for one in opened.signers})
    entries = [entry_of(one, names[one.person_id]) for one in opened.signers]
    return assemble(document, str(hearing_id), entries, keys.seal)


def entry_of(signer: MinutesSigner, name: str) -> dict[str, Any]:
    """A signer as the file tells of them."""
    entry: dict[str, Any] = {
        "person": str(signer.person_id),
        "name": name,
        "part": signer.part.value,
        "role": signer.role,
        "method": signer.method.value,
        "state": "awaited",
    }
    if signer.refused_at is not None:
        at = instant(signer.refused_at)
        entry |= {"state": "refused", "at": at, "by": str(signer.by_id), "reason": signer.reason}
    if signer.signed_at is not None:
        entry |= {
            "state": "signed",
            "at": instant(signer.signed_at),
            "by": str(signer.by_id),
            "key": signer.key,
            "signature": signer.signature,
        }
    if signer.fingerprint is not None:
        entry["fingerprint_png"] = signer.fingerprint.hex()
    return entry
