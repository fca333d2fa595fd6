"""What a participant counts; its life in a call is told in tests/video/test_room.py."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remote_court.demo.participant import Counts, report
from remote_court.demo.uplink import Outgoing
from remote_court.video import rtcp


@given(st.integers(0, 0xFFFF), st.lists(st.integers(1, 20), min_size=1))
def test_gaps_in_the_numbering_are_losses(first: int, steps: list[int]) -> None:
    counts, at = Counts(), first
    counts.note("2", "video", bytes(2) + at.to_bytes(2) + bytes(8))
    for step in steps:
        at = (at + step) & 0xFFFF
        counts.note("2", "video", bytes(2) + at.to_bytes(2) + bytes(8))
    assert counts.lost["2"] == sum(step - 1 for step in steps)
    assert counts.packets["2"] == counts.kinds["video"] == 1 + len(steps)


def test_a_senders_report_names_its_stream() -> None:
    stream = Outgoing(7, 96)
    stream.timestamp = 9000
    assert rtcp.read(report(stream)).sender_reports[7].rtp_timestamp == 9000
