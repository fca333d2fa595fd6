"""The last packets of a track, kept for those who lost one; pure."""

from __future__ import annotations

Packet = tuple[int, int, int, int, bytes]
"""Sequence, timestamp, marker (0 or 128), padding bit (0 or 32) and payload, decrypted.

A plain tuple: one is made for every packet that arrives.
"""

LARGEST = 0x8000


class Ring:
    """A fixed number of places, by sequence number; the newest packet of a place wins."""

    __slots__ = ("mask", "places")

    def __init__(self, size: int = 512) -> None:
        if size & (size - 1) or not 0 < size <= LARGEST:
            raise ValueError("a ring's size is a power of two, 32768 at most")
        self.mask = size - 1
        self.places: list[Packet | None] = [None] * size

    def put(self, packet: Packet) -> None:
        """Keep a packet."""
        self.places[packet[0] & self.mask] = packet

    def get(self, sequence: int) -> Packet | None:
        """The packet of this number, if it is still here."""
        packet = self.places[sequence & self.mask]
        return packet if packet is not None and packet[0] == sequence else None
