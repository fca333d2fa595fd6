"""What comes from npm: locked, by no registry's name, and addressed by version."""

from __future__ import annotations

import json

import pytest

from remote_court.assets import npm, web_dir


def test_the_lock_names_no_registry():
    lock = json.loads((web_dir() / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all(package.get("integrity") for name, package in lock["packages"].items() if name)


def test_npm_that_fails_says_why(tmp_path):
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text("not json")
    with pytest.raises(npm.NpmFailed, match="npm"):
        npm.fetch(tmp_path, tools=False, say=lambda _: None)


def test_what_lies_there_as_locked_is_not_fetched_again():
    npm.fetch(web_dir(), tools=False, say=pytest.fail)


def test_a_copied_file_stands_under_its_version():
    paths = npm.copy(web_dir())
    version = json.loads((web_dir() / "node_modules/htmx.org/package.json").read_text())["version"]
    assert paths["vendor/htmx/htmx.min.js"] == f"vendor/htmx-{version}/htmx.min.js"


def test_a_package_without_the_file_we_expect_is_told(tmp_path):
    with pytest.raises(npm.NpmFailed, match="vazirmatn"):
        list(npm.taken(tmp_path))
