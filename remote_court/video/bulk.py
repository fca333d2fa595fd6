"""How much an offer may hold; pure.

A parser compares lines with each other: every ``rtcp-fb`` with every ``rtpmap``. An offer of
60 kB made of such lines alone took 2.3 s and 180 MB (2 cores, 2026-11-25), so lines are counted
before anybody parses them. A browser's own stay far below: some 40 codecs and 100 feedbacks in
an m-line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

LONGEST = 60_000
MOST_LINES = 64
MOST_ALIKE = 128
MOST_OF = {"a=rtcp-fb": 256, "a=rtcp-fb:*": 16}
"""Attributes of one name in one m-line, where that is not ``MOST_ALIKE``."""


def fits(offer: str) -> bool:
    """Whether an offer is of a size that somebody may have meant."""
    if len(offer) > LONGEST:
        return False
    sections: list[list[str]] = [[]]
    for line in offer.splitlines():  # as the parser does: not only at line feeds
        if line.startswith("m="):
            sections.append([])
        sections[-1].append(line)
    return len(sections) <= MOST_LINES + 1 and all(has_room(lines) for lines in sections)


def has_room(lines: Sequence[str]) -> bool:
    """Whether one m-line's attributes are few enough, and each codec is there once."""
    mapped = [line.partition(" ")[0] for line in lines if line.startswith("a=rtpmap:")]
    if len(set(mapped)) < len(mapped):
        return False
    names = Counter(line.partition(":")[0] for line in lines)
    names["a=rtcp-fb:*"] = sum(line.startswith("a=rtcp-fb:*") for line in lines)
    return all(count <= MOST_OF.get(name, MOST_ALIKE) for name, count in names.items())
