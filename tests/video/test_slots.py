"""Who sits where: nobody moves who need not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.slots import assign, rank, spare

people = st.lists(st.sampled_from("abcdefgh"), unique=True)
seats = st.lists(st.none() | st.sampled_from("abcdefgh"), max_size=5).map(
    lambda s: tuple(p if p not in s[:at] else None for at, p in enumerate(s))
)


@pytest.mark.parametrize(
    ("before", "ranked", "after"),
    [
        ((None, None), ["a"], ("a", None)),
        (("a", None), ["a", "b"], ("a", "b")),
        (("a", "b"), ["b"], (None, "b")),
        (("a", "b"), ["b", "c"], ("c", "b")),
        (("a", "b"), ["c", "b", "a"], ("c", "b")),
        ((), ["a"], ()),
    ],
)
def test_seats_by_table(
    before: tuple[str | None, ...], ranked: list[str], after: tuple[str | None, ...]
) -> None:
    assert assign(before, ranked) == after


@given(seats, people)
def test_the_first_are_seated_and_none_moves_who_may_stay(
    before: tuple[str | None, ...], ranked: list[str]
) -> None:
    after = assign(before, ranked)
    assert {p for p in after if p} == set(ranked[: len(before)])
    for at, person in enumerate(before):
        if person in ranked[: len(before)]:
            assert after[at] == person
    assert assign(after, ranked) == after


@given(people, people, people, people)
def test_a_pin_comes_first_then_a_voice_then_who_is_seen(
    here: list[str], pinned: list[str], spoke: list[str], seated: list[str]
) -> None:
    order = rank(here, pinned=pinned, spoke=spoke, seated=seated)
    assert sorted(order) == sorted(here)
    pins = [p for p in pinned if p in here]
    assert order[: len(pins)] == pins
    rest = [p for p in order if p not in pins]
    voices = [p for p in spoke if p in rest]
    assert rest[: len(voices)] == voices
    quiet = [p in seated for p in rest[len(voices) :]]
    assert quiet == sorted(quiet, reverse=True)


@pytest.mark.parametrize(
    ("seats", "before", "sharing", "pairs", "after"),
    [
        (("a", None), (), ["a"], 2, (None, "a")),
        (("a", "b"), (), ["a"], 2, (None, None)),
        (("a",), (), ["a"], 3, (None, None, "a")),
        (("a", None, None), (), ["b", "a"], 3, (None, "a", "b")),
        (("a", None, None), (None, "b", None), ["a", "b"], 3, (None, "b", "a")),
        (("a", "c", None), (None, "b", "a"), ["b", "a"], 3, (None, None, "a")),
        (("a", None), (None, "a"), [], 2, (None, None)),
        ((), (), ["a"], 0, ()),
    ],
)
def test_screens_by_table(
    seats: tuple[str | None, ...],
    before: tuple[str | None, ...],
    sharing: list[str],
    pairs: int,
    after: tuple[str | None, ...],
) -> None:
    assert spare(seats, before, sharing, pairs) == after


@given(seats, seats, people, st.integers(0, 6))
def test_a_screen_takes_nobodys_place_and_stays_where_it_is(
    seated: tuple[str | None, ...],
    before: tuple[str | None, ...],
    sharing: list[str],
    pairs: int,
) -> None:
    after = spare(seated, before, sharing, pairs)
    assert len(after) == pairs
    shown = [person for person in after if person]
    assert len(set(shown)) == len(shown)
    assert set(shown) <= set(sharing)
    free = sum(person is None for person in [*seated, *[None] * pairs][:pairs])
    assert len(shown) == min(free, len(sharing))
    for at, person in enumerate(after):
        assert person is None or at >= len(seated) or seated[at] is None
    assert spare(seated, after, sharing, pairs) == after
