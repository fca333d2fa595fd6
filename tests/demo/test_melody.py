"""The melody: real Opus, as long as it should be."""

from __future__ import annotations

from av import CodecContext
from av.packet import Packet

from remote_court.demo import melody


def test_the_melody_is_opus_that_decodes_and_is_not_silent() -> None:
    packets = melody.melody()
    assert len(packets) == len(melody.NOTES_HZ) * round(melody.NOTE_SECONDS / 0.02)
    decoder = CodecContext.create("libopus", "r")
    loudest = 0
    for packet in packets[:50]:
        for frame in decoder.decode(Packet(packet)):
            samples = memoryview(bytes(frame.planes[0])).cast("h")
            loudest = max(loudest, *samples)
    assert 1000 < loudest < 16_000


def test_a_note_starts_and_ends_softly() -> None:
    note = melody.note(440.0)
    assert abs(note[0]) < 50
    assert abs(note[-1]) < 500
    assert max(note) > 3000
