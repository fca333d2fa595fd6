"""When a line is too poor for pictures, and when it is good again; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

POOR_LOSS = 0.15
GOOD_LOSS = 0.05
POOR_BPS = 120_000
OVERSHOOT = 1.3
"""How far above the receiver's estimate we must send before the estimate counts as a limit."""

PATIENCE = 3.0
SLOW_PATIENCE = 8.0
"""Seconds that a low estimate must last: it also sinks when a device is short of breath."""
FIRST_RETRY = 10.0
LAST_RETRY = 80.0
PROOF = 20.0
"""Seconds of good pictures after which the next trouble starts from the first retry again."""

LEAST_BPS = 150_000
MOST_BPS = 2_500_000


class Trouble(StrEnum):
    """Why somebody receives sound only."""

    NONE = ""
    LOSS = "loss"
    BANDWIDTH = "bandwidth"
    ASKED = "asked"


@dataclass(slots=True)
class Line:
    """What is known of the line to one receiver; feed it, then ask ``judge`` once a second."""

    loss_ratio: float = 0.0
    estimate_bps: int | None = None
    trouble: Trouble = Trouble.NONE
    asked: bool = False
    _poor_since: float | None = None
    _good_since: float | None = None
    _changed_at: float = 0.0
    _retry_after: float = FIRST_RETRY

    @property
    def audio_only(self) -> bool:
        """Whether no picture shall be sent."""
        return self.asked or self.trouble is not Trouble.NONE

    @property
    def reason(self) -> Trouble:
        """The reason to tell the person."""
        return Trouble.ASKED if self.asked else self.trouble

    def heard_loss(self, ratio: float) -> None:
        """A receiver report came in; smooth, so that one bad second is not a poor line."""
        self.loss_ratio += (ratio - self.loss_ratio) * 0.5

    def judge(self, now: float, sent_bps: float) -> bool:
        """Decide anew; returns whether the decision changed.

        Without pictures the estimate says nothing (it follows what is sent), so a line that
        loses little is tried again after a while, and less often each time that fails.
        """
        if self.trouble is Trouble.NONE:
            return self._judge_pictures(now, sent_bps)
        if self.loss_ratio > GOOD_LOSS:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = now
        elif now - self._good_since >= self._retry_after:
            self.trouble, self._changed_at, self._poor_since = Trouble.NONE, now, None
            self.estimate_bps = None
            return True
        return False

    def _judge_pictures(self, now: float, sent_bps: float) -> bool:
        trouble = self._trouble_now(sent_bps)
        if trouble is Trouble.NONE:
            self._poor_since = None
            if now - self._changed_at > PROOF:
                self._retry_after = FIRST_RETRY
            return False
        if self._poor_since is None:
            self._poor_since = now
        patience = PATIENCE if trouble is Trouble.LOSS else SLOW_PATIENCE
        if now - self._poor_since < patience:
            return False
        if 0 < now - self._changed_at <= PROOF and self._changed_at > 0:
            self._retry_after = min(self._retry_after * 2, LAST_RETRY)
        self.trouble, self._changed_at, self._good_since = trouble, now, None
        return True

    def _trouble_now(self, sent_bps: float) -> Trouble:
        if self.loss_ratio >= POOR_LOSS:
            return Trouble.LOSS
        estimate = self.estimate_bps
        if estimate is not None and estimate < POOR_BPS and sent_bps > estimate * OVERSHOOT:
            return Trouble.BANDWIDTH
        return Trouble.NONE


def ceiling(estimates_bps: list[tuple[int, int]]) -> int:
    """What a sender may send: the poorest receiver's share that still gets pictures.

    ``estimates_bps`` holds, per receiver, its estimate and how many pictures share it.
    """
    shares = [estimate // max(1, pictures) for estimate, pictures in estimates_bps]
    return max(LEAST_BPS, min(MOST_BPS, *shares)) if shares else MOST_BPS
