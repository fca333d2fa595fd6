"""Recordings in clear: files that FFmpeg's own programs take, and one picture of all."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import av
import pytest
import typst

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.recording import files
from remote_court.recording.compose import FPS, compose
from remote_court.recording.export import export
from remote_court.recording.keys import MasterKey, SigningKey
from remote_court.recording.lettering import Lettering
from remote_court.recording.reading import ReadPart
from remote_court.recording.reel import Sender, Source
from remote_court.recording.refusals import RecordingBroken
from remote_court.recording.scene import scene
from remote_court.text import digits

from .conftest import FACE, SECONDS, WHO, recorder_on, speak

OTHER = Sender(person="6", role="inmate", connection="c2", name="علی رضایی", label="زندان اوین")


@pytest.fixture(scope="module")
def both(tmp_path_factory, master: MasterKey, signing: SigningKey) -> Path:
    """A part with two faces in it, one in H.264."""
    folder = tmp_path_factory.mktemp("recordings")
    made = recorder_on(folder, master, signing)
    running = made.open("7", "42")
    speak(running.watch(WHO, FACE))
    speak(running.watch(OTHER, (FACE[0], Source("camera", "h264", 90_000))), codec="h264")
    running.finish()
    made.close()
    (part,) = files.parts(folder, "42", "7")
    return part


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    folders = [str(path) for path in (web_dir() / "static" / "vendor").glob("print-fonts-*")]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    return Lettering(fonts, "fa", lambda text: digits(text, "fa"))


def test_an_exported_file_has_its_length_both_tracks_and_times_that_grow(both, master, tmp_path):
    made = export(ReadPart(both, master), tmp_path)
    assert len(made) == 2
    for path, codec in zip(made, ("vp8", "h264"), strict=True):
        with av.open(str(path)) as container:
            assert [s.codec_context.name for s in container.streams] == ["opus", codec]
            assert container.duration == pytest.approx(SECONDS * 1e6, abs=1e5)
            assert container.metadata["title"]
            times: dict[int, list[int]] = {0: [], 1: []}
            for packet in container.demux():
                if packet.size:
                    times[packet.stream.index].append(packet.pts)
        assert [len(track) for track in times.values()] == [SECONDS * 50, SECONDS * 20]
        assert all(a < b for track in times.values() for a, b in itertools.pairwise(track))


def test_ffprobe_takes_an_exported_file(both, master, tmp_path):
    if (ffprobe := shutil.which("ffprobe")) is None:
        pytest.skip("no ffprobe on this machine; the test before reads the file through PyAV")
    for path in export(ReadPart(both, master), tmp_path):
        asked = [ffprobe, "-v", "error", "-of", "json", "-show_format", "-show_streams"]
        done = subprocess.run([*asked, "-count_frames", path], capture_output=True, check=True)
        told = json.loads(done.stdout)
        assert done.stderr == b""
        assert float(told["format"]["duration"]) == pytest.approx(SECONDS, abs=0.1)
        frames = {s["codec_type"]: int(s["nb_read_frames"]) for s in told["streams"]}
        assert frames == {"audio": SECONDS * 50, "video": SECONDS * 20}


def test_all_are_composed_into_one_film_with_their_voices(both, master, tmp_path, lettering):
    laid, path, shares = scene([ReadPart(both, master)]), tmp_path / "x.mp4", list[float]()
    compose(
        laid,
        path,
        lettering,
        local=clock.local,
        day=lambda here: f"{here:%Y}",
        progress=shares.append,
    )
    assert [lane.name for lane in laid.pictures] == [
        "مریم رضایی – دفتر ۱۲",
        "علی رضایی – زندان اوین",
    ]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    with av.open(str(path)) as film:
        assert film.duration == pytest.approx(laid.length_ms * 1000, abs=2e5)
        pictures = list(film.decode(video=0))
    assert len(pictures) == pytest.approx(laid.length_ms * FPS / 1000, abs=2)
    middle = pictures[len(pictures) // 2]
    luma, pitch = bytes(middle.planes[0]), middle.planes[0].line_size
    for left in (100, 740):  # the faces' noise, in their places
        row = luma[200 * pitch + left : 200 * pitch + left + 400]
        assert max(row) - min(row) > 60
    first, last = (bytes(p.planes[0]) for p in (pictures[0], pictures[-1]))
    assert first[: pitch * 40] != last[: pitch * 40], "the clock goes"
    with av.open(str(path)) as film:
        loud = max(
            max(abs(s - 256 if s > 127 else s) for s in bytes(frame.planes[0])[3::4])
            for frame in film.decode(audio=0)
        )
    assert loud > 0


def test_parts_are_laid_on_one_line_of_time(both, master, signing, tmp_path):
    late = recorder_on(tmp_path, master, signing)
    running = late.open("7", "42")
    speak(running.watch(WHO, FACE))
    running.finish()
    late.close()
    (second,) = files.parts(tmp_path, "42", "7")
    one, two = ReadPart(both, master), ReadPart(second, master)
    laid = scene([two, one])
    apart = (two.started_at - one.started_at) / timedelta(milliseconds=1)
    (first_take, second_take) = laid.pictures[0].takes
    assert second_take.from_ms - first_take.from_ms == pytest.approx(apart, abs=700)
    assert laid.length_ms == pytest.approx(second_take.to_ms, abs=50)
    assert len(laid.voices) == 2


def test_what_is_no_one_recording_is_refused(both, master, signing, tmp_path):
    made = recorder_on(tmp_path, master, signing)
    made.open("8", "42").finish()
    made.close()
    (empty,) = files.parts(tmp_path, "42", "8")
    with pytest.raises(RecordingBroken, match="nothing was recorded"):
        scene([ReadPart(empty, master)])
    with pytest.raises(RecordingBroken, match="one recording"):
        scene([ReadPart(empty, master), ReadPart(both, master)])
