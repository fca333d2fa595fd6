from __future__ import annotations

import re

import pytest

from remote_court.assets import web_dir
from remote_court.assets.catalogue import translations
from remote_court.hearings.cast import Cast
from remote_court.server.calls.texts import PROBLEMS, TEXTS

SCRIPTS = web_dir() / "scripts" / "call"
SAID = re.compile(r'words\.say\(\s*"(\w+)"')
BUILT = {
    "closed_time", "closed_called_off", "closed_ended", "closed_left", "closed_displaced",
    "audio_only_loss", "audio_only_bandwidth", "audio_only_asked",
    "withheld_loss", "withheld_bandwidth", "withheld_asked", "withheld_codec",
    "screen_denied", "screen_none",
    "quality_good", "quality_fair", "quality_poor",
    "network_good", "network_slow", "network_none",
    "station_lobby", "station_witness_room", "station_held", "station_chamber", "station_aside",
    "at_lobby", "at_witness_room", "at_held", "at_chamber", "at_aside",
    "denied", "busy", "insecure", "camera_none", "microphone_none",
}  # fmt: skip
"""Keys the scripts put together from what the server or the browser says."""


def said_by_scripts() -> set[str]:
    return {key for file in SCRIPTS.glob("*.js") for key in SAID.findall(file.read_text())}


def test_scripts_say_nothing_the_page_does_not_know():
    assert said_by_scripts() | BUILT <= set(TEXTS)


def test_every_text_has_persian_with_the_same_places():
    persian = translations("fa").gettext
    for message in [*TEXTS.values(), *(kind().message for kind in PROBLEMS)]:
        said = persian(message)
        assert said != message, message
        assert set(re.findall(r"\{\w+\}", said)) == set(re.findall(r"\{\w+\}", message))


@pytest.mark.parametrize("role", ["visitor", "inmate", "supervisor", *sorted(Cast)])
def test_every_role_has_a_name(role):
    assert f"role_{role}" in TEXTS
