"""The keys of recordings: one wraps data keys, one signs manifests, and its public half proves.

Both secrets are 32 random bytes, written as 64 hexadecimal digits.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from remote_court.recording.refusals import KeyUnusable, RecordingBroken

LENGTH = 32
NONCE = 12


def new_secret() -> str:
    """A new secret key, as a setting or a secret file holds it."""
    return secrets.token_hex(LENGTH)


def parse(text: str, where: str) -> bytes:
    """The bytes of a secret key; ``where`` names it in the error.

    Raises:
        KeyUnusable: it is no such key.
    """
    try:
        key = bytes.fromhex(text.strip())
    except ValueError as error:
        raise KeyUnusable(where) from error
    if len(key) != LENGTH:
        raise KeyUnusable(where)
    return key


@dataclass(frozen=True, slots=True)
class MasterKey:
    """Wraps the data key of each part; without it no recording can be seen."""

    _key: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """From its hexadecimal form; raises KeyUnusable."""
        return cls(parse(text, "recording_master_key"))

    @property
    def name(self) -> str:
        """Tells keys apart; says nothing about the key."""
        return hashlib.sha256(b"remote-court master" + self._key).hexdigest()[:16]

    def wrap(self, data_key: bytes, about: str) -> str:
        """A data key as a manifest may show it, bound to the part ``about``."""
        nonce = secrets.token_bytes(NONCE)
        return (nonce + AESGCM(self._key).encrypt(nonce, data_key, about.encode())).hex()

    def unwrap(self, wrapped: str, about: str) -> bytes:
        """The data key; raises RecordingBroken where it was wrapped by another key."""
        try:
            data = bytes.fromhex(wrapped)
            return AESGCM(self._key).decrypt(data[:NONCE], data[NONCE:], about.encode())
        except (InvalidTag, ValueError) as error:
            raise RecordingBroken("master key") from error


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Signs (Ed25519)."""

    _key: Ed25519PrivateKey

    @classmethod
    def read(cls, text: str) -> Self:
        """From its hexadecimal form; raises KeyUnusable."""
        return cls(Ed25519PrivateKey.from_private_bytes(parse(text, "recording_signing_key")))

    @classmethod
    def of_raw(cls, raw: bytes) -> Self:
        """From its 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    @property
    def public(self) -> PublicKey:
        """What proves its signatures."""
        return PublicKey(self._key.public_key())

    def sign(self, data: bytes) -> str:
        """A signature in hexadecimal digits."""
        return self._key.sign(data).hex()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Proves signatures; may be given to anybody."""

    _key: Ed25519PublicKey

    @classmethod
    def read(cls, pem: bytes) -> Self:
        """From a PEM file; raises KeyUnusable."""
        try:
            key = load_pem_public_key(pem)
        except ValueError as error:
            raise KeyUnusable("public key") from error
        if not isinstance(key, Ed25519PublicKey):
            raise KeyUnusable("public key")
        return cls(key)

    @classmethod
    def of_raw(cls, raw: bytes) -> Self:
        """From its 32 bytes; raises KeyUnusable."""
        try:
            return cls(Ed25519PublicKey.from_public_bytes(raw))
        except ValueError as error:
            raise KeyUnusable("public key") from error

    @property
    def raw(self) -> bytes:
        """The key's 32 bytes."""
        return self._key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def name(self) -> str:
        """Tells keys apart."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def pem(self) -> bytes:
        """The key as a file."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def proves(self, signature: str, data: bytes) -> bool:
        """Whether this key's owner signed these bytes."""
        try:
            self._key.verify(bytes.fromhex(signature), data)
        except (InvalidSignature, ValueError):
            return False
        return True
