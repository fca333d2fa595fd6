"""The doctor sees what is wrong and says how to mend it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from remote_court import assets, doctor
from remote_court.config import Settings
from remote_court.db import Database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, media_port=0)


def test_a_port_that_is_taken_is_told_unless_by_our_own_worker(settings: Settings):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        chosen = settings.model_copy(update={"media_port": other.getsockname()[1]})
        found = doctor.media_port(chosen, ())
        assert found.state == "failed"
        assert "REMOTE_COURT_MEDIA_PORT" in (found.mend or "")
        assert doctor.media_port(chosen, (chosen.media_port,)).state == "ok"
    assert doctor.media_port(chosen, ()).state == "ok"


def test_the_port_of_every_worker_is_looked_at(settings):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        chosen = settings.model_copy(update={"media_port": taken - 1, "media_workers": 2})
        found = doctor.media_port(chosen, (taken - 1,))
        assert (found.state, str(taken) in found.told) == ("failed", True)


def test_a_key_that_others_can_read_is_told(settings: Settings):
    assert doctor.key(settings).state == "ok"
    settings.signing_key()
    assert doctor.key(settings).state == "ok"
    path = settings.data_dir / "secret.key"
    path.chmod(0o644)
    found = doctor.key(settings)
    assert found.state == "failed"
    assert "chmod 600" in (found.mend or "")


def test_keys_and_a_folder_that_cannot_be_used_for_recordings_are_told(settings: Settings):
    assert "nothing can be recorded" in doctor.recordings(settings).told
    one = settings.model_copy(update={"recording_master_key": SecretStr("00" * 32)})
    assert doctor.recordings(one).state == "failed"
    both = one.model_copy(update={"recording_signing_key": SecretStr("11" * 32)})
    assert doctor.recordings(both).state == "ok"
    bad = both.model_copy(update={"recording_signing_key": SecretStr("a word")})
    assert doctor.recordings(bad).told == "recording_signing_key is no key"
    file = settings.data_dir / "file"
    file.write_text("")
    blocked = both.model_copy(update={"recordings_dir": file / "below"})
    assert "cannot be written to" in doctor.recordings(blocked).told


def test_pages_that_are_not_built_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(assets, "static_dir", lambda: tmp_path)
    assets.manifest.cache_clear()
    found = doctor.fonts()
    assets.manifest.cache_clear()
    assert found.state == "failed"
    assert "remote_court.assets" in (found.mend or "")


def test_a_full_disk_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    assert doctor.disk(settings).state in {"ok", "warning", "failed"}
    monkeypatch.setattr(doctor, "DISK_FAIL", 2**62)
    monkeypatch.setattr(doctor, "DISK_WARN", 2**62)
    assert doctor.disk(settings).state == "failed"
    assert doctor.disk(settings.model_copy(update={"data_dir": Path("/no/such/place")})).mend


async def test_a_database_is_examined(database: Database, settings: Settings):
    found = {f.name: f for f in await doctor.ask(database, settings)}
    assert found["database"].state == found["extensions"].state == found["clock"].state == "ok"
    assert found["migrations"].state == "failed"  # made from the models, never migrated


async def test_a_clock_that_is_wrong_is_told(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "CLOCK_WARN_S", 0.0)
    async with database.engine.connect() as connection:
        assert (await doctor.drift(connection)).state == "warning"
        monkeypatch.setattr(doctor, "CLOCK_FAIL_S", 0.0)
        found = await doctor.drift(connection)
    assert found.state == "failed"
    assert "NTP" in (found.mend or "")
