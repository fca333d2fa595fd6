"""Simulcast in SDP (RFC 8851, RFC 8853), which aiortc neither reads nor writes; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST_LAYERS = 4
RID = re.compile(r"[A-Za-z0-9_-]{1,16}\Z")

Layers = tuple[str, ...]
"""The names (rids) of the encodings of one picture, in the order of the offer."""


def offered(sdp: str) -> dict[str, Layers]:
    """The encodings that each m-line offers to send, by mid; only where there are two at least.

    Of alternatives the first is taken; one that starts paused counts like any other.
    """
    found: dict[str, Layers] = {}
    for section in re.split(r"^m=", sdp, flags=re.MULTILINE)[1:]:
        mid = ""
        layers: Layers = ()
        sendable: set[str] = set()
        for line in section.splitlines():
            name, _, value = line.partition(":")
            words = value.split()
            if name == "a=mid":
                mid = value.strip()
            elif name == "a=rid" and words[1:2] == ["send"]:
                sendable.add(words[0])
            elif name == "a=simulcast" and "send" in words[:-1]:
                layers = first_of_each(words[words.index("send") + 1])
        usable = tuple(rid for rid in layers if rid in sendable and RID.match(rid))[:MOST_LAYERS]
        if mid and len(usable) > 1:
            found[mid] = usable
    return found


def first_of_each(streams: str) -> Layers:
    """The first alternative of each stream of a simulcast attribute, each once."""
    return tuple(dict.fromkeys(s.split(",")[0].lstrip("~") for s in streams.split(";")))


def accept(answer: str, layers: Mapping[str, Layers]) -> str:
    """Write into an answer which encodings we take, m-line by m-line."""
    lines = []
    for line in answer.split("\r\n"):
        lines.append(line)
        rids = layers.get(line.removeprefix("a=mid:")) if line.startswith("a=mid:") else None
        if rids:
            lines += [f"a=rid:{rid} recv" for rid in rids]
            lines.append(f"a=simulcast:recv {';'.join(rids)}")
    return "\r\n".join(lines)
