"""How much of what a receiver was sent got lost."""

from __future__ import annotations

from aiortc.rtp import RtcpReceiverInfo

from remote_court.video import rtcp
from remote_court.video.losses import ENOUGH, Losses


def report(ssrc: int, fraction: float, highest: int) -> RtcpReceiverInfo:
    return rtcp.report_block(
        ssrc, fraction_lost=int(fraction * 256), lost=0, highest=highest, jitter=0, lsr=0, dlsr=0
    )


def test_each_slot_weighs_as_much_as_it_was_sent() -> None:
    losses = Losses()
    assert losses.heard([report(1, 0, 1000), report(2, 0, 50)]) is None
    assert losses.heard([report(1, 0, 1090), report(2, 0.5, 60)]) == 0.05


def test_few_packets_say_nothing_until_there_are_enough() -> None:
    losses = Losses()
    losses.heard([report(1, 0, 0)])
    told = [losses.heard([report(1, 0.25, highest)]) for highest in range(10, ENOUGH + 11, 10)]
    assert told == [None, None, 0.25, None]


def test_numbers_wrap_and_an_older_report_is_overlooked() -> None:
    losses = Losses()
    losses.heard([report(1, 0, 0xFFFFFFF0)])
    assert losses.heard([report(1, 0.5, 0x30)]) == 0.5
    assert losses.heard([report(1, 1, 0xFFFFFFF8)]) is None
    assert losses.heard([report(1, 0.25, 0x30 + ENOUGH)]) == 0.25
