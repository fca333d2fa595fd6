"""When pictures stop and when they come back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.bandwidth import (
    FIRST_RETRY,
    LEAST_BPS,
    MOST_BPS,
    Line,
    Trouble,
    ceiling,
)


def run(line: Line, start: int, seconds: int, *, loss: float, sent: float = 300_000) -> list[int]:
    """The seconds at which the verdict changed."""
    changed = []
    for now in range(start, start + seconds):
        line.heard_loss(loss)
        if line.judge(float(now), sent):
            changed.append(now)
    return changed


def test_a_good_line_stays_good() -> None:
    line = Line(estimate_bps=1_000_000)
    assert run(line, 1, 100, loss=0.02) == []
    assert not line.audio_only


def test_lasting_loss_stops_pictures_and_recovery_brings_them_back() -> None:
    line = Line()
    stopped = run(line, 1, 20, loss=0.3)
    assert len(stopped) == 1
    assert line.audio_only
    assert line.reason is Trouble.LOSS
    back = run(line, 21, 60, loss=0.0)
    assert len(back) == 1
    assert FIRST_RETRY <= back[0] - 21 <= FIRST_RETRY + 6
    assert not line.audio_only


def test_one_bad_second_is_not_a_poor_line() -> None:
    line = Line()
    assert run(line, 1, 1, loss=0.25) + run(line, 2, 30, loss=0.0) == []


def test_a_narrow_line_stops_pictures() -> None:
    line = Line(estimate_bps=80_000)
    assert len(run(line, 1, 10, loss=0.0, sent=250_000)) == 1
    assert line.reason is Trouble.BANDWIDTH


def test_a_quiet_sender_is_not_taken_for_a_narrow_line() -> None:
    line = Line(estimate_bps=90_000)
    assert run(line, 1, 60, loss=0.0, sent=80_000) == []


def test_each_failure_waits_longer_than_the_last() -> None:
    line, now, waits = Line(), 1, []
    for _ in range(4):
        since = now
        while not line.audio_only:
            run(line, now := now + 1, 1, loss=0.3)
        while line.audio_only:
            run(line, now := now + 1, 1, loss=0.0)
        waits.append(now - since)
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]


def test_what_the_person_asked_for_is_not_trouble() -> None:
    line = Line(asked=True)
    assert line.audio_only
    assert line.reason is Trouble.ASKED


@pytest.mark.parametrize(
    ("estimates", "limit"),
    [
        ([], MOST_BPS),
        ([(1_000_000, 2)], 500_000),
        ([(1_000_000, 1), (600_000, 1)], 600_000),
        ([(10_000, 1)], LEAST_BPS),
        ([(50_000_000, 1)], MOST_BPS),
        ([(800_000, 0)], 800_000),
    ],
)
def test_the_poorest_line_that_gets_pictures_sets_the_limit(
    estimates: list[tuple[int, int]], limit: int
) -> None:
    assert ceiling(estimates) == limit


@given(st.lists(st.tuples(st.integers(0, 1 << 40), st.integers(0, 20))))
def test_a_limit_is_always_within_reason(estimates: list[tuple[int, int]]) -> None:
    assert LEAST_BPS <= ceiling(estimates) <= MOST_BPS
