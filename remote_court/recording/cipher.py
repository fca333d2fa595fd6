"""Segments and names under a part's data key: AES-256-GCM, each nonce once.

A nonce is the number of the file and that of the segment in it; a part's key is its own, so no
pair of key and nonce comes twice. What a segment is (part, file, number) is authenticated too.
"""

from __future__ import annotations

import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from remote_court.recording.refusals import RecordingBroken

NAMES = 0xFFFFFFFF
"""The file number under which the manifest's own secrets are numbered."""


class Cipher:
    """Seals and opens what belongs to one part."""

    def __init__(self, key: bytes, part: str) -> None:
        self._aead = AESGCM(key)
        self._part = part

    def seal(self, file: int, number: int, data: bytes) -> bytes:
        """Encrypt one segment; never call it twice for one number."""
        return self._aead.encrypt(nonce(file, number), data, self._about(file, number))

    def open(self, file: int, number: int, data: bytes) -> bytes:
        """Decrypt one segment; raises RecordingBroken where it is not what was sealed."""
        try:
            return self._aead.decrypt(nonce(file, number), data, self._about(file, number))
        except InvalidTag as error:
            raise RecordingBroken(f"{file}.{number}") from error

    def _about(self, file: int, number: int) -> bytes:
        return f"{self._part}/{file}/{number}".encode()


def nonce(file: int, number: int) -> bytes:
    """Twelve bytes, unlike for any other segment of the part."""
    return struct.pack(">IQ", file, number)
