"""How many messages a client may send."""

from __future__ import annotations

from remote_court.video.limits import Bucket


def test_a_burst_is_fine_and_a_flood_is_not() -> None:
    bucket = Bucket(burst=5, rate=2)
    assert [bucket.take(0.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert [bucket.take(1.0) for _ in range(3)] == [True, True, False]


def test_an_even_pace_never_runs_dry() -> None:
    bucket = Bucket(burst=5, rate=2)
    assert all(bucket.take(at * 0.5) for at in range(100))
