"""What share of the packets sent to a receiver was lost on the way, over all its slots; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from aiortc.rtp import RtcpReceiverInfo

ENOUGH = 30
"""Packets below which a share says little: of ten, two are lost by chance on a fair line."""

SEQUENCES = 0xFFFFFFFF


@dataclass(slots=True)
class Losses:
    """Weighs each slot's report by the packets it speaks of; a slot's first one begins."""

    _highest: dict[int, int] = field(default_factory=dict)
    _packets: int = 0
    _lost: float = 0.0

    def heard(self, reports: Iterable[RtcpReceiverInfo]) -> float | None:
        """Take reports in; the share lost, once enough packets were reported on."""
        for report in reports:
            before = self._highest.get(report.ssrc, report.highest_sequence)
            packets = (report.highest_sequence - before) & SEQUENCES
            if packets > SEQUENCES // 2:  # an older report, overtaken
                continue
            self._highest[report.ssrc] = report.highest_sequence
            self._packets += packets
            self._lost += packets * report.fraction_lost / 256
        if self._packets < ENOUGH:
            return None
        share = self._lost / self._packets
        self._packets, self._lost = 0, 0.0
        return share
