"""Which addresses are for programs: they are answered with problems, never with a page."""

from __future__ import annotations

from starlette.requests import HTTPConnection

MEDIA = ("/whip/", "/whep/")
"""Open to every origin: a ticket is the only proof there, and no cookie is read."""

PROGRAMS = ("/api/", *MEDIA)


def for_programs(connection: HTTPConnection) -> bool:
    """Whether a program asks."""
    return connection.url.path.startswith(PROGRAMS)


def for_media(connection: HTTPConnection) -> bool:
    """Whether a client without a socket asks for a call's media."""
    return connection.url.path.startswith(MEDIA)
