"""What came is told once, whatever came when."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_court.video.arrivals import MOST_LATE, SOON, TICKS_PER_S, USUAL, Arrivals
from remote_court.video.transport_feedback import LONGEST_SPAN, MOST_RECEIVED

from . import feedback

SSRC = 4711


def told(arrivals: Arrivals, now: float) -> list[feedback.Feedback]:
    return [feedback.read(data) for data in arrivals.reports(now, SSRC)]


def come(arrivals: Arrivals, now: float, *numbers: int) -> None:
    for number in numbers:
        arrivals.untold.setdefault(number & 0xFFFF, round(now * TICKS_PER_S))


def statuses(found: list[feedback.Feedback]) -> list[dict[int, bool]]:
    return [{n: t is not None for n, t in one.seen.items()} for one in found]


def test_what_is_missing_between_two_reports_is_told_and_late_packets_by_themselves() -> None:
    arrivals = Arrivals()
    come(arrivals, 1.0, 5, 6, 8)
    assert statuses(told(arrivals, 1.0)) == [{5: True, 6: True, 7: False, 8: True}]
    come(arrivals, 1.1, 11, 12)
    come(arrivals, 1.2, 7)
    assert statuses(told(arrivals, 1.2)) == [{7: True}, {9: False, 10: False, 11: True, 12: True}]
    assert told(arrivals, 1.3) == []
    come(arrivals, 1.4, 10)
    come(arrivals, 1.4, 9)
    assert statuses(told(arrivals, 1.4)) == [{9: True, 10: True}]
    come(arrivals, 1.5, 13)
    assert statuses(told(arrivals, 1.5)) == [{13: True}]


def test_reports_are_counted_round_one_byte() -> None:
    arrivals, counts = Arrivals(), []
    for number in range(300):
        come(arrivals, number / 10, number)
        counts += [one.count for one in told(arrivals, number / 10)]
    assert counts == [n & 0xFF for n in range(300)]


def test_a_packet_that_comes_twice_came_when_it_came_first() -> None:
    arrivals = Arrivals()
    come(arrivals, 1.0, 3)
    come(arrivals, 2.0, 3)
    (one,) = told(arrivals, 2.0)
    assert one.seen == {3: TICKS_PER_S}


@pytest.mark.parametrize(("each_s", "wait"), [(100, USUAL), (390, USUAL), (600, SOON)])
def test_who_sends_much_is_told_sooner(each_s: int, wait: float) -> None:
    arrivals = Arrivals()
    arrivals.reports(10.0, SSRC)
    come(arrivals, 10.1, *range(each_s // 10))
    arrivals.reports(10.1, SSRC)
    assert arrivals.due == pytest.approx(10.1 + wait)


def test_a_flood_is_told_in_parts_and_games_with_numbers_not_at_all() -> None:
    arrivals = Arrivals()
    come(arrivals, 1.0, *range(1000))
    found = told(arrivals, 1.0)
    assert len(found) == -(-1000 // MOST_RECEIVED)
    assert all(t is not None for one in found for t in one.seen.values())
    come(arrivals, 2.0, *range(0, 1000, 2))
    assert [list(one.seen) for one in told(arrivals, 2.0)] == [[n] for n in range(1000)[-16::2]]
    assert MOST_LATE == 8


@given(
    st.integers(0, 0xFFFF),
    st.lists(
        st.tuples(
            st.integers(1, 60),
            st.lists(st.booleans(), min_size=1, max_size=80),
            st.randoms(use_true_random=False),
        ),
        max_size=12,
    ),
)
@settings(deadline=None)
def test_through_loss_disorder_and_wraps_each_packet_is_told_with_its_time(
    first: int, batches: list[tuple[int, list[bool], object]]
) -> None:
    """Each batch: milliseconds since the last, which of its packets came, and in which order."""
    arrivals, number, now = Arrivals(), first, 0.064 * (1 << 24) - 0.5
    when: dict[int, int] = {}
    seen: dict[int, int | None] = {}
    for wait_ms, came, chance in batches:
        numbers = [(number + at) & 0xFFFF for at, here in enumerate(came) if here]
        chance.shuffle(numbers)  # type: ignore[attr-defined]
        number += len(came)
        for one in numbers:
            now += wait_ms / 1000
            arrivals.untold[one] = round(now * TICKS_PER_S)
            when[one] = round(now * TICKS_PER_S) % (1 << 32)
        for report in told(arrivals, now):
            for one, tick in report.seen.items():
                assert seen.get(one) is None, "told twice"
                seen[one] = None if tick is None else tick % (1 << 32)
    assert {one: tick for one, tick in seen.items() if tick is not None} == when


@given(st.lists(st.lists(st.integers(0, 0xFFFF), max_size=60), max_size=6))
@settings(deadline=None)
def test_any_numbers_at_all_are_borne(batches: list[list[int]]) -> None:
    arrivals = Arrivals()
    for at, numbers in enumerate(batches):
        come(arrivals, at / 3, *numbers)
        for one in told(arrivals, at / 3):
            assert one.ssrc == SSRC
            assert len(one.seen) <= LONGEST_SPAN
            assert {n for n, t in one.seen.items() if t is not None} <= set(numbers)
