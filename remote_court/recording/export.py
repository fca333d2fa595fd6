"""A part's files in clear, as Matroska that any player takes: with length, index, and in step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

from remote_court.recording.clear import opened
from remote_court.recording.reading import File, ReadPart
from remote_court.recording.timing import Timing

MILLISECOND = Fraction(1, 1000)
Packets = Iterator[tuple[int, float, "av.Packet[Any]"]]


def name_of(part: ReadPart, file: File) -> str:
    """The name of an exported file; names of people are in the file, not on it."""
    return f"{part.folder.name}-{file.begins_at:%Y%m%dT%H%M%S}-{file.role}-{file.number:04}.mkv"


def export(
    part: ReadPart, folder: Path, told: Callable[[File, Path], None] = lambda _f, _p: None
) -> list[Path]:
    """Write every file of a part into a folder; nothing is coded anew.

    Raises:
        RecordingBroken: something is not as it was written.
    """
    made = []
    for file in part.files:
        path = folder / name_of(part, file)
        write(part, file, path)
        made.append(path)
        told(file, path)
    return made


def write(part: ReadPart, file: File, path: Path) -> None:
    """Write one file."""
    with opened(part, file) as source, av.open(str(path), "w", format="matroska") as target:
        target.metadata["title"] = " – ".join(word for word in (file.name, file.label) if word)
        target.metadata["creation_time"] = file.begins_at.isoformat()
        copy(source, target, file)


def copy(source: InputContainer, target: OutputContainer, file: File) -> None:
    """Bring every packet over, at its place in time."""
    streams: dict[int, Stream] = {}
    for stream in source.streams:
        made = target.add_stream_from_template(stream, opaque=True)
        made.metadata["title"] = file.sources.get(stream.index + 1, "")
        streams[stream.index] = made
    last: dict[int, int] = {}
    timing = Timing(file)
    zero = min(timing.on_part_ms(track, 0) for track in file.sources)
    for index, at_ms, packet in in_time(source, timing):
        place = max(round(at_ms - zero), last.get(index, -1) + 1)
        last[index] = place
        packet.stream = streams[index]
        packet.time_base = MILLISECOND
        packet.pts = packet.dts = place
        target.mux(packet)


def in_time(source: InputContainer, timing: Timing) -> Packets:
    """The packets of a file with their places in time, in about that order."""
    for packet in source.demux():
        if packet.pts is None or not packet.size:
            continue
        at_ms = float(packet.pts * packet.time_base * 1000)
        index = packet.stream.index
        yield index, timing.on_part_ms(index + 1, at_ms), packet
