"""M-lines without a port of their own, because they share the first one's (RFC 9143); pure.

``m=video 0`` with ``a=bundle-only`` means an m-line that is there; without, one that is not.
aiortc's parser reads the port and not the attribute.
"""

from __future__ import annotations

import re

SECTION = re.compile(r"^(?=m=)", re.MULTILINE)
BUNDLE_ONLY = re.compile(r"^a=bundle-only[ \t\r]*$", re.MULTILINE)
NO_PORT = re.compile(r"^(m=\S+) 0 ")


def with_ports(offer: str) -> str:
    """The offer with a port in every m-line that is there."""
    head, *sections = SECTION.split(offer)
    return head + "".join(with_port(section) for section in sections)


def with_port(section: str) -> str:
    """One m-line and its attributes; 9 says: see elsewhere."""
    return NO_PORT.sub(r"\1 9 ", section) if BUNDLE_ONLY.search(section) else section
