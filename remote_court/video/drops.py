"""Datagrams that went no further, by why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

REPLAYED = frozenset({9, 10})
"""What libsrtp says of a packet it has seen, and of one too old to know (srtp.h)."""


@dataclass(slots=True)
class Drops:
    """Plain numbers, so that whoever drops something adds one and is done.

    Attributes:
        malformed: no packet of any protocol that we speak, or one that lies about its length.
        too_long: longer than anything that WebRTC sends.
        unknown_address: media or a handshake from where nobody proved to be.
        not_connected: media of a client whose handshake is not done.
        bad_check: a STUN message that is no check of ours, or does not prove itself.
        queue_full: a handshake that comes faster than it is dealt with.
        unauthentic: no key of this client sealed it.
        replayed: it came before, or is too old to tell.
        unknown_ssrc: nobody announced the stream it belongs to.
        unknown_payload: a payload type that was not agreed on.
        too_many_ssrcs: control packets under more names than a client needs.
        not_permitted: packets for somebody who may not have them (one for each receiver).
        seal_failed: packets that libsrtp would not seal.
        send_failed: packets that the system would not send.
    """

    malformed: int = 0
    too_long: int = 0
    unknown_address: int = 0
    not_connected: int = 0
    bad_check: int = 0
    queue_full: int = 0
    unauthentic: int = 0
    replayed: int = 0
    unknown_ssrc: int = 0
    unknown_payload: int = 0
    too_many_ssrcs: int = 0
    not_permitted: int = 0
    seal_failed: int = 0
    send_failed: int = 0

    def refuse(self, status: int) -> None:
        """Count a packet that libsrtp would not open, by its status."""
        if status in REPLAYED:
            self.replayed += 1
        else:
            self.unauthentic += 1

    def add(self, other: Drops) -> None:
        """Count what another one counted, too."""
        for reason, count in other:
            setattr(self, reason, getattr(self, reason) + count)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(count for _, count in self)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Each reason with its number."""
        return ((each.name, getattr(self, each.name)) for each in fields(self))
