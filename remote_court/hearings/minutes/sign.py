"""Minutes are signed, or a signature is refused; each in the order of the parts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.cast import Cast
from remote_court.hearings.minutes.access import Opened, locked, look, signers_of
from remote_court.hearings.minutes.draft import write
from remote_court.hearings.minutes.models import Minutes, MinutesSigner
from remote_court.hearings.minutes.order import Method, turn
from remote_court.hearings.minutes.refusals import (
    FingerprintUnusable,
    NotFrozen,
    NotTheirTurn,
    SignedAlready,
    WhyRefused,
)
from remote_court.hearings.minutes.signer_keys import CourtKeys, key_of
from remote_court.hearings.minutes.statement import Statement, instant
from remote_court.people import Actor, Role

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody whose turn it is, and the frozen minutes, locked."""

    opened: Opened
    minutes: Minutes
    signer: MinutesSigner

    @property
    def sha256(self) -> str:
        """Of what is signed."""
        assert self.minutes.sha256 is not None
        return self.minutes.sha256


def acts_for(opened: Opened, signer: MinutesSigner, actor: Actor) -> bool:
    """Whether somebody may give this signature: who signs, the prison, or the clerk who read."""
    match signer.method:
        case Method.OWN:
            return signer.person_id == actor.person_id
        case Method.FINGERPRINT:
            return actor.holds_at(signer.place_id, Role.PRISON_OFFICER)
        case Method.READ_ALOUD:
            return opened.cast is Cast.CLERK


def may_note_refusal(opened: Opened, signer: MinutesSigner, actor: Actor) -> bool:
    """Whether somebody may write down that this signature is refused: they, or the clerk."""
    return opened.cast is Cast.CLERK or acts_for(opened, signer, actor)


async def its_turn(session: AsyncSession, actor: Actor, hearing_id: int, person_id: int) -> Turn:
    """Go on only where it is a person's turn; the minutes are locked.

    Raises:
        NotFound, Forbidden, NotFrozen: as ``look``; the person does not sign.
        SignedAlready, NotTheirTurn: as their names say.
    """
    minutes = await locked(session, hearing_id)
    opened = await look(session, actor, hearing_id)
    if minutes is None or not opened.is_frozen:
        raise NotFrozen
    signer = next((one for one in opened.signers if one.person_id == person_id), None)
    if signer is None:
        raise NotFound
    if signer.is_done:
        raise SignedAlready
    if turn(opened.signers) is not signer.part:
        raise NotTheirTurn
    return Turn(opened, minutes, signer)


async def may_sign(session: AsyncSession, actor: Actor, hearing_id: int, person_id: int) -> Turn:
    """Go on only where the actor may give a person's signature now.

    Raises:
        Forbidden: it is not the actor's to give.
        NotFound, NotFrozen, SignedAlready, NotTheirTurn: as ``its_turn``.
    """
    found = await its_turn(session, actor, hearing_id, person_id)
    if not acts_for(found.opened, found.signer, actor):
        raise Forbidden
    return found


async def sign(
    session: AsyncSession,
    actor: Actor,
    hearing_id: int,
    person_id: int,
    keys: CourtKeys,
    now: datetime,
    fingerprint: bytes | None = None,
) -> MinutesSigner:
    """Sign with the key of whoever gives the signature; their code was asked for before.

    Raises:
        FingerprintUnusable: the way of signing is a fingerprint, and there is none.
        KeysNotSet: the court's keys cannot open the signer's.
        Forbidden, NotFound, NotFrozen, SignedAlready, NotTheirTurn: as ``may_sign``.
    """
    found = await may_sign(session, actor, hearing_id, person_id)
    signer = found.signer
    if signer.method is not Method.FINGERPRINT:
        fingerprint = None
    elif fingerprint is None:
        raise FingerprintUnusable(where="fingerprint")
    key = await key_of(session, actor.person_id, keys.master, now)
    said = statement(signer, found.sha256, actor.person_id, now, fingerprint).said
    signer.signed_at, signer.by_id, signer.fingerprint = now, actor.person_id, fingerprint
    signer.key, signer.signature = key.public.name, key.sign(said)
    await done(session, found, actor, "signed", now)
    return signer


def statement(
    signer: MinutesSigner, sha256: str, by: int, at: datetime, fingerprint: bytes | None
) -> Statement:
    """What is signed."""
    return Statement(
        sha256=sha256,
        hearing=str(signer.hearing_id),
        person=str(signer.person_id),
        part=signer.part,
        role=signer.role,
        method=signer.method,
        by=str(by),
        at=instant(at),
        fingerprint=hashlib.sha256(fingerprint).hexdigest() if fingerprint else "",
    )


async def refuse(
    session: AsyncSession,
    actor: Actor,
    hearing_id: int,
    person_id: int,
    reason: str,
    now: datetime,
) -> MinutesSigner:
    """Write down that somebody does not sign, and why; signing goes on without them.

    Raises:
        WhyRefused: no reason is given.
        Forbidden: it is not the actor's to write.
        NotFound, NotFrozen, SignedAlready, NotTheirTurn: as ``its_turn``.
    """
    found = await its_turn(session, actor, hearing_id, person_id)
    if not may_note_refusal(found.opened, found.signer, actor):
        raise Forbidden
    if not reason.strip():
        raise WhyRefused(where="reason")
    signer = found.signer
    signer.refused_at, signer.by_id = now, actor.person_id
    signer.reason = reason.strip()[:LONGEST_REASON]
    await done(session, found, actor, "refused", now)
    return signer


async def done(session: AsyncSession, found: Turn, actor: Actor, verb: str, now: datetime) -> None:
    """Write the act down, and that all are done when they are."""
    await session.flush()
    signer = found.signer
    detail = {"person": signer.person_id, "part": signer.part, "method": signer.method}
    await write(session, found.opened, actor, verb, now, sha256=found.sha256, **detail)
    if turn(await signers_of(session, signer.hearing_id)) is None:
        found.minutes.completed_at = now
        await write(session, found.opened, actor, "completed", now, sha256=found.sha256)
