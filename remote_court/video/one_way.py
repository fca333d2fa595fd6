"""Offers of clients that only send or only receive (RFC 9725, WHEP), made plain; pure.

What such a client may write and ``sdp`` does not read is written anew: ``sendrecv``, of which it
means one half.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from remote_court.video import bulk
from remote_court.video.bundle import SECTION, with_ports
from remote_court.video.permissions import Kind
from remote_court.video.refusals import BadOffer


class Way(StrEnum):
    """Which half of every m-line is meant, as the offer says it."""

    SENDS = "sendonly"
    RECEIVES = "recvonly"


DIRECTION = re.compile(r"^a=(sendrecv|sendonly|recvonly|inactive)[ \t\r]*$", re.MULTILINE)
FIRST_LINE = re.compile(r"m=(\S+) (\d+) ")
UFRAG = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)


def narrow(offer: str, way: Way) -> str:
    """The offer with every m-line saying the one way.

    A sender has one stream: at most one m-line of a kind (RFC 9725, section 4.4.2). No m-line
    is left out: who offers one that cannot be served is refused (section 4.4.3).

    Raises:
        BadOffer: too large, no m-line, one that goes the other way, or too many of a kind.
    """
    if not bulk.fits(offer):
        raise BadOffer(where="size")
    head, *sections = SECTION.split(with_ports(offer))
    stated = DIRECTION.search(head)
    narrowed = [one_way(section, way, stated[1] if stated else "sendrecv") for section in sections]
    kinds = Counter(section.partition(" ")[0] for section in narrowed)
    if not kinds:
        raise BadOffer(where="media")
    if way is Way.SENDS and max(kinds.values()) > 1:
        raise BadOffer(where="tracks")
    return head + "".join(narrowed)


def one_way(section: str, way: Way, default: str) -> str:
    """One m-line and its attributes, saying the one way."""
    first = FIRST_LINE.match(section)
    if first is None or first[1] not in tuple(Kind):
        raise BadOffer(where="media")
    if first[2] == "0":
        raise BadOffer(where="port")
    said = DIRECTION.search(section)
    if (said[1] if said else default) not in {way, "sendrecv"}:
        raise BadOffer(where="direction")
    if said:
        return section[: said.start(1)] + way + section[said.end(1) :]
    return section.rstrip("\r\n") + f"\r\na={way}\r\n"


def ufrags(text: str) -> frozenset[str]:
    """The client's ICE user fragments in an offer or a fragment of one."""
    return frozenset(UFRAG.findall(text))
