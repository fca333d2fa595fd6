"""A recorder on a folder of its own, and a short recording that is finished and signed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from remote_court import clock
from remote_court.recording import files
from remote_court.recording.keys import MasterKey, SigningKey, new_secret
from remote_court.recording.recorder import Recorder, Running, Watched
from remote_court.recording.reel import Sender, Source

from .senders import FRAME_MS, SOUND_MS, audio_packets, video_packets

WHO = Sender(person="5", role="visitor", connection="c1", name="مریم رضایی", label="دفتر ۱۲")
FACE = (Source("microphone", "opus", 48_000), Source("camera", "vp8", 90_000))
SECONDS = 2


@pytest.fixture(scope="session")
def master() -> MasterKey:
    return MasterKey.read(new_secret())


@pytest.fixture(scope="session")
def signing() -> SigningKey:
    return SigningKey.read(new_secret())


def recorder_on(folder: Path, master: MasterKey, signing: SigningKey) -> Recorder:
    return Recorder(folder, (master, signing), now=clock.now, monotonic=clock.monotonic)


@pytest.fixture
def recorder(tmp_path: Path, master: MasterKey, signing: SigningKey) -> Iterator[Recorder]:
    made = recorder_on(tmp_path / "recordings", master, signing)
    yield made
    made.close()


def speak(watched: Watched, seconds: int = SECONDS, codec: str = "vp8") -> None:
    """Send sound and pictures of some seconds, at once, as if each came in its time."""
    sound, sight = watched.tap(0), watched.tap(1)
    since = clock.monotonic()
    coming = [
        (n * SOUND_MS / 1000, sound, packet)
        for n, packet in enumerate(audio_packets(seconds * 1000 // SOUND_MS))
    ]
    packets = video_packets(codec, seconds * 1000 // FRAME_MS)
    stamps = {p[1]: n for n, p in enumerate({p[1]: p for p in packets}.values())}
    coming += [(stamps[p[1]] * FRAME_MS / 1000, sight, p) for p in packets]
    for at, tap, packet in sorted(coming, key=lambda each: each[0]):
        tap(packet, since + at)


def wait_for(wish: Callable[[], bool], seconds: float = 5.0) -> None:
    """Let the recorder's thread work until something is so."""
    until = time.monotonic() + seconds
    while not wish():
        assert time.monotonic() < until, "it never became so"
        time.sleep(0.01)


def recorded(folder: Path, master: MasterKey, signing: SigningKey) -> Path:
    """A part of two seconds with one face in it, signed."""
    made = recorder_on(folder, master, signing)
    running: Running = made.open("7", "42")
    watched = running.watch(WHO, FACE)
    speak(watched)
    watched.end()
    running.finish()
    made.close()
    (part,) = files.parts(folder, "42", "7")
    return part


@pytest.fixture
def part(tmp_path: Path, master: MasterKey, signing: SigningKey) -> Path:
    return recorded(tmp_path / "recordings", master, signing)
