"""Many datagrams by one call, with the system's batches and without them."""

from __future__ import annotations

import random
import socket
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video import datagrams
from remote_court.video.datagrams import (
    BATCH,
    BURST,
    SIZE,
    STRIDE,
    Inbox,
    Name,
    OneByOne,
    Outbox,
    address_of,
    sockaddr,
)

HOSTS = st.integers(0, 2**32 - 1).map(lambda n: socket.inet_ntoa(n.to_bytes(4)))


@pytest.fixture(params=["batched", "one by one"])
def ends(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[socket.socket, socket.socket]]:
    if request.param == "one by one":
        monkeypatch.setattr(datagrams, "LIBC", OneByOne())
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs,
    ):
        for end in (ours, theirs):
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            end.bind(("127.0.0.1", 0))
        yield ours, theirs


def arrived(inbox: Inbox, count: int) -> list[tuple[bytes, tuple[str, int]]]:
    return [
        (
            bytes(inbox.view[at * STRIDE :][: inbox.lengths[at]]),
            address_of(inbox.keys[at]),
        )
        for at in range(count)
    ]


def put(outbox: Outbox, data: bytes, name: Name) -> None:
    at = outbox.count
    outbox.view[at * STRIDE : at * STRIDE + len(data)] = data
    outbox.lengths[at] = len(data)
    outbox.names[at] = name.handle
    outbox.count += 1


@given(HOSTS, st.integers(0, 0xFFFF))
def test_a_key_is_an_address(host: str, port: int) -> None:
    key = int.from_bytes(sockaddr((host, port))[:8], sys.byteorder)
    assert address_of(key) == (host, port)


def test_what_came_is_read_in_order_with_its_sender(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    inbox, dice = Inbox(ours), random.Random(4)
    assert inbox.receive() == 0
    sent = [dice.randbytes(dice.choice([0, 1, 1200, SIZE - 1])) for _ in range(BURST + 3)]
    for data in sent:
        theirs.sendto(data, ours.getsockname())
    first = arrived(inbox, inbox.receive())
    rest = arrived(inbox, inbox.receive())
    assert len(first) == BURST
    assert [data for data, _ in first + rest] == sent
    assert {address for _, address in first + rest} == {theirs.getsockname()}


def test_a_datagram_too_long_is_cut_where_the_cell_ends(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    theirs.sendto(bytes(5000), ours.getsockname())
    inbox = Inbox(ours)
    assert inbox.receive() == 1
    assert inbox.lengths[0] == SIZE


def test_all_that_waits_is_sent_and_a_bad_address_costs_only_its_own(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    outbox, here, nowhere = Outbox(ours), Name(), Name()
    here.move(theirs.getsockname())
    for at in range(BATCH):
        put(outbox, bytes([at]), nowhere if at % 5 == 2 else here)
    outbox.flush()
    wanted = [bytes([at]) for at in range(BATCH) if at % 5 != 2]
    assert [theirs.recv(10) for _ in wanted] == wanted
    assert (outbox.count, outbox.failed) == (0, BATCH - len(wanted))


def test_a_name_that_moves_takes_what_is_marked_along(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    outbox, name = Outbox(ours), Name()
    put(outbox, b"x", name)
    name.move(theirs.getsockname())
    outbox.flush()
    assert theirs.recv(10) == b"x"


def test_a_closed_socket_loses_what_waits_and_raises_nothing() -> None:
    ours = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    outbox, inbox, name = Outbox(ours), Inbox(ours), Name()
    name.move(("127.0.0.1", 9))
    ours.close()
    put(outbox, b"x", name)
    outbox.flush()
    assert outbox.failed == 1
    assert inbox.receive() == 0


def test_a_datagram_came_when_it_reached_the_machine_not_when_it_was_read(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    inbox = Inbox(ours)
    before = time.time_ns()
    for pause in (0.0, 0.03, 0.0):
        time.sleep(pause)
        theirs.sendto(b"now", ours.getsockname())
    after = time.time_ns()
    time.sleep(0.02)
    assert inbox.receive() == 3
    first, second, third = (
        s * 10**9 + n for s, n in zip(inbox.seconds[:3], inbox.nanoseconds[:3], strict=True)
    )
    if isinstance(datagrams.LIBC, OneByOne):  # as near as it gets without the system's word
        assert after < first <= second <= third < after + 10**9
    else:
        assert before <= first <= second - 30_000_000 < third <= after
