"""What a worker has counted, as Prometheus reads it; nothing is counted twice for its sake.

The forwarding path keeps plain numbers for its own use. They are read when ``/metrics`` is, and
added up once more when somebody goes, so that no sum ever falls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from typing_extensions import override

from remote_court.telemetry import REGISTRY, Spans
from remote_court.video.drops import Drops

if TYPE_CHECKING:
    from remote_court.video.media import Media
    from remote_court.video.worker import Worker

PREFIX = "remote_court_media_"
LABELS = ("worker",)
JOIN_S = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)
LAG_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


@dataclass(slots=True)
class Traffic:
    """What clients sent, got and asked for; each field is a counter of that name.

    Octets are those of payloads, before they are sealed; packets sent include those sent again.
    """

    packets_received: int = 0
    packets_sent: int = 0
    octets_received: int = 0
    octets_sent: int = 0
    lost_upstream: int = 0
    nacked_upstream: int = 0
    repaired_upstream: int = 0
    nacked_downstream: int = 0
    resent_downstream: int = 0
    key_frames_wanted: int = 0
    key_frames_asked: int = 0
    drops: Drops = field(default_factory=Drops)

    def add(self, media: Media) -> None:
        """Count what one client's media counted, too."""
        for track in media.tracks:
            self.packets_received += track.reception.received
            self.octets_received += track.octets
            self.packets_sent += track.forwarded - track.barred - track.failed
            self.lost_upstream += track.reception.given_up
            self.nacked_upstream += track.asked
            self.key_frames_asked += track.refreshed
            self.drops.not_permitted += track.barred
            self.drops.seal_failed += track.failed
        for leg in media.legs:
            self.octets_sent += leg.octets
            self.nacked_downstream += leg.asked
            self.resent_downstream += leg.resent
            self.packets_sent += leg.resent
        self.repaired_upstream += media.repaired
        self.key_frames_wanted += media.refreshes
        self.drops.send_failed += media.path.failed
        self.drops.add(media.drops)

    def copy(self) -> Traffic:
        """The same numbers, to be added to."""
        made = Traffic(**{name: getattr(self, name) for name in COUNTERS})
        made.drops.add(self.drops)
        return made


COUNTERS = {
    "packets_received": "Media packets received and opened",
    "packets_sent": "Media packets sealed for a receiver, those sent again included",
    "octets_received": "Bytes of payload received",
    "octets_sent": "Bytes of payload passed on",
    "lost_upstream": "Packets given up after they were asked for in vain",
    "nacked_upstream": "Packets asked of their senders again, each time counted",
    "repaired_upstream": "Packets that came as retransmissions",
    "nacked_downstream": "Packets that receivers asked for again",
    "resent_downstream": "Packets sent again to receivers",
    "key_frames_wanted": "Key frames that receivers asked for",
    "key_frames_asked": "Key frames asked of senders",
}
assert {each.name for each in fields(Traffic)} == {*COUNTERS, "drops"}


class Tally:
    """The figures of one worker: of who is here, and of all who were.

    ``joins`` counts how attempts to come in ended: ``connected``, ``no_media``, or the code of
    the refusal. ``join`` is the time from a client's first word to its media's being up, ``lag``
    how late the worker's clockwork was.
    """

    def __init__(self) -> None:
        self.joins: Counter[str] = Counter()
        self.join, self.lag = Spans(JOIN_S), Spans(LAG_S)
        self.falls = 0
        self._past = Traffic()
        self._here: set[Media] = set()

    def begin(self, media: Media) -> None:
        """Somebody comes."""
        self._here.add(media)

    def end(self, media: Media) -> None:
        """Somebody has gone; safe twice."""
        if media in self._here:
            self._here.remove(media)
            self._past.add(media)

    @property
    def traffic(self) -> Traffic:
        """All that was counted since the start."""
        total = self._past.copy()
        for media in self._here:
            total.add(media)
        return total


