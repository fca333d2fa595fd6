"""What the line to one receiver carries, as far as it has shown; pure.

Nothing is known of a line before it was too narrow for something. From then on it has a budget,
which is widened step by step: an estimate made without pictures says nothing about pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

POOR_LOSS = 0.3
"""Share lost on the way above which repairs come too late for pictures; below, they do not."""

GOOD_LOSS = 0.15
OVERSHOOT = 1.3
"""How far above the receiver's estimate we must send before the estimate counts as a limit."""

MARGIN = 0.9
"""Share of what was measured that is planned with."""

PATIENCE = 2.0
"""Seconds that trouble must last before there are lower layers."""

SLOW_PATIENCE = 8.0
"""Seconds after which there is no picture: estimates also sink when a device is out of breath."""

CALM = 2
"""Seconds without trouble after which the last one is over: estimates jump."""

RISING = 1.03
"""Growth of an estimate from one second to the next: it follows what is sent, by and by."""

FIRST_RETRY = 5.0
LAST_RETRY = 80.0
PROOF = 20.0
"""Seconds that a wider budget must hold before the next trouble waits as long as the first."""

WIDER = 1.25
AUDIO_BPS = 40_000
LEAST_BPS = 150_000
MOST_BPS = 2_500_000
LOWER_BPS = 650_000
"""What all encodings but the largest take, as our pages offer them."""


class Trouble(StrEnum):
    """Why somebody is not sent a picture."""

    NONE = ""
    LOSS = "loss"
    BANDWIDTH = "bandwidth"
    ASKED = "asked"
    CODEC = "codec"


@dataclass(frozen=True, slots=True)
class Need:
    """What is sent to a receiver, in bit/s.

    ``more`` is the budget at which one step more could be taken, None where everything useful
    is sent. ``shown`` pictures are sent, ``withheld`` ones do not fit.
    """

    more: float | None = None
    shown: int = 0
    withheld: int = 0


@dataclass(slots=True)
class Line:
    """What is known of the line to one receiver; feed it, then ask ``judge`` once a second.

    ``budget_bps`` is None while the line has shown no limit; while it is not ``strict``, the
    smallest of each picture is sent all the same.
    """

    loss_ratio: float = 0.0
    estimate_bps: int | None = None
    budget_bps: float | None = None
    strict: bool = False
    asked: bool = False
    need: Need = Need()
    _cause: Trouble = Trouble.NONE
    _poor_since: float | None = None
    _good_since: float | None = None
    _widened_at: float = float("-inf")
    _retry_after: float = FIRST_RETRY
    _failed: bool = False
    _estimated: int | None = None
    _calm: int = 0

    def remember(self, before: Line) -> None:
        """Begin with what the same person's last connection has shown, not with a flood."""
        self.budget_bps, self.strict, self._cause = before.budget_bps, before.strict, before._cause
        self._widened_at, self._retry_after = before._widened_at, before._retry_after
        self._failed = before._failed

    @property
    def audio_only(self) -> bool:
        """Whether no picture is sent though there are some."""
        return self.asked or (self.need.withheld > 0 and not self.need.shown)

    @property
    def reason(self) -> Trouble:
        """Why pictures are withheld, to tell the person."""
        if self.asked:
            return Trouble.ASKED
        return self._cause if self.need.withheld else Trouble.NONE

    @property
    def unsettled(self) -> bool:
        """Whether what is sent must follow what it costs now: the line has a limit, or may have."""
        return self.budget_bps is not None or self._poor_since is not None

    def heard_loss(self, ratio: float) -> None:
        """A receiver report came in; smooth, so that one bad second is not a poor line."""
        self.loss_ratio += (ratio - self.loss_ratio) * 0.5

    def judge(self, now: float, sent_bps: float) -> bool:
        """Decide anew; returns whether the budget changed."""
        trouble = self._trouble_now(sent_bps)
        if trouble is not Trouble.NONE:
            self._calm = 0
            return self._narrow(now, sent_bps, trouble)
        self._calm += 1
        if self._calm >= CALM:
            self._poor_since = None
        if not self._failed and now - self._widened_at > PROOF:
            self._retry_after = FIRST_RETRY
        return self._widen(now)

    def _trouble_now(self, sent_bps: float) -> Trouble:
        if self.loss_ratio >= POOR_LOSS:
            return Trouble.LOSS
        estimate, before = self.estimate_bps, self._estimated
        self._estimated = estimate
        if estimate is None or not self.need.shown or sent_bps <= estimate * OVERSHOOT:
            return Trouble.NONE
        rises = before is not None and estimate >= before * RISING
        return Trouble.NONE if rises else Trouble.BANDWIDTH

    def _narrow(self, now: float, sent_bps: float, trouble: Trouble) -> bool:
        self._good_since = None
        if self._poor_since is None:
            self._poor_since = now
        lasted = now - self._poor_since
        if lasted < PATIENCE:
            return False
        measured = sent_bps * (1 - self.loss_ratio)
        if trouble is Trouble.BANDWIDTH and self.estimate_bps is not None:
            measured = min(self.estimate_bps, sent_bps)
        budget = measured * MARGIN
        strict = lasted >= SLOW_PATIENCE
        if strict <= self.strict and self.budget_bps is not None and budget >= self.budget_bps:
            return False
        if now - self._widened_at <= PROOF:
            self._retry_after = min(self._retry_after * 2, LAST_RETRY)
        self.budget_bps, self.strict = budget, strict or self.strict
        self._cause, self._failed = trouble, True
        return True

    def _widen(self, now: float) -> bool:
        if self.budget_bps is None or self.loss_ratio > GOOD_LOSS:
            self._good_since = None
            return False
        if self._good_since is None:
            self._good_since = now
        if now - self._good_since < self._retry_after:
            return self._believe()
        more = self.need.more
        self.budget_bps = None if more is None else max(more, self.budget_bps * WIDER)
        self.estimate_bps, self.strict = None, False
        self._good_since, self._widened_at, self._failed = now, now, False
        return True

    def _believe(self) -> bool:
        """Take the receiver's word where it speaks of more than is planned with."""
        if self.estimate_bps is None or self.budget_bps is None or self.strict:
            return False
        believed = self.estimate_bps * MARGIN
        if believed <= self.budget_bps:
            return False
        self.budget_bps = believed
        return True


def highest(budgets_bps: Sequence[float | None]) -> int:
    """What a sender of several encodings may send: what the best receiver can use.

    The lower ones go out beside the one that it gets. None is a line that has shown no limit.
    """
    if not budgets_bps or None in budgets_bps:
        return MOST_BPS
    return min(MOST_BPS, round(max(b for b in budgets_bps if b is not None)) + LOWER_BPS)


def ceiling(estimates_bps: list[tuple[int, int]]) -> int:
    """What a sender may send: the poorest receiver's share that still gets pictures.

    ``estimates_bps`` holds, per receiver, its estimate and how many pictures share it.
    """
    shares = [estimate // max(1, pictures) for estimate, pictures in estimates_bps]
    return max(LEAST_BPS, min(MOST_BPS, *shares)) if shares else MOST_BPS
