"""Bitrates out of counters."""

from __future__ import annotations

from remote_court.video.rates import Rates


def test_a_rate_rises_at_once_and_falls_by_half() -> None:
    rates = Rates(2)
    rates.read(1.0, [0, 500])
    assert rates.bps == [0.0, 0.0]
    rates.read(3.0, [1000, 500])
    assert rates.bps == [4000.0, 0.0]
    rates.read(4.0, [1000, 500])
    assert rates.bps == [2000.0, 0.0]
    rates.read(5.0, [2000, 625])
    assert rates.bps == [8000.0, 1000.0]


def test_two_readings_at_once_change_nothing() -> None:
    rates = Rates(1)
    rates.read(1.0, [0])
    rates.read(1.0, [1000])
    assert rates.bps == [0.0]
