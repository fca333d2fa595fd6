"""What a recording consists of, for composing: who is in it, from when to when; parts joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from remote_court.recording.reading import File, ReadPart
from remote_court.recording.refusals import RecordingBroken
from remote_court.recording.timing import Timing

SCREEN, MICROPHONE = "screen", "microphone"


@dataclass(frozen=True, slots=True)
class Take:
    """A track of a file; ``from_ms`` and ``to_ms`` since the scene began."""

    part: ReadPart
    file: File
    track: int
    timing: Timing
    ahead_ms: float
    from_ms: float
    to_ms: float

    def at_ms(self, in_file_ms: float) -> float:
        """A time of the file as one of the scene."""
        return self.timing.on_part_ms(self.track, in_file_ms) + self.ahead_ms


@dataclass(frozen=True, slots=True)
class Lane:
    """What one person sends of one kind, one take after another."""

    name: str
    screen: bool
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Every picture and every voice of a recording."""

    begins_at: datetime
    length_ms: float
    pictures: tuple[Lane, ...]
    voices: tuple[Lane, ...]


def scene(parts: Sequence[ReadPart]) -> Scene:
    """Lay the parts of a recording on one line of time.

    Raises:
        RecordingBroken: they are of several recordings, or there is nothing in them.
    """
    if len({(part.session, part.recording) for part in parts}) != 1:
        raise RecordingBroken("parts of one recording are needed")
    first = min(part.started_at for part in parts)
    takes = [
        take(part, file, track, (part.started_at - first) / timedelta(milliseconds=1))
        for part in parts
        for file in part.files
        for track in file.sources
    ]
    if not takes:
        raise RecordingBroken("nothing was recorded")
    zero = min(each.from_ms for each in takes)
    moved = [
        Take(t.part, t.file, t.track, t.timing, t.ahead_ms - zero, t.from_ms - zero, t.to_ms - zero)
        for t in takes
    ]
    return Scene(
        first + timedelta(milliseconds=zero),
        max(each.to_ms for each in moved),
        lanes([t for t in moved if source(t) != MICROPHONE]),
        lanes([t for t in moved if source(t) == MICROPHONE]),
    )


def take(part: ReadPart, file: File, track: int, ahead_ms: float) -> Take:
    """A track of a file, on the line of time that begins with the first part."""
    timing = Timing(file)
    begins, ends = (timing.on_part_ms(track, at) + ahead_ms for at in (0, part.length_ms(file)))
    return Take(part, file, track, timing, ahead_ms, begins, ends)


def source(take: Take) -> str:
    """Of what a take is."""
    return take.file.sources[take.track]


def lanes(takes: Sequence[Take]) -> tuple[Lane, ...]:
    """Takes by who sends them; screens first, then in the order in which people came."""
    found: dict[tuple[bool, str], list[Take]] = {}
    for each in sorted(takes, key=lambda t: t.from_ms):
        found.setdefault((source(each) != SCREEN, each.file.person), []).append(each)
    ordered = sorted(found.items(), key=lambda item: item[0][0])
    return tuple(
        Lane(label(some[0].file), not camera, tuple(some)) for (camera, _), some in ordered
    )


def label(file: File) -> str:
    """What stands below a picture."""
    return " – ".join(word for word in (file.name, file.label) if word)
