"""The wheel carries all the product needs: pages, words, migrations, data."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a wheel built from this tree."""
    out = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    "path",
    [
        "remote_court/cli/__init__.py",
        "remote_court/py.typed",
        "remote_court/policy/defaults.yaml",
        "remote_court/places/data/provinces.csv",
        "remote_court/demo/data/cities.csv",
        "remote_court/demo/data/names.yaml",
        "remote_court/migrations/env.py",
        "remote_court/migrations/script.py.mako",
        "remote_court/web/templates/base.html",
        "remote_court/web/locales/fa/common.po",
        "remote_court/web/static/manifest.json",
    ],
)
def test_the_wheel_carries(wheel: list[str], path: str):
    assert path in wheel


def test_the_wheel_carries_every_migration(wheel: list[str]):
    versions = {p.name for p in (ROOT / "migrations" / "versions").glob("[0-9]*.py")}
    assert versions
    assert versions <= {Path(name).name for name in wheel if "migrations/versions/" in name}


def test_the_wheel_carries_fonts_and_scripts_of_others(wheel: list[str]):
    vendor = [name for name in wheel if name.startswith("remote_court/web/static/vendor/")]
    assert any(name.endswith(".woff2") for name in vendor)
    assert any("htmx" in name for name in vendor)


def test_the_wheel_carries_nothing_that_was_only_needed_to_build_it(wheel: list[str]):
    assert not [
        n for n in wheel if "node_modules" in n or "__pycache__" in n or n.startswith("tests")
    ]
    assert len(wheel) < 2000
