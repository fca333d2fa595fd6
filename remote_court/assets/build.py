"""Build ``web/static``: other people's files by version, our own under a hash of them all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from . import MANIFEST, manifest, npm, styles

KEPT = 5  # older builds stay for pages that are already open


def build(
    web: Path, *, tools: bool = False, kept: int = KEPT, say: Callable[[str], None] = print
) -> None:
    """Bring ``web/static`` up to date; does nothing that is already done.

    Args:
        web: the source directory (an installed wheel ships the result and is left alone).
        tools: also fetch what checks and tests need.
        kept: how many builds of our own files stay, the present one among them.
        say: told what is going on.

    Raises:
        NpmFailed: npm could not fetch the libraries.
    """
    if not (web / "package.json").exists():
        return
    npm.fetch(web, tools=tools, say=say)
    vendor = npm.copy(web)
    own = dict(own_files(web, vendor))
    path = f"own/{digest(own)}"
    if not (web / "static" / path).is_dir():
        write(own, web / "static" / path)
        say(f"built {len(own)} files of ours into {path}")
    paths = vendor | {name: f"{path}/{name}" for name in own}
    replace(web / "static" / MANIFEST, json.dumps(paths, indent=1, sort_keys=True) + "\n")
    manifest.cache_clear()
    forget_old(web / "static" / path, kept)


def own_files(web: Path, vendor: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Our style sheets, scripts and pictures: logical name and content."""
    for sheet in styles.entries(web / "styles"):
        text = styles.bundle(sheet, vendor)
        yield (
            sheet.name,
            (text + styles.positions() if sheet.name == "board.css" else text).encode(),
        )
    for folder in ("scripts", "images"):
        for file in sorted((web / folder).rglob("*")):
            if file.is_file() and file.suffix != ".ts":
                yield file.relative_to(web).as_posix(), file.read_bytes()


def digest(files: Mapping[str, bytes]) -> str:
    """One short hash of all names and contents: modules import each other by relative paths."""
    whole = hashlib.sha256()
    for name, content in files.items():
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:12]


def write(files: Mapping[str, bytes], place: Path) -> None:
    """Write a whole directory or nothing, also when two builds run at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as scratch:
        fresh = Path(scratch) / "files"
        for name, content in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(content)
        try:
            fresh.rename(place)
        except OSError:
            if not place.is_dir():
                raise


def replace(file: Path, text: str) -> None:
    """Replace a file's text in one step, leaving it alone when nothing changed."""
    if file.exists() and file.read_text() == text:
        return
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.replace(file)


def forget_old(present: Path, kept: int = KEPT) -> None:
    """Remove all builds of our own files but the present one and the latest before it."""
    older = [place for place in present.parent.glob("[0-9a-f]*") if place != present]
    older.sort(key=lambda place: place.stat().st_mtime, reverse=True)
    for place in older[kept - 1 :]:
        shutil.rmtree(place, ignore_errors=True)
