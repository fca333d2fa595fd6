"""What WHIP and WHEP clients must write, and what they may not: read and refused here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import HTTPConnection, Request

from remote_court.errors import Forbidden, Refusal
from remote_court.server.guards import guard
from remote_court.video.bulk import LONGEST
from remote_court.video.refusals import MessageTooLong

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
ANY = frozenset({"*/*", "application/*", SDP})
LETTERS = frozenset("vosiuepcbtrzkam")
"""What a line of SDP may begin with (RFC 8866, section 5)."""


class TicketMissing(Refusal):
    """Send the ticket of the call as bearer token."""


class NotTheResource(Forbidden):
    """Another ticket made this; send the one that you entered with."""


class UnsupportedMedia(Refusal):
    """This address takes another content type."""


class NotAcceptable(Refusal):
    """The answer is application/sdp, which your Accept header excludes."""


class BadFragment(Refusal):
    """This is no fragment of SDP."""


class TagMissing(Refusal):
    """Send If-Match with the entity tag that came with the answer."""


class TagOutdated(Refusal):
    """This entity tag is not that of the session as it is now."""


class NoRestart(Refusal):
    """A line is not restarted here. Enter anew with a new offer and a new ticket."""


@guard
async def ticket_shown(connection: HTTPConnection) -> str:
    """The ticket, sent as bearer token; it is the proof itself."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TicketMissing
    return token.strip()


async def body(request: Request, media_type: str) -> str:
    """The text of a body of this type; not more of it is read than is allowed.

    Raises:
        UnsupportedMedia, MessageTooLong, BadFragment: as they say.
    """
    said = request.headers.get("content-type", "").partition(";")[0]
    if said.strip().lower() != media_type:
        raise UnsupportedMedia(where=media_type)
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LONGEST:
            raise MessageTooLong
    try:
        return read.decode()
    except UnicodeDecodeError as error:
        raise BadFragment from error


def need_sdp_accepted(request: Request) -> None:
    """Go on only where the client takes SDP for an answer."""
    wishes = request.headers.get("accept", "*/*").split(",")
    if not any(is_wanted(wish) for wish in wishes):
        raise NotAcceptable


def is_wanted(wish: str) -> bool:
    """Whether an item of an Accept header takes SDP."""
    name, *parameters = (part.strip().lower() for part in wish.split(";"))
    refused = any(each in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for each in parameters)
    return name in ANY and not refused


def need_fragment(text: str) -> None:
    """Go on only with lines of SDP."""
    lines = text.split()
    rows = [row for row in text.splitlines() if row]
    if not lines or any(row[0] not in LETTERS or row[1:2] != "=" for row in rows):
        raise BadFragment


def need_tag(request: Request, tag: str) -> None:
    """Go on only where the client says which ICE session it means (RFC 9725, section 4.3.1)."""
    said = request.headers.get("if-match")
    if said is None:
        raise TagMissing
    if said.strip() != "*" and tag not in [each.strip() for each in said.split(",")]:
        raise TagOutdated


def links(servers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """``Link`` headers that name relays (RFC 9725, section 4.6)."""
    for server in servers:
        for url in server["urls"]:
            yield (
                f'<{url}>; rel="ice-server"; username="{server["username"]}"; '
                f'credential="{server["credential"]}"; credential-type="password"'
            )
