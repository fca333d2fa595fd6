"""Style sheets: what minifying may remove, and which classes stand for places."""

from __future__ import annotations

import re

import pytest

from remote_court.assets import web_dir
from remote_court.assets.styles import bundle, entries, minified, positions

SHEETS = sorted((web_dir() / "styles").glob("*.css"))


@pytest.mark.parametrize(
    ("css", "small"),
    [
        ("a {\n  color: red;\n}\n", "a{color: red}"),
        ("/* why */ a { }", "a{}"),
        ("a :hover { b: calc(1px + 2px) ; }", "a :hover{b: calc(1px + 2px)}"),
        ('a::before { content: "a  {  b"; }', 'a::before{content: "a  {  b"}'),
        ("a,\nb > c { }", "a,b > c{}"),
    ],
)
def test_only_spaces_that_mean_nothing_go(css, small):
    assert minified(css) == small


def test_a_sheet_that_nobody_imports_becomes_a_file():
    names = {sheet.name for sheet in entries(web_dir() / "styles")}
    assert {"app.css", "board.css", "call.css"} <= names
    assert "tokens.css" not in names


def test_imports_and_vendor_addresses_are_resolved(tmp_path):
    (tmp_path / "a.css").write_text('@layer x;\n@import "b.css";\n')
    (tmp_path / "b.css").write_text('@font-face { src: url("vendor/f/f.woff2"); }')
    made = bundle(tmp_path / "a.css", {"vendor/f/f.woff2": "vendor/f-1.0/f.woff2"})
    assert made == '@layer x;@font-face{src: url("../../vendor/f-1.0/f.woff2")}'


def test_every_imported_sheet_is_there():
    for sheet in SHEETS:
        for name in re.findall(r'@import "([^"]+)"', sheet.read_text()):
            assert (sheet.parent / name).is_file(), f"{sheet.name} imports {name}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.name)
def test_layout_knows_no_left_and_right(sheet):
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    sides = r"(?:left|right)"
    physical = rf"(?:margin|padding|border|inset)-{sides}|\b{sides}\s*:|float:\s*{sides}"
    assert re.findall(physical, css) == []


def test_a_class_names_every_five_minutes_of_a_day_and_every_share():
    css = positions()
    for rule in (".at-0000{--at:0}", ".at-0835{--at:515}", ".from-0700{--from:420}", ".pct-100{"):
        assert rule in css
    assert ".for-25{--for:25}" in css
