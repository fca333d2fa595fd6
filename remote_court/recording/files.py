"""Where recordings lie: ``<folder>/<session>/<recording>-<part>/``."""

from __future__ import annotations

import shutil
from pathlib import Path

from remote_court.recording.seal import MANIFEST, SIGNATURE


def parts(folder: Path, session: str, recording: str) -> list[Path]:
    """The parts of one recording, the oldest first."""
    found = (folder / session).glob(f"{recording}-*/{MANIFEST}")
    return sorted((path.parent for path in found), key=_begun)


def every_part(folder: Path) -> list[Path]:
    """Every part of every recording."""
    return sorted(path.parent for path in folder.glob(f"*/*-*/{MANIFEST}"))


def unsigned(folder: Path) -> list[Path]:
    """Parts that nobody has signed: they are being written, or their writer is gone."""
    return [part for part in every_part(folder) if not (part / SIGNATURE).exists()]


def octets(part: Path) -> int:
    """How much of the disk a part takes."""
    return sum(path.stat().st_size for path in part.iterdir() if path.is_file())


def delete(folder: Path, session: str, recording: str) -> int:
    """Remove every part of a recording; returns how many there were."""
    found = parts(folder, session, recording)
    for part in found:
        shutil.rmtree(part)
    home = folder / session
    if home.is_dir() and not any(home.iterdir()):
        home.rmdir()
    return len(found)


def _begun(part: Path) -> float:
    return (part / MANIFEST).stat().st_ctime
