"""All readings of one connection, summed up: what is kept of a line when the call is over; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remote_court.video.ports import Figures

POOR_RTT_MS = 800
POOR_LOSS = 0.1


@dataclass(slots=True)
class Tally:
    """Fed with every reading; each reading leaves with the sum of all so far."""

    readings: int = 0
    poor: int = 0
    audio_only: int = 0
    worst_rtt_ms: float = 0.0
    worst_loss_ratio: float = 0.0
    worst_jitter_ms: float = 0.0
    _lost: float = 0.0

    def take(self, figures: Figures, *, audio_only: bool) -> Figures:
        """Add a reading; it comes back with ``extra``, and whether there was sound only."""
        rtt, loss = figures.rtt_ms or 0.0, figures.loss_ratio or 0.0
        self.readings += 1
        self.poor += rtt > POOR_RTT_MS or loss > POOR_LOSS
        self.audio_only += audio_only
        self.worst_rtt_ms = max(self.worst_rtt_ms, rtt)
        self.worst_loss_ratio = max(self.worst_loss_ratio, loss)
        self.worst_jitter_ms = max(self.worst_jitter_ms, figures.jitter_ms or 0.0)
        self._lost += loss
        return replace(figures, audio_only=audio_only, extra=self.sums())

    def sums(self) -> dict[str, float]:
        """What is kept beside the newest reading."""
        return {
            "readings": self.readings,
            "poor_readings": self.poor,
            "audio_only_readings": self.audio_only,
            "worst_rtt_ms": self.worst_rtt_ms,
            "worst_loss_ratio": self.worst_loss_ratio,
            "worst_jitter_ms": self.worst_jitter_ms,
            "mean_loss_ratio": self._lost / self.readings if self.readings else 0.0,
        }
