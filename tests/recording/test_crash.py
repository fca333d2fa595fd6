"""A process that is killed loses two seconds at most, and what is there is signed later."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from remote_court import clock
from remote_court.recording import files
from remote_court.recording.keys import MasterKey, SigningKey, new_secret
from remote_court.recording.reading import ReadPart
from remote_court.recording.seal import MANIFEST, seal_abandoned
from remote_court.recording.verify import verify

pytestmark = pytest.mark.alone

LONGEST_LOSS_S = 2.0
WRITER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from remote_court.recording.keys import MasterKey, SigningKey
from tests.recording.conftest import FACE, WHO, recorder_on
from tests.recording.senders import audio_packets, video_packets

folder, keys = Path(sys.argv[1]), sys.argv[3:5]
sounds, sights = audio_packets(1000), video_packets("vp8", 20)
recorder = recorder_on(folder, MasterKey.read(keys[0]), SigningKey.read(keys[1]))
watched = recorder.open("7", "42").watch(WHO, FACE)
hear, see = watched.tap(0), watched.tap(1)
started = time.monotonic()
for packet in sights:
    see(packet, started)
for number, packet in enumerate(sounds):
    time.sleep(max(0, started + number * 0.02 - time.monotonic()))
    hear(packet, time.monotonic())
    if number == 0:
        print("talking", flush=True)
"""


def test_a_kill_costs_two_seconds_at_most_and_the_rest_is_proved(tmp_path: Path):
    master, signing = new_secret(), new_secret()
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", WRITER, str(tmp_path), str(root), master, signing]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "talking\n"
        since = time.monotonic()
        time.sleep(4.5)
        key = SigningKey.read(signing)
        (part,) = files.unsigned(tmp_path)
        assert not seal_abandoned(part, key, clock.now()), "its writer lives"
        writer.send_signal(signal.SIGKILL)
        talked = time.monotonic() - since
        writer.wait()

    with (part / MANIFEST).open("ab") as torn:
        torn.write(b'{"type":"segm')
    assert seal_abandoned(part, key, clock.now())
    assert not seal_abandoned(part, key, clock.now()), "once"
    assert files.unsigned(tmp_path) == []
    verdict = verify(part, key.public)
    assert verdict.findings == ()
    assert verdict.cut_off

    data = io.BytesIO(b"".join(ReadPart(part, MasterKey.read(master)).clear(1)))
    with av.open(data) as container:
        last = max(float(p.pts * p.time_base) for p in container.demux(audio=0) if p.size)
    assert talked - LONGEST_LOSS_S <= last <= talked + 0.1


def test_a_part_whose_manifest_was_changed_is_not_signed_for_anybody(part: Path, signing):
    whole = (part / MANIFEST).read_bytes()
    (part / "manifest.sig").unlink()
    (part / MANIFEST).write_bytes(whole.replace(b'"n":2', b'"n":3', 1))
    assert not seal_abandoned(part, signing, clock.now())
    (part / MANIFEST).write_bytes(whole)
    assert seal_abandoned(part, signing, clock.now())
    assert verify(part, signing.public).good
    (part / MANIFEST).unlink()
    (part / "manifest.sig").unlink()
    assert not seal_abandoned(part, signing, clock.now())
