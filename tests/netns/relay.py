"""A real relay (coturn), set up by the recipe that operators follow."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from remote_court.video.turn import Turn
from tests.certificates import Certificate, self_signed
from tests.netns.network import Place

RECIPE = Path(__file__).parents[2] / "deploy" / "turn" / "turnserver.conf"
SECRET = "a secret of the tests' relay"
REALM = "court.example"
START_S = 10


@dataclass
class Listening:
    """A relay that runs."""

    address: str
    ports: tuple[int, int]
    log: Path
    certificate: Certificate

    def url(self, way: str) -> str:
        """Its address for one way to speak to it: ``udp``, ``tcp`` or ``tls``."""
        scheme, port = ("turns", self.ports[1]) if way == "tls" else ("turn", self.ports[0])
        return f"{scheme}:{self.address}:{port}?transport={'udp' if way == 'udp' else 'tcp'}"

    def turn(self, *ways: str, good_for: timedelta = timedelta(minutes=10)) -> Turn:
        """What a worker is told of it."""
        return Turn([self.url(way) for way in ways], SECRET.encode(), good_for)


@contextmanager
def coturn(
    directory: Path,
    *,
    listen: str,
    relay: str,
    media: str,
    place: Place | None = None,
    ports: tuple[int, int] = (3478, 5349),
    more: Sequence[str] = (),
) -> Iterator[Listening]:
    """Run a relay, in a place or on this machine's loopback, for as long as the block lasts."""
    certificate = self_signed(directory, listen)
    words = {
        "LISTEN_ADDRESS": listen,
        "RELAY_ADDRESS": relay,
        "MEDIA_ADDRESS": media,
        "CERTIFICATE_FILE": str(certificate.chain),
        "KEY_FILE": str(certificate.key),
        "REALM": REALM,
        "TURN_SECRET": SECRET,
    }
    text = RECIPE.read_text().replace("=3478", f"={ports[0]}").replace("=5349", f"={ports[1]}")
    text = text.replace("\nsyslog\n", f"\nlog-file={directory / 'relay.log'}\nsimple-log\n")
    lines = [filled(line, words) for line in text.splitlines()]
    conf, pid = directory / "turnserver.conf", directory / "relay.pid"
    conf.write_text("\n".join([*lines, "verbose", *more]) + "\n")
    command = ["turnserver", "-c", str(conf), "--pidfile", str(pid)]
    if place is not None:
        command = place.command(*command)
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    listening = Listening(listen, ports, directory / "relay.log", certificate)
    try:
        wait_for(listening, place)
        yield listening
    finally:
        program.terminate()
        program.wait(5)


def filled(line: str, words: dict[str, str]) -> str:
    """A line of the recipe with its word filled in."""
    name, equals, value = line.partition("=")
    return f"{name}{equals}{words.get(value, value)}"


def wait_for(listening: Listening, place: Place | None) -> None:
    """Wait until the relay takes connections."""
    end = time.monotonic() + START_S
    while True:
        try:
            if place is None:
                socket.create_connection((listening.address, listening.ports[0]), 1).close()
            else:
                with place.entered():
                    socket.create_connection((listening.address, listening.ports[0]), 1).close()
        except OSError:
            assert time.monotonic() < end, "the relay did not start"
            time.sleep(0.05)
        else:
            return
