"""Style sheets: ``@import`` resolved into one file, comments and idle spaces removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

IMPORT = re.compile(r'^@import "([\w.-]+)";$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
VENDOR = re.compile(r'url\("(vendor/[^"]+)"\)')
QUOTED = re.compile(r'("[^"]*")')


def entries(styles: Path) -> list[Path]:
    """The sheets that no other sheet imports: each becomes a file of its own."""
    sheets = sorted(styles.glob("*.css"))
    imported = {name for sheet in sheets for name in IMPORT.findall(sheet.read_text())}
    return [sheet for sheet in sheets if sheet.name not in imported]


def bundle(sheet: Path, vendor: Mapping[str, str]) -> str:
    """The sheet with all it imports, small.

    Args:
        sheet: the entry; its imports are names in the same directory.
        vendor: where each ``vendor/…`` file went, relative to ``/static``.
    """

    def imported(match: re.Match[str]) -> str:
        return bundle(sheet.parent / match[1], vendor)

    def placed(match: re.Match[str]) -> str:
        return f'url("../../{vendor[match[1]]}")'

    return VENDOR.sub(placed, minified(IMPORT.sub(imported, sheet.read_text())))


def minified(css: str) -> str:
    """Remove comments and the spaces that mean nothing; quoted text stays as it is."""
    parts = QUOTED.split(COMMENT.sub("", css))
    return "".join(part if part.startswith('"') else squeezed(part) for part in parts).strip()


def squeezed(css: str) -> str:
    """Drop spaces around ``{ } ; ,`` and shorten all others to one."""
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}")


def positions() -> str:
    """Classes that place things without inline styles, which our policy forbids.

    ``.at-0830`` and ``.from-0700`` name a minute of the day, ``.until-1600`` the board's end,
    ``.for-25`` a length, ``.pct-40`` a share; ``board.css`` turns them into places.
    """
    clock = [(f"{m // 60:02}{m % 60:02}", m) for m in range(0, 24 * 60 + 1, 5)]
    rules = [f".at-{name}{{--at:{minute}}}" for name, minute in clock]
    rules += [f".from-{name}{{--from:{m}}}.until-{name}{{--until:{m}}}" for name, m in clock[::12]]
    rules += [f".for-{length}{{--for:{length}}}" for length in range(5, 24 * 60 + 1, 5)]
    rules += [f".pct-{share}{{--share:{share}%}}" for share in range(101)]
    return "@layer utilities{" + "".join(rules) + "}"
