"""The small world of networks is what the tests in it believe."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.netns import leftovers, packages
from tests.netns.line import Weather
from tests.netns.network import Network, Place

pytestmark = pytest.mark.alone
PING = b"x" * 200


@pytest.fixture
def world() -> Iterator[Network]:
    packages.need()
    with Network() as made:
        yield made


def udp(place: Place) -> socket.socket:
    with place.entered():
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind((place.address, 0))
    opened.settimeout(0.3)
    return opened


def arrived(sender: socket.socket, receiver: socket.socket, packets: int) -> int:
    for _ in range(packets):  # no more than a receiver's buffer holds
        sender.sendto(PING, receiver.getsockname())
    count = 0
    try:
        while count < packets:
            receiver.recv(1000)
            count += 1
    except TimeoutError:
        return count
    return count


def test_a_place_reaches_its_street_and_nothing_else(world: Network):
    near, far = world.street(), world.street()
    court, home, stranger = (world.place(name) for name in ("court", "home", "stranger"))
    court.live_in(near)
    home.live_in(near)
    stranger.live_in(far)
    with udp(court) as ours, udp(home) as theirs, udp(stranger) as other:
        assert arrived(theirs, ours, 5) == 5
        assert arrived(other, ours, 5) == 0
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside,
        pytest.raises(OSError, match="assign"),
    ):
        outside.bind((court.address, 0))


def test_a_line_loses_its_share_each_way_and_takes_its_time(world: Network):
    street = world.street()
    court, home = world.place("court"), world.place("home")
    court.live_in(street)
    line = home.live_in(street, line=True)
    with udp(court) as ours, udp(home) as theirs:
        assert arrived(ours, theirs, 100) == 100
        line.weather(down=Weather(loss_ratio=0.2), up=Weather(loss_ratio=0.5))
        assert 80 <= arrived(ours, theirs, 130) <= 123
        assert 35 <= arrived(theirs, ours, 130) <= 95
        line.weather(down=Weather(delay_ms=80))
        before = time.monotonic()
        assert arrived(ours, theirs, 1) == 1
        assert time.monotonic() - before >= 0.08


def test_a_limited_line_lets_through_its_rate(world: Network):
    street = world.street()
    court, home = world.place("court"), world.place("home")
    court.live_in(street)
    line = home.live_in(street)
    line.limit(down_kbps=400)
    with udp(court) as ours, udp(home) as theirs:
        assert arrived(ours, theirs, 150) < 110  # 36 kB at once; the queue holds 15, the bucket 4
        line.limit(down_kbps=None)
        assert arrived(ours, theirs, 100) == 100


def test_a_place_takes_another_address(world: Network):
    street = world.street()
    court, home = world.place("court"), world.place("home")
    court.live_in(street)
    home.live_in(street)
    old, new = home.address, home.readdress()
    assert old != new
    with udp(court) as ours, udp(home) as theirs:
        assert theirs.getsockname()[0] == new
        assert arrived(theirs, ours, 3) == 3


def test_programs_end_with_the_world_and_a_killed_runs_world_is_swept(world: Network):
    place = world.place("home")
    with Network() as other:
        program = other.place("other").start(["sleep", "60"])
    assert program.poll() is not None
    code = "import os; from tests.netns.network import Network\n"
    code += "w = Network(); w.place('lost').start(['sleep', '60']); os._exit(9)"
    killed = subprocess.Popen([sys.executable, "-c", code])
    assert killed.wait(20) == 9
    lost = f"rc-{killed.pid}-lost"
    assert lost in leftovers.existing()
    assert lost in leftovers.sweep()
    assert lost not in leftovers.existing()
    assert place.namespace in leftovers.existing()
    assert place.namespace.startswith(f"rc-{os.getpid()}-")
