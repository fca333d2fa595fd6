"""Feedback is read as it was meant, by a reader written from the draft."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_court.video.transport_feedback import (
    LARGEST_DELTA,
    LONGEST_SPAN,
    MOST_RECEIVED,
    Arrival,
    chunks,
    report,
    spans,
)

from . import feedback

LONGEST = 1100
"""Bytes that fit a datagram beside an empty report and a trailer."""


@st.composite
def arrivals(draw: st.DrawFn, most: int = 300) -> list[Arrival]:
    """Numbers that rise, with gaps; ticks that mostly rise."""
    number, tick = draw(st.integers(0, 200_000)), draw(st.integers(0, 1 << 36))
    gap = st.one_of(st.just(1), st.just(1), st.integers(1, 40), st.integers(1, 9_000))
    pause = st.one_of(st.integers(0, 300), st.integers(-900, 900), st.integers(-70_000, 70_000))
    found = []
    for _ in range(draw(st.integers(1, most))):
        found.append((number, tick))
        number, tick = number + draw(gap), max(0, tick + draw(pause))
    return found


@given(arrivals(), st.integers(0, 3_000))
@settings(deadline=None, max_examples=60)
def test_all_that_came_is_read_as_it_came_and_all_between_as_lost(
    came: list[Arrival], before: int
) -> None:
    base = came[0][0] - min(before, came[0][0])
    told: list[tuple[int, int | None]] = []
    for start, some in spans(base, came):
        data = report(start, some, 77, 5)
        assert len(data) <= LONGEST
        found = feedback.read(data)
        assert (found.ssrc, found.count, found.base) == (77, 5, start & 0xFFFF)
        shift = some[0][1] // 256 - found.reference  # 24 bits of it are told
        assert not shift % (1 << 24)
        numbers = range(start, some[-1][0] + 1)
        assert [n & 0xFFFF for n in numbers] == list(found.seen)
        ticks = (t if t is None else t + shift * 256 for t in found.seen.values())
        told += zip(numbers, ticks, strict=True)
    assert [(n, t) for n, t in told if t is not None] == came
    assert [n for n, _ in told] == sorted({n for n, _ in told})
    lost = {n for n, t in told if t is None}
    for (one, _), (other, _) in zip([(base - 1, 0), *came], came, strict=False):
        if other - one <= LONGEST_SPAN:
            gap = range(one + 1, other)
            assert lost.issuperset(gap) or len(gap) >= LONGEST_SPAN - MOST_RECEIVED


@given(st.lists(st.sampled_from([0, 0, 1, 1, 1, 2]), min_size=1, max_size=200))
@settings(deadline=None)
def test_chunks_hold_every_symbol(symbols: list[int]) -> None:
    data = chunks(bytearray(symbols))
    found = [
        s for at in range(0, len(data), 2) for s in feedback.of(int.from_bytes(data[at : at + 2]))
    ]
    assert found[: len(symbols)] == symbols
    assert len(found) - len(symbols) < 14


@pytest.mark.parametrize(
    ("symbols", "size"),
    [([1] * 5, 2), ([1] * 8191, 2), ([1] * 8192, 4), ([1, 0] * 7, 2), ([1, 2] * 7, 4)],
)
def test_chunks_are_few(symbols: list[int], size: int) -> None:
    assert len(chunks(bytearray(symbols))) == size


def test_the_words_of_the_draft() -> None:
    came = [(0xFFFE, 0x123456 * 256 + 7), (0xFFFF, 0x123456 * 256 + 262), (0x10001, 0x123456 * 256)]
    assert report(0xFFFE, came, 0xABCD, 9) == bytes.fromhex(
        "8fcd0006 00000001 0000abcd fffe0004 12345609 d480 07ff fefa 0000"
    )


def test_a_pause_too_long_to_tell_begins_another_report() -> None:
    for pause, parts in ((LARGEST_DELTA, 1), (LARGEST_DELTA + 1, 2)):
        assert len(list(spans(1, [(1, 5), (2, 5 + pause)]))) == parts
        assert len(list(spans(1, [(1, 5 + pause), (2, 5)]))) == parts


def test_a_long_gap_is_left_out() -> None:
    last = LONGEST_SPAN + 1
    assert list(spans(1, [(1, 0), (last - 1, 0)])) == [(1, [(1, 0), (last - 1, 0)])]
    assert list(spans(1, [(1, 0), (last, 0)])) == [(1, [(1, 0)]), (2, [(last, 0)])]
    beyond = last + 1 + LONGEST_SPAN
    assert list(spans(1, [(1, 0), (beyond, 0)])) == [(1, [(1, 0)]), (beyond, [(beyond, 0)])]