class Meters(Collector):
    """Shows the workers of this process: one, but for tests."""

    def __init__(self) -> None:
        self._workers: dict[str, Worker] = {}

    def begin(self, worker: Worker) -> None:
        """Show this worker."""
        self._workers[worker.worker_id] = worker

    def end(self, worker: Worker) -> None:
        """Show it no more; safe twice."""
        if self._workers.get(worker.worker_id) is worker:
            del self._workers[worker.worker_id]

    @override
    def collect(self) -> Iterable[Metric]:
        """The metrics of all workers; names and meanings stay the same without any."""
        workers = tuple(self._workers.values())
        totals = [(worker, worker.tally.traffic) for worker in workers]
        yield from presence(workers)
        yield from traffic(totals)
        yield refused(totals)
        yield joined(workers)
        yield from timed(workers)


def presence(workers: Iterable[Worker]) -> Iterator[Metric]:
    """Who is here."""
    rooms = GaugeMetricFamily(f"{PREFIX}rooms", "Calls on this worker", labels=LABELS)
    peers = GaugeMetricFamily(f"{PREFIX}peers", "Connections on this worker", labels=LABELS)
    strangers = GaugeMetricFamily(
        f"{PREFIX}strangers", "Sockets whose first word is awaited", labels=LABELS
    )
    falls = CounterMetricFamily(
        f"{PREFIX}clockwork_falls", "Times the clockwork failed and began anew", labels=LABELS
    )
    datagrams = CounterMetricFamily(
        f"{PREFIX}datagrams_received", "Datagrams of all kinds received", labels=LABELS
    )
    for worker in workers:
        whose, load = (worker.worker_id,), worker.load
        rooms.add_metric(whose, load.rooms)
        peers.add_metric(whose, load.peers)
        strangers.add_metric(whose, len(worker.lobby))
        falls.add_metric(whose, worker.tally.falls)
        datagrams.add_metric(whose, worker.port.datagrams)
    return iter((rooms, peers, strangers, falls, datagrams))


def traffic(totals: Iterable[tuple[Worker, Traffic]]) -> Iterator[Metric]:
    """What went in and out."""
    for name, about in COUNTERS.items():
        family = CounterMetricFamily(PREFIX + name, about, labels=LABELS)
        for worker, total in totals:
            family.add_metric((worker.worker_id,), getattr(total, name))
        yield family


def refused(totals: Iterable[tuple[Worker, Traffic]]) -> Metric:
    """What went no further, by why."""
    family = CounterMetricFamily(
        f"{PREFIX}dropped", "Packets and datagrams that went no further", labels=(*LABELS, "reason")
    )
    for worker, total in totals:
        drops = Drops()
        for part in (total.drops, worker.port.drops):
            drops.add(part)
        drops.send_failed += worker.port.outbox.failed
        for reason, count in drops:
            family.add_metric((worker.worker_id, reason), count)
    return family


def joined(workers: Iterable[Worker]) -> Metric:
    """How attempts to come in ended."""
    family = CounterMetricFamily(
        f"{PREFIX}joins", "Attempts to come in, by how they ended", labels=(*LABELS, "outcome")
    )
    for worker in workers:
        for outcome, count in {"connected": 0, "no_media": 0, **worker.tally.joins}.items():
            family.add_metric((worker.worker_id, outcome), count)
    return family


def timed(workers: Iterable[Worker]) -> Iterator[Metric]:
    """How long things take."""
    forwarding = HistogramMetricFamily(
        f"{PREFIX}forwarding_seconds",
        "From the reading of a burst to its last packet's being sent; one burst in 64",
        labels=LABELS,
    )
    bursts = CounterMetricFamily(
        f"{PREFIX}forwarding_datagrams", "Datagrams in the bursts that were timed", labels=LABELS
    )
    lag = HistogramMetricFamily(
        f"{PREFIX}loop_lag_seconds", "How late the worker's clockwork was", labels=LABELS
    )
    join = HistogramMetricFamily(
        f"{PREFIX}join_seconds", "From a client's coming to its media's being up", labels=LABELS
    )
    for worker in workers:
        whose = (worker.worker_id,)
        worker.port.forwarding.show(forwarding, whose)
        bursts.add_metric(whose, worker.port.timed)
        worker.tally.lag.show(lag, whose)
        worker.tally.join.show(join, whose)
    return iter((forwarding, bursts, lag, join))


METERS = Meters()
REGISTRY.register(METERS)
