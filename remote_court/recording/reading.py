"""A part read back: its files in clear, their places on its timeline, and who is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from remote_court.recording import manifest
from remote_court.recording.cipher import NAMES, Cipher
from remote_court.recording.keys import MasterKey
from remote_court.recording.manifest import Line, Read
from remote_court.recording.refusals import RecordingBroken
from remote_court.recording.seal import MANIFEST


@dataclass(frozen=True, slots=True)
class Clock:
    """A sender's report: ``at_ms`` of a file's track was ``ntp_ms`` of the sender's own clock.

    It was heard ``heard_ms`` after the part had begun.
    """

    at_ms: int
    ntp_ms: int
    heard_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One Matroska file of a part; ``sources`` and ``clocks`` by the number of the track."""

    number: int
    person: str
    role: str
    name: str
    label: str
    connection: str
    begins_at: datetime
    begins_ms: int
    sources: Mapping[int, str]
    clocks: Mapping[int, tuple[Clock, ...]]


class ReadPart:
    """A part that is opened with the master key.

    Raises:
        RecordingBroken: here and in every method, where something is not as it was written.
    """

    def __init__(self, folder: Path, master: MasterKey) -> None:
        try:
            self._read = manifest.read((folder / MANIFEST).read_bytes())
        except OSError as error:
            raise RecordingBroken(MANIFEST) from error
        header = self._read.header
        if self._read.broken_at is not None or not header:
            raise RecordingBroken(MANIFEST)
        self.folder = folder
        self.started_at = datetime.fromisoformat(header["started_at"])
        self.session = str(header["session"])
        self.recording = str(header["recording"])
        key = master.unwrap(str(header["data_key"]), str(header["part"]))
        self._cipher = Cipher(key, str(header["part"]))

    @property
    def files(self) -> list[File]:
        """Every file that has anything in it."""
        filled = {line["file"] for line in self._read.of("segment")}
        return [self._file(line) for line in self._read.of("file") if line["file"] in filled]

    def clear(self, number: int) -> Iterator[bytes]:
        """A file's segments in clear, one after another: together a Matroska file."""
        name = next(line["name"] for line in self._read.of("file") if line["file"] == number)
        try:
            file = (self.folder / str(name)).open("rb")
        except OSError as error:
            raise RecordingBroken(str(name)) from error
        with file:
            for line in self._read.of("segment"):
                if line["file"] == number:
                    sealed = file.read(line["length"])
                    yield self._cipher.open(number, line["n"], sealed)

    def length_ms(self, file: File) -> int:
        """When the last frame of a file is, in its own time."""
        mine = (line["to_ms"] for line in self._read.of("segment") if line["file"] == file.number)
        return max(mine, default=0)

    def _file(self, line: Line) -> File:
        return File(
            number=line["file"],
            person=line["person"],
            role=line["role"],
            name=self._name(line["who"]),
            label=self._name(line["label"]),
            connection=line["connection"],
            begins_at=datetime.fromisoformat(line["begins_at"]),
            begins_ms=line["begins_ms"],
            sources={track["track"]: track["source"] for track in line["tracks"]},
            clocks=clocks(self._read, line["file"]),
        )

    def _name(self, secret: Mapping[str, object]) -> str:
        sealed = bytes.fromhex(str(secret["x"]))
        return self._cipher.open(NAMES, int(str(secret["n"])), sealed).decode()


def clocks(read: Read, file: int) -> dict[int, tuple[Clock, ...]]:
    """The reports of a file's tracks, by number."""
    found: dict[int, list[Clock]] = {}
    for line in read.of("clock"):
        if line["file"] == file:
            clock = Clock(line["at_ms"], line["ntp_ms"], line["heard_ms"])
            found.setdefault(line["track"], []).append(clock)
    return {track: tuple(each) for track, each in found.items()}
