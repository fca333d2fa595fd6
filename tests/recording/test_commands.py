"""What an operator or an auditor types."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner, Result

from remote_court import cli, config
from remote_court.recording import files
from remote_court.recording.keys import MasterKey, SigningKey
from remote_court.recording.refusals import KeyUnusable, RecordingBroken

from .conftest import FACE, SECONDS, WHO, recorder_on, speak

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    monkeypatch.setenv("REMOTE_COURT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("REMOTE_COURT_RECORDINGS_DIR", str(tmp_path / "recordings"))

    def invoke(*words: object) -> Result:
        config.settings.cache_clear()
        return CliRunner().invoke(cli.app, ["recording", *map(str, words)])

    yield invoke
    config.settings.cache_clear()


@pytest.fixture
def keys(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """New keys, in files that the settings name."""
    folder = tmp_path / "keys"
    done = run("new-keys", folder)
    assert done.exit_code == 0
    for line in done.stdout.replace("\n", " ").split():
        if line.startswith("REMOTE_COURT_") and "=" in line:
            name, _, _ = line.partition("=")
            key = "master" if "MASTER" in name else "signing"
            monkeypatch.setenv(name, str(folder / f"recording-{key}.key"))
    return folder


@pytest.fixture
def spoken(keys: Path, tmp_path: Path) -> Path:
    """A recording under those keys; its part."""
    folder = tmp_path / "recordings"
    master, signing = ((keys / f"recording-{n}.key").read_text() for n in ("master", "signing"))
    made = recorder_on(folder, MasterKey.read(master), SigningKey.read(signing))
    running = made.open("7", "42")
    speak(running.watch(WHO, FACE))
    running.finish()
    made.close()
    (part,) = files.parts(folder, "42", "7")
    return part


def test_new_keys_are_private_and_never_written_over(run: Run, keys: Path):
    for name in ("master", "signing"):
        path = keys / f"recording-{name}.key"
        assert path.stat().st_mode & 0o777 == 0o600
    before = (keys / "recording-master.key").read_bytes()
    assert run("new-keys", keys).exit_code == 2
    assert (keys / "recording-master.key").read_bytes() == before
    assert run("public-key").stdout.encode() == (keys / "recording-public.pem").read_bytes()


def test_a_recording_is_proved_with_the_public_key_alone(
    run: Run, keys: Path, spoken: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("MASTER", "SIGNING"):
        monkeypatch.delenv(f"REMOTE_COURT_RECORDING_{name}_KEY_FILE")
    public = keys / "recording-public.pem"
    for target in ([], [spoken], [spoken.parent]):
        done = run("verify", *target, "--key", public, "--json")
        assert done.exit_code == 0, done.output
        (told,) = json.loads(done.stdout)
        assert told["good"]
        assert told["segments"] >= 2
    assert "nothing was changed" in run("verify", "--key", public).stdout
    media = spoken / "0001.mkv.enc"
    media.write_bytes(media.read_bytes()[:-1] + b"\x00")
    done = run("verify", "--key", public)
    assert done.exit_code == 1
    assert "segment-changed at 0001.mkv.enc" in done.stdout
    assert isinstance(run("verify").exception, KeyUnusable)


def test_a_recording_is_exported_and_composed_with_the_master_key(
    run: Run, keys: Path, spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / "clear"
    done = run("export", spoken.parent, out)
    assert done.exit_code == 0, done.output
    (exported,) = out.iterdir()
    film = tmp_path / "film.mp4"
    for language in ("fa", "en"):
        done = run("compose", spoken, film, "--recording", "7", "--language", language)
        assert done.exit_code == 0, done.output
        for path in (exported, film):
            with av.open(str(path)) as container:
                assert container.duration == pytest.approx(SECONDS * 1e6, abs=2e5)
                assert {s.type for s in container.streams} == {"video", "audio"}
    monkeypatch.setenv(
        "REMOTE_COURT_RECORDING_MASTER_KEY_FILE", str(keys / "recording-signing.key")
    )
    assert isinstance(run("export", spoken, out).exception, RecordingBroken)


def test_where_there_is_no_recording_that_is_said(run: Run, keys: Path, spoken: Path):
    assert isinstance(run("export", keys, keys).exception, RecordingBroken)
    assert isinstance(
        run("compose", spoken.parent, keys / "x.mp4", "--recording", "8").exception, RecordingBroken
    )
