"""Which system user the server runs as, and running a program as that user.

PostgreSQL refuses to run as root, so root lends it an unprivileged account. Whatever touches
files of that account is done *as* that account: root never writes where another may have put
a link.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from remote_court.db.embedded.failure import PostgresFailed

OWN = "remote-court"
KNOWN = (OWN, "postgres")
"""Accounts taken as they are; where neither exists, root makes the first."""
KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Account:
    """A system user, and whether we must change into it."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this process already runs as that user."""
        return self.uid == os.geteuid()

    def run(
        self, argv: Sequence[str | Path], *, cwd: Path | str = "/", words: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, with ``words`` on its standard input; never raises on rc.

        Output goes to a file, not a pipe: a server started by the program keeps its standard
        output open, and a pipe would then never end.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                [str(word) for word in argv],
                cwd=cwd,
                env=environment(),
                input=words if words is not None else "",
                stdout=output,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
                user=None if self.is_ours else self.uid,
                group=None if self.is_ours else self.gid,
                extra_groups=None if self.is_ours else [],
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def can_enter(self, directory: Path) -> bool:
        """Whether this user can reach ``directory``, found by trying."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", directory]).returncode == 0

    def own(self, directory: Path) -> None:
        """Give a directory that we have just made to this user, closed to everybody else."""
        directory.chmod(0o700)
        if not self.is_ours:
            os.chown(directory, self.uid, self.gid)


def environment() -> dict[str, str]:
    """What a server needs to know of our environment; secrets and ``PG…`` are not of it."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def current() -> Account:
    """The account this process runs as."""
    return _numbered(os.geteuid())


def for_cluster(data: Path) -> Account:
    """The account for the cluster at ``data``: its owner, else ours, else for root a lent one."""
    if os.geteuid() != 0:
        return current()
    if data.exists() and (uid := data.stat().st_uid) != 0:
        return _numbered(uid)
    return _known() or _made()


def _numbered(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise PostgresFailed(
            f"The user {uid} has no name on this machine, and PostgreSQL's initdb wants one.",
            advice=f"add a line for {uid} to /etc/passwd, or set REMOTE_COURT_DATABASE_URL.",
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _known() -> Account | None:
    for name in KNOWN:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return None


def _made() -> Account:
    """Make the system user; two who race both find it afterwards."""
    said = ""
    useradd, adduser = shutil.which("useradd"), shutil.which("adduser")
    if useradd:
        shell = shutil.which("nologin") or "/bin/false"
        words = [useradd, "--system", "--user-group", "--no-create-home", "--shell", shell, OWN]
        said = current().run(words).stdout
    elif adduser:  # busybox
        said = current().run([adduser, "-S", "-D", "-H", OWN]).stdout
    if account := _known():
        return account
    raise PostgresFailed(
        "PostgreSQL does not run as root, and no unprivileged user could be made for it.",
        advice=f"make a system user named {OWN}, or run Remote Court as an ordinary user.",
        log=said,
    )
