"""libsrtp without copies: packets are sealed and opened where they lie (see ``datagrams``).

``pylibsrtp.Session`` copies each packet in and out and allocates a length; on the forwarding
path that is half of the cost of a packet (ADR 5), so we call its library binding directly.
"""

from __future__ import annotations

from typing import Any

from pylibsrtp import Session
from pylibsrtp._binding import lib

protect = lib.srtp_protect
unprotect = lib.srtp_unprotect


def handle(session: Session) -> Any:
    """What the library calls a session; lives only as long as the session object does."""
    return session._srtp[0]  # noqa: SLF001 - kept by a contract test
