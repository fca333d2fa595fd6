"""Settings are whole or refused, and a refusal repeats no secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from remote_court import config

SECRET = "0123456789abcdef"
URL = "turn:relay.example:3478?transport=udp"


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


def refused(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    for name, value in values.items():
        monkeypatch.setenv(f"REMOTE_COURT_{name.upper()}", value)
    with pytest.raises(config.BadSettings) as error:
        config.settings()
    return str(error.value)


def test_relays_are_set_by_addresses_and_a_secret_that_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("REMOTE_COURT_TURN_URLS", f"{URL}, turns:relay.example")
    monkeypatch.setenv("REMOTE_COURT_TURN_SECRET_FILE", str(tmp_path / "secret"))
    found = config.settings()
    assert found.turn_urls == (URL, "turns:relay.example")
    assert found.turn_secret is not None
    assert found.turn_secret.get_secret_value() == SECRET


@pytest.mark.parametrize(
    "url",
    ["relay.example", "turn:", "stun:relay.example", "turn:a b", "turns:relay?transport=udp"],
)
def test_an_address_that_browsers_refuse_is_refused(monkeypatch: pytest.MonkeyPatch, url: str):
    told = refused(monkeypatch, turn_urls=url, turn_secret=SECRET)
    assert "REMOTE_COURT_TURN_URLS" in told
    assert url in told


@pytest.mark.parametrize("secret", ["", "short"])
def test_relays_without_a_good_secret_are_refused_and_the_secret_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, secret: str
):
    told = refused(monkeypatch, turn_urls=URL, turn_secret=secret)
    assert "REMOTE_COURT_TURN_SECRET of 16" in told
    assert "short" not in told


def test_a_number_that_is_none_names_its_setting(monkeypatch: pytest.MonkeyPatch):
    assert "REMOTE_COURT_PORT" in refused(monkeypatch, port="many")
