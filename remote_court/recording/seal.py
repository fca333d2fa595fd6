"""The last word on a part: its manifest's head, signed. Whoever finds a part open signs it too."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from remote_court.recording import manifest
from remote_court.recording.keys import PublicKey, SigningKey

MANIFEST, SIGNATURE = "manifest.jsonl", "manifest.sig"


@dataclass(frozen=True, slots=True)
class Signed:
    """What ``manifest.sig`` says."""

    head: str
    lines: int
    length: int
    key: str
    signature: str

    @property
    def said(self) -> bytes:
        """The bytes that are signed."""
        return f"{manifest.FORMAT}\n{self.lines}\n{self.length}\n{self.head}\n".encode()

    def proved_by(self, key: PublicKey) -> bool:
        """Whether this key signed this."""
        return key.proves(self.signature, self.said)


def sign(folder: Path, chain: manifest.Chain, key: SigningKey) -> None:
    """Write the signature of a manifest that is complete and on disk."""
    signed = Signed(chain.head, chain.lines, chain.length, key.public.name, "")
    facts = {
        "format": manifest.FORMAT,
        "head": signed.head,
        "lines": signed.lines,
        "length": signed.length,
        "key": signed.key,
        "signature": key.sign(signed.said),
    }
    draft = folder / (SIGNATURE + ".new")
    with draft.open("w") as file:
        json.dump(facts, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / SIGNATURE)
    settle(folder)


def signed(folder: Path) -> Signed | None:
    """The signature of a part; none where it has none that can be read."""
    try:
        facts = json.loads((folder / SIGNATURE).read_text())
        return Signed(
            str(facts["head"]),
            int(facts["lines"]),
            int(facts["length"]),
            str(facts["key"]),
            str(facts["signature"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def settle(folder: Path) -> None:
    """Make the names in a folder as durable as what they name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def seal_abandoned(folder: Path, key: SigningKey, now: datetime) -> bool:
    """Sign a part whose writer is gone, and write down that it was cut off.

    A writer holds a lock on its manifest for as long as it lives, kill -9 included; a torn last
    line is taken off, for it never said anything. Returns whether there was something to do.
    """
    if (folder / SIGNATURE).exists():
        return False
    try:
        file = (folder / MANIFEST).open("r+b")
    except FileNotFoundError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        found = manifest.read(file.read())
        if found.broken_at is not None or not found.header:
            return False
        file.truncate(found.chain.length)
        file.seek(found.chain.length)
        if found.lines[-1]["type"] != "end":
            file.write(found.chain.add("end", at=now.isoformat(), cut_off=True))
        file.flush()
        os.fsync(file.fileno())
        sign(folder, found.chain, key)
    return True
