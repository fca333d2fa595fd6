"""From packets to files that play, through the recorder's thread."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import av
import pytest

from remote_court import clock
from remote_court.recording import files, recorder
from remote_court.recording.keys import MasterKey, SigningKey
from remote_court.recording.reading import ReadPart
from remote_court.recording.recorder import Recorder
from remote_court.recording.reel import Source
from remote_court.recording.verify import verify

from .conftest import FACE, WHO, recorder_on, speak, wait_for
from .senders import FPS, audio_packets, video_packets


def frames_of(part: Path, master: MasterKey, number: int = 1) -> dict[str, list[float]]:
    """The times of each track's frames in seconds, all decoded."""
    data = io.BytesIO(b"".join(ReadPart(part, master).clear(number)))
    times: dict[str, list[float]] = {}
    with av.open(data) as container:
        for frame in container.decode():
            kind = "video" if isinstance(frame, av.VideoFrame) else "audio"
            times.setdefault(kind, []).append(float(frame.pts * frame.time_base))
    return times


def test_what_was_sent_is_decoded_from_the_file_in_time(part, master, signing):
    assert verify(part, signing.public).findings == ()
    times = frames_of(part, master)
    assert len(times["video"]) == 2 * FPS
    assert len(times["audio"]) == 100
    for track in times.values():
        assert all(a < b for a, b in itertools.pairwise(track))
        assert track[-1] - track[0] == pytest.approx(2, abs=0.1)
    assert abs(times["video"][0] - times["audio"][0]) < 0.05


def test_a_part_says_who_is_in_it_only_to_who_has_the_key(part, master):
    read = ReadPart(part, master)
    (file,) = read.files
    assert (file.name, file.label, file.role) == (WHO.name, WHO.label, "visitor")
    assert file.sources == {1: "microphone", 2: "camera"}
    assert (read.session, read.recording) == ("42", "7")
    for path in part.iterdir():
        assert "مریم".encode() not in path.read_bytes()
        assert b"\\u06" not in path.read_bytes()
        assert b"matroska" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".sig"


def test_a_camera_that_comes_later_begins_another_file(recorder: Recorder, tmp_path, master):
    running = recorder.open("7", "42")
    watched = running.watch(WHO, FACE)
    sound, sight, since = watched.tap(0), watched.tap(1), clock.monotonic()
    for n, packet in enumerate(audio_packets(100)):
        sound(packet, since + n * 0.02)
    wait_for(lambda: running.octets > 0)
    for packet in video_packets("vp8", 20):
        sight(packet, since + 2)
    running.finish()
    recorder.close()
    (part,) = files.parts(tmp_path / "recordings", "42", "7")
    assert [f.sources for f in ReadPart(part, master).files] == [
        {1: "microphone"},
        {1: "microphone", 2: "camera"},
    ]
    assert len(frames_of(part, master, 1)["audio"]) == 100
    assert len(frames_of(part, master, 2)["video"]) == 20


def test_a_picture_that_goes_on_in_another_layer_goes_on(recorder: Recorder, tmp_path, master):
    running = recorder.open("7", "42")
    watched = running.watch(WHO, (Source("camera", "vp8", 90_000),))
    for layer in range(3):
        tap, since = watched.tap(0), clock.monotonic()
        for packet in video_packets("vp8", 10, first=layer * 31):
            tap(packet, since + layer * 0.6)
    running.finish()
    recorder.close()
    (part,) = files.parts(tmp_path / "recordings", "42", "7")
    assert len(frames_of(part, master)["video"]) == 30


def test_h264_is_recorded_too(recorder: Recorder, tmp_path, master):
    running = recorder.open("7", "42")
    speak(running.watch(WHO, (FACE[0], Source("camera", "h264", 90_000))), codec="h264")
    running.finish()
    recorder.close()
    (part,) = files.parts(tmp_path / "recordings", "42", "7")
    times = frames_of(part, master)
    assert (len(times["video"]), len(times["audio"])) == (2 * FPS, 100)


def test_pictures_that_wait_for_a_key_frame_ask_for_one(recorder: Recorder):
    running = recorder.open("7", "42")
    watched = running.watch(WHO, (Source("camera", "vp8", 90_000),))
    assert not watched.wants_key
    packets, tap = video_packets("vp8", 20), watched.tap(0)
    later = [p for p in packets if p[1] != packets[0][1]]
    tap(later[0], clock.monotonic())
    wait_for(lambda: watched.wants_key)
    for packet in later:
        tap(packet, clock.monotonic())
    wait_for(lambda: not watched.wants_key)


def test_a_full_queue_loses_packets_of_the_recording_and_counts_them(
    tmp_path, master, signing, monkeypatch
):
    monkeypatch.setattr(recorder, "MOST_QUEUED", 50)
    monkeypatch.setattr(recorder, "TURN_S", 0.3)
    made = recorder_on(tmp_path, master, signing)
    running = made.open("7", "42")
    tap = running.watch(WHO, FACE).tap(0)
    before = recorder.LOST._value.get()
    for packet in audio_packets(300):
        tap(packet, clock.monotonic())
    assert running.lost >= 200
    assert recorder.LOST._value.get() - before == running.lost
    made.close()
    (part,) = files.parts(tmp_path, "42", "7")
    assert verify(part, signing.public).good


def test_a_disk_that_fails_is_told_and_another_part_begun_when_it_works(
    tmp_path, master, signing, monkeypatch
):
    monkeypatch.setattr("remote_court.recording.tape.AGAIN_AFTER_S", 0.2)
    folder = tmp_path / "recordings"
    folder.write_text("in the way")
    made = recorder_on(folder, master, signing)
    running = made.open("7", "42")
    watched = running.watch(WHO, FACE)
    wait_for(lambda: running.trouble == "Not a directory")
    assert running.octets == 0
    folder.unlink()
    wait_for(lambda: running.trouble == "")
    speak(watched)
    made.close()
    (part,) = files.parts(folder, "42", "7")
    assert verify(part, signing.public).good
    assert len(frames_of(part, master)["video"]) == 2 * FPS


def test_a_recorder_with_nothing_to_do_sleeps(recorder: Recorder):
    recorder.open("7", "42").finish()
    wait_for(lambda: not recorder._tapes)
    turns = 0

    def count() -> None:
        nonlocal turns
        turns += 1

    recorder._drain, drain = lambda: (count(), drain())[1], recorder._drain  # type: ignore[method-assign,return-value,func-returns-value]
    recorder.do(lambda: None)
    wait_for(lambda: turns == 1)
    assert turns <= 2


def test_keys_are_told_apart(master: MasterKey, signing: SigningKey):
    assert master.name != signing.public.name
