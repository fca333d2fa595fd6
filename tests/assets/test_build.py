"""The build: whole or not at all, twice is once, and older pages keep their files."""

from __future__ import annotations

import re

import pytest

from remote_court.assets import MANIFEST, NotBuilt, manifest, static_dir, static_url, web_dir
from remote_court.assets.build import KEPT, build, digest, forget_old, replace, write


def test_building_again_changes_nothing_and_says_nothing():
    build(web_dir(), say=lambda _: None)
    before = (static_dir() / MANIFEST).stat().st_mtime_ns
    said: list[str] = []
    build(web_dir(), say=said.append)
    assert said == []
    assert (static_dir() / MANIFEST).stat().st_mtime_ns == before


def test_every_file_of_the_manifest_is_there():
    build(web_dir(), say=lambda _: None)
    assert manifest()["app.css"].startswith("own/")
    for path in manifest().values():
        assert (static_dir() / path).is_file(), path
    assert static_url("app.css") == f"/static/{manifest()['app.css']}"


def test_fonts_named_in_the_style_sheet_are_there():
    sheet = static_dir() / manifest()["app.css"]
    fonts = re.findall(r'url\("(\.\./[^"]+)"\)', sheet.read_text())
    assert len(fonts) == 3
    for font in fonts:
        assert (sheet.parent / font).resolve().is_file(), font


def test_a_wheel_ships_what_was_built_and_builds_nothing(tmp_path):
    build(tmp_path, say=pytest.fail)
    assert list(tmp_path.iterdir()) == []


def test_the_address_changes_with_any_content_and_any_name():
    one = digest({"a": b"1", "b": b"2"})
    assert one != digest({"a": b"1", "b": b"3"})
    assert one != digest({"a": b"1", "c": b"2"})
    assert one != digest({"a": b"1b", "": b"2"})


def test_two_builds_at_once_leave_one_whole_directory(tmp_path):
    place = tmp_path / "own" / "abc"
    write({"x/y.js": b"1"}, place)
    write({"x/y.js": b"1"}, place)
    assert (place / "x" / "y.js").read_bytes() == b"1"
    assert [entry.name for entry in place.parent.iterdir()] == ["abc"]


def test_older_builds_stay_a_while_for_pages_already_open(tmp_path):
    for number in range(KEPT + 3):
        (tmp_path / f"{number:012x}").mkdir()
    oldest = tmp_path / f"{0:012x}"
    forget_old(oldest)
    assert len(list(tmp_path.iterdir())) == KEPT
    forget_old(oldest, kept=1)
    assert list(tmp_path.iterdir()) == [oldest]


def test_a_file_is_replaced_only_when_it_differs(tmp_path):
    file = tmp_path / "m.json"
    replace(file, "1")
    inode = file.stat().st_ino
    replace(file, "1")
    assert file.stat().st_ino == inode
    replace(file, "2")
    assert file.read_text() == "2"


def test_what_is_not_built_says_how_to_build_it(monkeypatch, tmp_path):
    monkeypatch.setattr("remote_court.assets.web_dir", lambda: tmp_path)
    manifest.cache_clear()
    with pytest.raises(NotBuilt, match="not built yet"):
        manifest()


@pytest.fixture(autouse=True)
def fresh_manifest():
    yield
    manifest.cache_clear()
