"""When less is sent, when nothing but sound, and when there is more again."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.bandwidth import (
    FIRST_RETRY,
    LAST_RETRY,
    LEAST_BPS,
    LOWER_BPS,
    MOST_BPS,
    PATIENCE,
    SLOW_PATIENCE,
    Line,
    Need,
    Trouble,
    ceiling,
    highest,
)

STEPS = (150e3, 500e3, 1.5e6)
SOUND = 40e3


class Wire:
    """A line that carries ``capacity``, and a receiver that estimates it as Chromium does."""

    def __init__(self, capacity: float, *, loss: float = 0.0) -> None:
        self.line = Line()
        self.capacity, self.loss = capacity, loss
        self.level: int | None = len(STEPS) - 1
        self.now = 0.0
        self.levels: list[int | None] = []

    @property
    def sent(self) -> float:
        return SOUND + (0 if self.level is None else STEPS[self.level])

    def second(self) -> bool:
        """A second of sending; then of judging and of sharing out."""
        self.now += 1
        line, arrived = self.line, min(self.sent, self.capacity)
        if self.sent > self.capacity:
            line.estimate_bps = int(arrived * 0.85)
        elif line.estimate_bps is None or line.estimate_bps < arrived * 1.5:
            line.estimate_bps = int(min(arrived * 1.5, 1.08 * (line.estimate_bps or arrived)))
        line.heard_loss(self.loss)
        changed = line.judge(self.now, self.sent)
        budget = float("inf") if line.budget_bps is None else line.budget_bps - SOUND
        fitting = [at for at, bps in enumerate(STEPS) if bps <= budget]
        self.level = max(fitting, default=None if line.strict else 0)
        more = None
        if self.level != len(STEPS) - 1:
            more = SOUND + STEPS[0 if self.level is None else self.level + 1]
        shown = self.level is not None
        line.need = Need(more, int(shown), int(not shown))
        self.levels.append(self.level)
        return changed

    def run(self, seconds: int) -> list[int | None]:
        before = len(self.levels)
        for _ in range(seconds):
            self.second()
        return self.levels[before:]

    def until(self, wish: Callable[[], bool], most: int = 300) -> float:
        since = self.now
        while not wish():
            self.second()
            assert self.now - since < most
        return self.now - since


def test_a_good_line_has_no_budget() -> None:
    wire = Wire(5e6, loss=0.02)
    assert set(wire.run(200)) == {2}
    assert wire.line.budget_bps is None


def test_a_narrow_line_gets_a_lower_layer_within_seconds_and_keeps_its_picture() -> None:
    wire = Wire(800e3)
    assert wire.until(lambda: wire.level == 1) <= PATIENCE + 2
    levels = wire.run(60)
    assert None not in levels
    assert levels.count(1) > 45
    assert not wire.line.audio_only


def test_a_line_that_carries_no_picture_gets_sound_and_a_reason() -> None:
    wire = Wire(90e3)
    assert SLOW_PATIENCE <= wire.until(lambda: wire.line.audio_only) <= SLOW_PATIENCE + 4
    assert wire.line.reason is Trouble.BANDWIDTH


def test_a_line_that_recovers_gets_everything_back() -> None:
    wire = Wire(90e3)
    wire.until(lambda: wire.line.audio_only)
    wire.capacity = 5e6
    assert wire.until(lambda: wire.level == 0) <= 2 * FIRST_RETRY + 1
    assert wire.until(lambda: wire.level == 2) <= 40
    assert set(wire.run(60)) == {2}
    assert wire.line.budget_bps is None
    assert wire.line.reason is Trouble.NONE


def test_an_estimate_that_nothing_renews_does_not_keep_pictures_away_for_ever() -> None:
    wire = Wire(90e3)
    wire.until(lambda: wire.line.audio_only)
    for _ in range(20):  # without pictures, Chromium says no more what it thinks
        wire.line.estimate_bps = 8_000
        wire.line.heard_loss(0.0)
        if wire.line.judge(wire.now, SOUND):
            break
        wire.now += 1
    assert (wire.line.budget_bps or 1e9) > STEPS[0]


def test_trouble_that_stops_for_a_second_is_one_trouble() -> None:
    line = Line(estimate_bps=90_000, need=Need(None, 1, 0))
    troubles = [90_000, 90_000, 300_000] * 4
    judged = []
    for now, estimate in enumerate(troubles):
        line.estimate_bps = estimate
        judged.append(line.judge(float(now), 200_000))
    assert any(judged)
    assert line.strict


def test_each_failed_trial_waits_longer_than_the_last() -> None:
    wire = Wire(300e3)
    wire.until(lambda: wire.level == 0)
    trials = [at for at, level in enumerate(wire.run(400)) if level == 1]
    starts = [after for before, after in itertools.pairwise([-9, *trials]) if after - before > 1]
    gaps = [after - before for before, after in itertools.pairwise(starts)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= LAST_RETRY
    assert len(trials) < 60


def test_lasting_loss_stops_pictures_and_recovery_brings_them_back() -> None:
    wire = Wire(5e6, loss=0.6)
    wire.until(lambda: wire.line.audio_only, most=20)
    assert wire.line.reason is Trouble.LOSS
    wire.run(30)
    assert wire.line.audio_only
    wire.loss = 0.0
    assert FIRST_RETRY <= wire.until(lambda: wire.level == 0) <= 2 * FIRST_RETRY + 8
    assert wire.until(lambda: wire.level == 2) <= 60


def test_one_bad_second_is_not_a_poor_line() -> None:
    wire = Wire(5e6, loss=0.5)
    wire.second()
    wire.loss = 0.0
    assert set(wire.run(30)) == {2}


def test_loss_that_repairs_make_good_takes_no_picture() -> None:
    assert set(Wire(5e6, loss=0.15).run(60)) == {2}


def test_a_quiet_sender_is_not_taken_for_a_narrow_line() -> None:
    line = Line(estimate_bps=90_000)
    assert not any(line.judge(float(now), 80_000) for now in range(60))


def test_what_the_person_asked_for_is_not_trouble() -> None:
    line = Line(asked=True)
    assert line.audio_only
    assert line.reason is Trouble.ASKED


@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 10_000_000),
            st.floats(0, 1),
            st.floats(0, 1e7),
            st.none() | st.floats(0, 1e7),
        ),
        max_size=60,
    )
)
def test_a_budget_is_never_negative_and_changes_only_when_that_is_said(
    seconds: list[tuple[int | None, float, float, float | None]],
) -> None:
    line = Line()
    for now, (estimate, loss, sent, more) in enumerate(seconds):
        line.estimate_bps, line.need = estimate, Need(more, 1, 0)
        line.heard_loss(loss)
        before = line.budget_bps
        changed = line.judge(float(now), sent)
        assert changed or line.budget_bps == before
        assert line.budget_bps is None or line.budget_bps >= 0


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


@pytest.mark.parametrize(
    ("budgets", "limit"),
    [
        ([], MOST_BPS),
        ([None, 100e3], MOST_BPS),
        ([100e3, 300e3], 300_000 + LOWER_BPS),
        ([9e9], MOST_BPS),
        ([0.0], LOWER_BPS),
    ],
)
def test_of_several_encodings_the_best_line_sets_the_limit(
    budgets: list[float | None], limit: int
) -> None:
    assert highest(budgets) == limit


@given(st.lists(st.tuples(st.integers(0, 1 << 40), st.integers(0, 20))))
def test_a_limit_is_always_within_reason(estimates: list[tuple[int, int]]) -> None:
    assert LEAST_BPS <= ceiling(estimates) <= MOST_BPS


def test_who_comes_back_gets_what_their_line_had_shown_and_it_widens_as_before() -> None:
    wire = Wire(200_000)
    wire.until(lambda: wire.line.budget_bps is not None, most=30)
    before, wire.line = wire.line, Line()
    wire.line.remember(before)
    assert wire.line.budget_bps == before.budget_bps
    assert wire.line.loss_ratio == 0
    wire.line.need = before.need
    assert wire.until(lambda: (wire.line.budget_bps or 1e9) > (before.budget_bps or 0)) <= 40
