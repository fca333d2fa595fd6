"""What everybody says, mixed: blocks of a tenth of a second, silence where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import av
from av import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph

from remote_court.recording.clear import opened
from remote_court.recording.scene import Lane

RATE = 48_000
BLOCK = 4800
BLOCK_MS = 1000 * BLOCK // RATE
WIDTH = 2
SLACK_MS = 40
"""A voice this near to its place goes on without a seam."""


class Voice:
    """One person's sound, as a line without holes."""

    def __init__(self, lane: Lane) -> None:
        self._pieces = pieces(lane)
        self._next = next(self._pieces, None)
        self._line = bytearray()
        self._begun = 0
        """The sample at which ``_line`` begins."""

    def block(self, number: int) -> bytes:
        """The block of this number; ask for each once, in order."""
        end = (number + 1) * BLOCK
        while self._next is not None and self._place(self._next[0]) < end:
            self._lay(*self._next)
            self._next = next(self._pieces, None)
        size = BLOCK * WIDTH
        block = bytes(self._line[:size]).ljust(size, b"\0")
        del self._line[:size]
        self._begun = end
        return block

    def _lay(self, at_ms: float, sound: bytes) -> None:
        place, end = self._place(at_ms), self._begun + len(self._line) // WIDTH
        if abs(place - end) > SLACK_MS * RATE // 1000:
            if place < end:
                sound = sound[(end - place) * WIDTH :]
            else:
                self._line += bytes((place - end) * WIDTH)
        self._line += sound

    @staticmethod
    def _place(at_ms: float) -> int:
        return round(at_ms * RATE / 1000)


def pieces(lane: Lane) -> Iterator[tuple[float, bytes]]:
    """A voice's sound as it was decoded, with its time in the scene."""
    for take in lane.takes:
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        with opened(take.part, take.file) as container:
            for packet in container.demux(container.streams[take.track - 1]):
                try:
                    decoded = packet.decode()
                except av.InvalidDataError:
                    continue
                for frame in decoded:
                    if isinstance(frame, AudioFrame) and frame.time is not None:
                        at_ms = take.at_ms(frame.time * 1000)
                        for even in resampler.resample(frame):
                            yield at_ms, bytes(even.planes[0])[: even.samples * WIDTH]
                            at_ms += even.samples * 1000 / RATE


class Mixer:
    """Adds voices up; loud ones together are held below the limit."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._voices = [Voice(lane) for lane in lanes]
        self._graph = Graph()
        inputs = [
            self._graph.add_abuffer(
                format="s16", sample_rate=RATE, layout="mono", time_base=Fraction(1, RATE)
            )
            for _ in self._voices
        ]
        mix = self._graph.add("amix", f"inputs={len(inputs)}:normalize=0")
        limit = self._graph.add("alimiter", "limit=0.95:level=false")
        shape = self._graph.add(
            "aformat", f"sample_fmts=fltp:sample_rates={RATE}:channel_layouts=mono"
        )
        sink = self._graph.add("abuffersink")
        for number, each in enumerate(inputs):
            each.link_to(mix, 0, number)
        mix.link_to(limit)
        limit.link_to(shape)
        shape.link_to(sink)
        self._graph.configure()
        self._inputs, self._sink = inputs, sink

    def block(self, number: int) -> list[AudioFrame]:
        """Mix the block of this number; what comes out may lag a little."""
        for voice, place in zip(self._voices, self._inputs, strict=True):
            frame = AudioFrame("s16", "mono", BLOCK)
            frame.planes[0].update(voice.block(number))
            frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
            frame.pts = number * BLOCK
            place.push(frame)
        return self._pull()

    def rest(self) -> list[AudioFrame]:
        """What is still in the filters."""
        for place in self._inputs:
            place.push(None)
        return self._pull()

    def _pull(self) -> list[AudioFrame]:
        out: list[AudioFrame] = []
        while True:
            try:
                frame = self._sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return out
            if isinstance(frame, AudioFrame):
                out.append(frame)
