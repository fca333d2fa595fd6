"""The one word the court says to video: who, which call, as what, until when.

A ticket is two base64url parts, ``claims.signature``; the signature is HMAC-SHA256 over the
first. It travels in the first WebSocket message or an ``Authorization`` header, never in a URL.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from remote_court.errors import Refusal

ENTRY = timedelta(minutes=5)
"""How long a ticket for first entry lives."""

LONGEST = 2048
"""Characters; anything longer was not minted here and is not worth a signature check."""


class Purpose(StrEnum):
    """What a token is good for: a first entry, or coming back after a lost line."""

    JOIN = "join"
    RESUME = "resume"


class TicketForged(Refusal):
    """This ticket was not issued by the court, or it was changed on its way."""


class TicketExpired(Refusal):
    """This ticket is no longer valid; ask for a new one."""


class TicketMisdirected(Refusal):
    """This ticket is for another media server."""


class TicketMisused(Refusal):
    """This ticket is not good for what was asked."""


class TicketRevoked(Refusal):
    """This ticket was withdrawn by the court."""


def new_serial() -> str:
    """A serial nobody can guess, by which a ticket is used up."""
    return secrets.token_urlsafe(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Who may enter which call, as what, where, and until when.

    ``audience`` names the media worker; ``label`` is shown under the picture (a place or a
    relation). Instants are kept to the second.
    """

    session_id: str
    person_id: str
    role: str
    name: str
    label: str
    audience: str
    purpose: Purpose
    issued_at: datetime
    expires_at: datetime
    entry: str = ""
    """The court's own number of the admission behind it; all tokens of one entry share it."""
    serial: str = field(default_factory=new_serial)

    @classmethod
    def for_entry(
        cls,
        *,
        session_id: str,
        person_id: str,
        role: str,
        name: str,
        label: str,
        audience: str,
        now: datetime,
        entry: str = "",
    ) -> Ticket:
        """A ticket for first entry, good for five minutes from now."""
        return cls(
            session_id=session_id,
            person_id=person_id,
            role=role,
            name=name,
            label=label,
            audience=audience,
            purpose=Purpose.JOIN,
            issued_at=now,
            expires_at=now + ENTRY,
            entry=entry,
        )

    def to_resume(self, now: datetime, until: datetime) -> Ticket:
        """The token this ticket's bearer gets at entry: the same person, the same call."""
        return Ticket(
            session_id=self.session_id,
            person_id=self.person_id,
            role=self.role,
            name=self.name,
            label=self.label,
            audience=self.audience,
            purpose=Purpose.RESUME,
            issued_at=now,
            expires_at=until,
            entry=self.entry,
        )


def mint(ticket: Ticket, key: bytes) -> str:
    """Write a ticket down, signed."""
    claims = {
        "sid": ticket.session_id,
        "sub": ticket.person_id,
        "role": ticket.role,
        "name": ticket.name,
        "label": ticket.label,
        "aud": ticket.audience,
        "use": ticket.purpose.value,
        "iat": int(ticket.issued_at.timestamp()),
        "exp": int(ticket.expires_at.timestamp()),
        "ent": ticket.entry,
        "jti": ticket.serial,
    }
    body = encode(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{body}.{encode(signature(body, key))}"


def verify(
    token: str,
    key: bytes,
    *,
    now: datetime,
    purpose: Purpose,
    audience: str | None = None,
) -> Ticket:
    """Read a ticket somebody shows us.

    ``audience`` is the worker that asks, None where the app trades a resume token for a new
    ticket. Whether its entry was withdrawn is asked by whoever lets its bearer in.

    Raises:
        TicketForged: not ours, or damaged.
        TicketExpired: too late.
        TicketMisdirected: minted for another worker.
        TicketMisused: a resume token shown as a ticket, or the other way round.
    """
    ticket = read(token, key)
    if now >= ticket.expires_at:
        raise TicketExpired
    if audience is not None and ticket.audience != audience:
        raise TicketMisdirected
    if ticket.purpose is not purpose:
        raise TicketMisused
    return ticket


def read(token: str, key: bytes) -> Ticket:
    """Check the signature and nothing else.

    Raises:
        TicketForged: not ours, or damaged.
    """
    body, _, signed = token.partition(".")
    if len(token) > LONGEST or not token.isascii():
        raise TicketForged
    try:
        if not hmac.compare_digest(decode(signed), signature(body, key)):
            raise TicketForged
        claims = json.loads(decode(body))
    except (binascii.Error, ValueError) as error:
        raise TicketForged from error
    return Ticket(
        session_id=claims["sid"],
        person_id=claims["sub"],
        role=claims["role"],
        name=claims["name"],
        label=claims["label"],
        audience=claims["aud"],
        purpose=Purpose(claims["use"]),
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        entry=claims["ent"],
        serial=claims["jti"],
    )


def signature(body: str, key: bytes) -> bytes:
    """HMAC-SHA256; the prefix keeps the key's other uses apart."""
    return hmac.digest(key, b"remote-court ticket 1\0" + body.encode(), hashlib.sha256)


def encode(data: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The reverse of ``encode``; raises binascii.Error on anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
