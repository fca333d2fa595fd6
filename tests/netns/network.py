"""A small world of networks for one test: places, streets they live in, lines between them.

    with Network() as world:
        street = world.street()
        court, home = world.place("court"), world.place("home")
        court.live_in(street)
        home.live_in(street, line=True)         # through a line that can be made poor
        with court.entered():                   # sockets made here stay in the court
            ...
        home.start(["chromium", ...])

A place is a network namespace: nothing of it is seen from outside, and nothing outside from it.
All goes when the block ends, also what a killed run left. Needs root and iproute2: call
``packages.need()`` first.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.netns import leftovers
from tests.netns.cables import cable, entered, ip, run
from tests.netns.line import Weather, still
from tests.netns.wire import Count, Wire

MOST_PLACES = 8
MOST_STREETS = 3


class Network:
    """Makes namespaces, and removes them when its block ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.places: list[Place] = []
        self.streets: list[Street] = []

    def __enter__(self) -> Self:
        leftovers.sweep()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def place(self, name: str) -> Place:
        """A namespace of its own, with loopback; ``name`` is short and all letters."""
        assert len(self.places) < MOST_PLACES, "a test's world is small"
        place = Place(self._namespace(name))
        self.places.append(place)
        self._stack.callback(place.leave)
        return place

    def street(self) -> Street:
        """A network that places may live in, with addresses of its own."""
        assert len(self.streets) < MOST_STREETS, "a test's world is small"
        number = len(self.streets)
        street = Street(self._namespace(f"street{number}"), f"198.18.{number}")
        ip(street.namespace, "link", "add", "bridge", "type", "bridge", "forward_delay", "0")
        ip(street.namespace, "link", "set", "bridge", "up")
        self.streets.append(street)
        return street

    def _namespace(self, name: str) -> str:
        full = f"rc-{os.getpid()}-{name}"
        run("ip", "netns", "add", full)
        self._stack.callback(leftovers.remove, full)
        with entered(full):
            Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("1")
            Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1")
        ip(full, "link", "set", "lo", "up")
        return full


@dataclass
class Street:
    """A bridge, its /24 (of 198.18.0.0/15, which RFC 2544 keeps for tests) and who lives there."""

    namespace: str
    prefix: str
    residents: int = 0

    def next_address(self) -> str:
        """An address nobody has had."""
        self.residents += 1
        return f"{self.prefix}.{self.residents}"


@dataclass
class Home:
    """Where a place meets a street: its interface, its address, and its end in the street."""

    street: Street
    namespace: str
    interface: str
    end: str
    address: str
    wire: Wire | None = None

    def weather(
        self, *, down: Weather | None = None, up: Weather | None = None
    ) -> dict[str, Count]:
        """Change the line, ``down`` towards the place and ``up`` from it; tells what was lost."""
        assert self.wire is not None, "this place has no line: live_in(street, line=True)"
        return self.wire.weather(down=down or still(), up=up or still())

    def limit(self, *, down_kbps: int | None) -> None:
        """Let no more than this through to the place (tc's token bucket, 300 ms of queue)."""
        where = ("-n", self.street.namespace, "qdisc")
        if down_kbps is None:
            run("tc", *where, "del", "dev", self.end, "root")
            return
        bucket = ("tbf", "rate", f"{down_kbps}kbit", "burst", "4kb", "latency", "300ms")
        run("tc", *where, "replace", "dev", self.end, "root", *bucket)

    def limit_up(self, kbps: int, *, queue_ms: int) -> None:
        """Let no more than this out of the place; what is more waits so long before it is lost."""
        bucket = ("tbf", "rate", f"{kbps}kbit", "burst", "4kb", "latency", f"{queue_ms}ms")
        where = ("-n", self.namespace, "qdisc", "replace", "dev", self.interface, "root")
        run("tc", *where, *bucket)

    def waiting_up(self) -> int:
        """Bytes that wait before that limit now."""
        shown = run("tc", "-n", self.namespace, "-s", "-j", "qdisc", "show", "dev", self.interface)
        return int(json.loads(shown)[0]["backlog"])


@dataclass
class Place:
    """A namespace: where programs run and sockets live."""

    namespace: str
    homes: list[Home] = field(default_factory=list)
    programs: list[subprocess.Popen[Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Its first address."""
        return self.homes[0].address

    def live_in(self, street: Street, *, line: bool = False) -> Home:
        """Take an address in a street; ``line`` puts a line between, good until told otherwise."""
        interface, address = f"eth{len(self.homes)}", street.next_address()
        end, inner = f"h{street.residents}", f"b{street.residents}"
        cable(self.namespace, interface, street.namespace, end)
        home = Home(street, self.namespace, interface, end, address)
        if line:
            cable(street.namespace, inner, street.namespace, f"i{street.residents}")
            ip(street.namespace, "link", "set", inner, "master", "bridge")
            home.wire = Wire(street.namespace, home=end, street=f"i{street.residents}")
        else:
            ip(street.namespace, "link", "set", end, "master", "bridge")
        ip(self.namespace, "address", "add", f"{address}/24", "dev", interface)
        if not self.homes:  # a browser looks for the way to everywhere to find its own address
            ip(self.namespace, "route", "add", "default", "dev", interface)
        self.homes.append(home)
        return home

    def readdress(self) -> str:
        """Give up the first address and take another, as a telephone that changes networks."""
        home, new = self.homes[0], self.homes[0].street.next_address()
        ip(self.namespace, "address", "del", f"{home.address}/24", "dev", home.interface)
        ip(self.namespace, "address", "add", f"{new}/24", "dev", home.interface)
        ip(self.namespace, "route", "replace", "default", "dev", home.interface)
        home.address = new
        return new

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be in this place: sockets that are made here stay here. No await inside."""
        with entered(self.namespace):
            yield

    def command(self, *program: str) -> list[str]:
        """A command line that runs a program in this place."""
        return ["ip", "netns", "exec", self.namespace, *program]

    def start(self, program: Sequence[str], **how: Any) -> subprocess.Popen[Any]:
        """Start a program here; it is ended with the world."""
        started = subprocess.Popen(self.command(*program), **how)
        self.programs.append(started)
        return started

    def leave(self) -> None:
        """End what runs here."""
        for home in self.homes:
            if home.wire is not None:
                home.wire.close()
        for program in self.programs:
            program.terminate()
        for program in self.programs:
            try:
                program.wait(3)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
