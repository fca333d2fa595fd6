"""The kinds of m-lines."""

from __future__ import annotations

from remote_court.video.lines import Source
from remote_court.video.permissions import Kind


def test_every_source_is_sound_or_picture() -> None:
    assert {source: source.kind for source in Source} == {
        Source.MICROPHONE: Kind.AUDIO,
        Source.CAMERA: Kind.VIDEO,
        Source.SCREEN: Kind.VIDEO,
    }
