"""A poor line: passes frames between two interfaces, and loses and delays some.

The kernel's netem does the same where it is built in; it often is not, so this is a program of its
own, which also counts what it lost. ``python line.py HOME STREET`` reads orders (JSON) from its
input, answers each with its counts, and ends when the input does.
"""

from __future__ import annotations

import heapq
import json
import os
import random
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

ETH_P_ALL = 3
OUTGOING = 4
LARGEST = 65_600
BURST = 64
LIFETIME_S = 280.0
"""A line whose test is gone ends by itself."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How one direction of a line is: the share lost, and the time that a frame takes."""

    loss_ratio: float = 0.0
    delay_ms: float = 0.0


def still() -> Weather:
    """A good line."""
    return Weather()


@dataclass
class Way:
    """One direction."""

    source: socket.socket
    target: socket.socket
    weather: Weather = field(default_factory=still)
    passed: int = 0
    lost: int = 0


class Line:
    """Both directions, and the frames under way."""

    def __init__(self, home: str, street: str, seed: int) -> None:
        inner, outer = raw(home), raw(street)
        self.ways = {"up": Way(inner, outer), "down": Way(outer, inner)}
        self._chance = random.Random(seed)
        self._under_way: list[tuple[float, int, socket.socket, bytes]] = []
        self._number = 0

    def run(self) -> None:
        """Carry frames until the input ends or the lifetime is over."""
        ready = selectors.DefaultSelector()
        for way in self.ways.values():
            ready.register(way.source, selectors.EVENT_READ, way)
        ready.register(sys.stdin, selectors.EVENT_READ, None)
        end = time.monotonic() + LIFETIME_S
        while time.monotonic() < end:
            pause = self._under_way[0][0] - time.monotonic() if self._under_way else 1.0
            for key, _ in ready.select(max(0.0, pause)):
                if key.data is not None:
                    self._carry(key.data)
                elif not self._heed():
                    return
            self._deliver()

    def _heed(self) -> bool:
        order = sys.stdin.readline()
        if not order:
            return False
        for name, weather in json.loads(order).items():
            self.ways[name].weather = Weather(**weather)
        counts = {name: [way.passed, way.lost] for name, way in self.ways.items()}
        sys.stdout.write(json.dumps(counts) + "\n")
        sys.stdout.flush()
        return True

    def _carry(self, way: Way) -> None:
        weather = way.weather
        for _ in range(BURST):
            try:
                frame, address = way.source.recvfrom(LARGEST)
            except BlockingIOError:
                return
            if address[2] == OUTGOING:
                continue
            if self._chance.random() < weather.loss_ratio:
                way.lost += 1
                continue
            way.passed += 1
            self._number += 1
            due = time.monotonic() + weather.delay_ms / 1000
            heapq.heappush(self._under_way, (due, self._number, way.target, frame))

    def _deliver(self) -> None:
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, target, frame = heapq.heappop(self._under_way)
            try:
                target.send(frame)
            except BlockingIOError:  # the other side's queue is full, as a router's may be
                continue


def raw(interface: str) -> socket.socket:
    """A socket for whole frames of an interface."""
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    opened.bind((interface, 0))
    return opened


def order(**weather: Weather) -> dict[str, Any]:
    """New weather as the line reads it."""
    return {name: asdict(each) for name, each in weather.items()}


def be_punctual() -> None:
    """Go before all else: a line's delay is not that of a busy machine."""
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


if __name__ == "__main__":
    be_punctual()
    Line(sys.argv[1], sys.argv[2], int(os.environ.get("LINE_SEED", "7"))).run()
