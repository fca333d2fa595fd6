"""What is kept of a line when the call is over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.ports import Figures
from remote_court.video.tally import Tally


def test_each_reading_leaves_with_the_sum_of_all_so_far() -> None:
    tally = Tally()
    first = tally.take(Figures(rtt_ms=900, loss_ratio=0.02, freezes=1), audio_only=False)
    second = tally.take(Figures(rtt_ms=30, loss_ratio=0.2, jitter_ms=12), audio_only=True)
    third = tally.take(Figures(), audio_only=False)
    assert (first.rtt_ms, first.freezes, first.audio_only) == (900, 1, False)
    assert second.audio_only
    assert first.extra["poor_readings"] == 1
    assert third.extra == {
        "readings": 3,
        "poor_readings": 2,
        "audio_only_readings": 1,
        "worst_rtt_ms": 900,
        "worst_loss_ratio": 0.2,
        "worst_jitter_ms": 12,
        "mean_loss_ratio": (0.02 + 0.2) / 3,
    }


@given(st.lists(st.tuples(st.none() | st.floats(0, 1e6), st.none() | st.floats(0, 1))))
def test_the_worst_is_no_better_than_any_and_the_mean_no_worse_than_the_worst(
    readings: list[tuple[float | None, float | None]],
) -> None:
    tally = Tally()
    for rtt, loss in readings:
        tally.take(Figures(rtt_ms=rtt, loss_ratio=loss), audio_only=False)
    sums = tally.sums()
    assert sums["readings"] == len(readings)
    assert sums["mean_loss_ratio"] <= sums["worst_loss_ratio"] + 1e-9
    assert all((rtt or 0) <= sums["worst_rtt_ms"] for rtt, _ in readings)
