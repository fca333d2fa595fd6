"""Where a server listens: a port of 127.0.0.1, and a directory for its socket."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

from remote_court.db.embedded.account import Account

SOCKET_PATH = 100
"""Bytes a socket's path may have: 107 on Linux, 103 on macOS."""
LONGEST_NAME = "/.s.PGSQL.65535"


def is_short(directory: Path) -> bool:
    """Whether a socket in ``directory`` has a path that the system can bear."""
    return len(os.fsencode(directory)) + len(LONGEST_NAME) <= SOCKET_PATH


def short_place(account: Account, before: str) -> Path:
    """A private temporary directory for the socket; the one used before, if it still is."""
    known = Path(before or "/nonexistent")
    if known.is_dir() and not known.is_symlink() and known.stat().st_uid == account.uid:
        return known
    place = Path(tempfile.mkdtemp(prefix="remote-court-", dir=temporary(account)))
    account.own(place)
    return place


def temporary(account: Account) -> Path:
    """A temporary directory that the account can enter and a socket's path can bear."""
    wished = Path(tempfile.gettempdir()).resolve()
    if is_short(wished / "remote-court-12345678") and account.can_enter(wished):
        return wished
    return Path("/tmp")  # noqa: S108 - what we make in it is private


def port_like(port: int) -> int:
    """That port if nobody listens there, else one that is free now."""
    return port if port and _is_free(port) else _free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as wish:
        wish.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            wish.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as wish:
        wish.bind(("127.0.0.1", 0))
        return int(wish.getsockname()[1])
