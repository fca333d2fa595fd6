"""Whose keys a copy is proved by: the court's, and each signer's; public, and good offline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from remote_court.recording.keys import PublicKey
from remote_court.recording.refusals import KeyUnusable

FORMAT = "remote-court-minutes-trust/1"


@dataclass(frozen=True, slots=True)
class Trust:
    """The court's keys by name; signers' keys by name, each with the number of its person."""

    court: Mapping[str, PublicKey]
    signers: Mapping[str, tuple[str, PublicKey]]

    @classmethod
    def read(cls, text: str) -> Self:
        """From a file of keys.

        Raises:
            KeyUnusable: it is no such file.
        """
        try:
            facts = json.loads(text)
            if facts["format"] != FORMAT:
                raise KeyUnusable("trust")
            court = [from_hex(one) for one in facts["court"]]
            signers = [(str(one["person"]), from_hex(one["key"])) for one in facts["signers"]]
        except (ValueError, KeyError, TypeError) as error:
            raise KeyUnusable("trust") from error
        return cls({key.name: key for key in court}, {key.name: (who, key) for who, key in signers})


def from_hex(written: str) -> PublicKey:
    """A public key of 64 hexadecimal digits."""
    return PublicKey.of_raw(bytes.fromhex(written))


def write(court: PublicKey, signers: Mapping[str, bytes]) -> str:
    """A file of keys: the court's, and each signer's raw key by the number of its person."""
    facts = {
        "format": FORMAT,
        "court": [court.raw.hex()],
        "signers": [{"person": who, "key": key.hex()} for who, key in signers.items()],
    }
    return json.dumps(facts, indent=1) + "\n"
