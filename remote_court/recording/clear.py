"""A file of a part as FFmpeg reads it: opened segment by segment, nothing in clear on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import av
from av.container import InputContainer

from remote_court.recording.reading import File, ReadPart
from remote_court.recording.refusals import RecordingBroken


class Stream:
    """Bytes of an iterator, to be read from front to back."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = chunk
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


@contextmanager
def opened(part: ReadPart, file: File) -> Iterator[InputContainer]:
    """The file as a container.

    Raises:
        RecordingBroken: it is none.
    """
    stream = Stream(part.clear(file.number))
    try:
        container = av.open(stream, "r", format="matroska")
    except av.FFmpegError as error:
        raise RecordingBroken(f"{part.folder.name}/{file.number}") from error
    with container:
        yield container
