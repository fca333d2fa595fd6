"""The house stands as it was drawn: who may import whom, and what is written down about it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from remote_court.config import PREFIX, Settings
from remote_court.demo import marker
from remote_court.errors import CourtError

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "remote_court"
SETTINGS = ROOT / "docs" / "settings.md"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as m; m()"]
    words = [*program, "--config", str(root / "pyproject.toml"), "--no-cache"]
    return subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)


def test_imports_go_one_way():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-3000:]


def test_an_import_that_goes_the_other_way_is_found(tmp_path):
    told = (ROOT / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(told[told.index("[tool.importlinter]") :])
    package = tmp_path / "remote_court"
    package.mkdir()
    for path in PACKAGE.iterdir():
        if path.suffix == ".py":
            (package / path.name).write_text("")
        elif (path / "__init__.py").exists():
            (package / path.name).mkdir()
            (package / path.name / "__init__.py").write_text("")
    (package / "people" / "__init__.py").write_text("import remote_court.visits\n")
    (package / "video" / "__init__.py").write_text("import sqlalchemy\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "remote_court.people is not allowed to import remote_court.visits" in done.stdout
    assert "remote_court.video is not allowed to import sqlalchemy" in done.stdout


def test_each_setting_is_documented_with_its_default():
    told = SETTINGS.read_text()
    for name, field in Settings.model_fields.items():
        line = re.search(rf"^\| `{PREFIX}{name.upper()}` \|(.*)$", told, re.MULTILINE)
        assert line, f"{SETTINGS.name} does not tell of {name}"
        assert f"| {shown(field.default)} |" in line[0], f"{name}: {shown(field.default)}"


def shown(value: object) -> str:
    if value in (None, "", ()):
        return "–"
    return f"`{value}`"


def test_no_documented_setting_is_unknown():
    told = re.findall(rf"^\| `{PREFIX}(\w+)` \|", SETTINGS.read_text(), re.MULTILINE)
    assert sorted(told) == sorted(name.upper() for name in Settings.model_fields)


def test_only_the_clock_asks_what_time_it_is():
    asking = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(")
    found = {
        p.relative_to(PACKAGE).as_posix()
        for p in PACKAGE.rglob("*.py")
        if asking.search(p.read_text())
    }
    assert found <= {"clock.py"}


def test_every_error_has_a_sentence_for_people():
    def below(kind: type[CourtError]) -> set[type[CourtError]]:
        return {kind, *(deeper for child in kind.__subclasses__() for deeper in below(child))}

    assert marker.NotOurs in below(CourtError)
    mute = [kind.__name__ for kind in below(CourtError) if not kind.__doc__]
    assert not mute


def test_the_changelog_s_newest_version_is_the_package_s():
    newest = re.search(
        r"^## \[?v?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    told = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert newest
    assert told
    assert newest[1] == told[1]
