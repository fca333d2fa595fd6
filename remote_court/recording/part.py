"""A part on disk: what one process wrote of one recording. Used by one thread.

``append`` only remembers; ``commit`` makes it durable: first the media, then the lines that speak
of it, so that no line ever names what is not there.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from remote_court.recording import manifest
from remote_court.recording.cipher import NAMES, Cipher
from remote_court.recording.keys import LENGTH, MasterKey, SigningKey
from remote_court.recording.manifest import Chain, digest
from remote_court.recording.seal import MANIFEST, settle, sign

PRIVATE = 0o600


def file_name(number: int) -> str:
    """The name of a part's file."""
    return f"{number:04}.mkv.enc"


class Part:
    """An open part; ``close`` signs it."""

    def __init__(
        self, folder: Path, *, recording: str, session: str, master: MasterKey, now: datetime
    ) -> None:
        folder.mkdir(parents=True, mode=0o700)
        self.folder = folder
        self.began_at = now
        self.octets = 0
        self._key = secrets.token_bytes(LENGTH)
        self._cipher = Cipher(self._key, folder.name)
        self._chain = Chain()
        self._manifest = private(folder / MANIFEST)
        fcntl.flock(self._manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._files: dict[int, BinaryIO] = {}
        self._segments: dict[int, int] = {}
        self._dirty: set[int] = set()
        self._over: set[int] = set()
        self._lines: list[bytes] = []
        self._names = 0
        self.say(
            "part",
            format=manifest.FORMAT,
            part=folder.name,
            recording=recording,
            session=session,
            started_at=now.isoformat(),
            master_key=master.name,
            data_key=master.wrap(self._key, folder.name),
        )
        self.commit()
        settle(folder)
        settle(folder.parent)

    def say(self, type_: str, **facts: object) -> None:
        """Add a line."""
        self._lines.append(self._chain.add(type_, **facts))

    def secret(self, text: str) -> dict[str, object]:
        """A name as a line may show it: under the data key."""
        self._names += 1
        return {"n": self._names, "x": self._cipher.seal(NAMES, self._names, text.encode()).hex()}

    def open_file(self, **facts: object) -> int:
        """Begin another file; returns its number."""
        number = len(self._segments) + 1
        self._files[number] = private(self.folder / file_name(number))
        self._segments[number] = 0
        self.say("file", file=number, name=file_name(number), **facts)
        return number

    def append(self, file: int, data: bytes, *, from_ms: int, to_ms: int) -> None:
        """Add a segment to a file; times in milliseconds of the file."""
        number = self._segments[file] = self._segments[file] + 1
        sealed = self._cipher.seal(file, number, data)
        handle = self._files[file]
        offset = handle.tell()
        put(handle, sealed)
        self._dirty.add(file)
        self.octets += len(sealed)
        self.say(
            "segment",
            file=file,
            n=number,
            offset=offset,
            length=len(sealed),
            sha256=digest(sealed),
            from_ms=from_ms,
            to_ms=to_ms,
        )

    def close_file(self, file: int, **facts: object) -> None:
        """No more will come to a file; ``facts`` tell what was lost on its way."""
        self.say("closed", file=file, segments=self._segments[file], **facts)
        self._over.add(file)

    def commit(self) -> None:
        """Make everything durable; raises OSError where the disk will not have it."""
        for number in sorted(self._dirty):
            sync(self._files[number])
        self._dirty.clear()
        if self._lines:
            put(self._manifest, b"".join(self._lines))
            sync(self._manifest)
            self._lines.clear()
        for number in self._over:
            self._files.pop(number).close()
        self._over.clear()

    def close(self, key: SigningKey, now: datetime) -> None:
        """Say that this is all, and sign it."""
        self.say("end", at=now.isoformat(), cut_off=False)
        self.commit()
        sign(self.folder, self._chain, key)
        self.abandon()

    def abandon(self) -> None:
        """Let go of everything as it is; a sweep signs what is there."""
        for handle in (*self._files.values(), self._manifest):
            handle.close()


def private(path: Path) -> BinaryIO:
    """A new file that only we can read; writes go to the system at once."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE)
    return os.fdopen(handle, "r+b", buffering=0)


def put(file: BinaryIO, data: bytes) -> None:
    """Write all of it; raises OSError where there is no room."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def sync(file: BinaryIO) -> None:
    """Wait until a file's content is on the disk."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(file.fileno())
    else:
        os.fsync(file.fileno())
