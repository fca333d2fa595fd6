"""Connectivity checks: only who knows the password is answered."""

from __future__ import annotations

import asyncio

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video import ice
from remote_court.video.ice import MOST_WAITING, Path


def request(path: Path, password: str | None = None) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{path.ufrag}:client"
    message.attributes["PRIORITY"] = 1
    message.add_message_integrity((password or path.password).encode())
    return bytes(message)


def path() -> Path:
    return Path(lambda data, _: len(data))


def test_a_check_that_proves_itself_is_answered_with_its_address() -> None:
    ours = path()
    found = ice.check(request(ours), {ours.ufrag: ours}.get)
    assert found is not None
    reply = stun.parse_message(ice.reply(found, ("192.0.2.1", 4000)))
    assert reply.attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.1", 4000)
    assert reply.transaction_id == found.transaction
    assert not found.nominates
    assert reply.check_message_integrity(ours.password.encode())


def test_a_nomination_counts_only_where_the_integrity_covers_it() -> None:
    ours = path()
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ours.ufrag}:client"
    message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(ours.password.encode())
    message.add_fingerprint()
    found = ice.check(bytes(message), {ours.ufrag: ours}.get)
    assert found is not None
    assert found.nominates
    late = bytearray(request(ours)[:-8] if len(request(ours)) % 8 else request(ours))
    late += b"\x00\x25\x00\x00"
    late[2:4] = (len(late) - 20).to_bytes(2)
    after = ice.check(bytes(late), {ours.ufrag: ours}.get)
    assert after is None or not after.nominates


def test_a_wrong_password_a_stranger_and_a_bare_request_are_not_answered() -> None:
    ours = path()
    find = {ours.ufrag: ours}.get
    bare = bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST))
    for data in (request(ours, "wrong"), request(path()), bare, b""):
        assert ice.check(data, find) is None


@given(st.integers(0, 119), st.integers(1, 255))
def test_one_changed_byte_is_noticed(at: int, change: int) -> None:
    ours = path()
    data = bytearray(request(ours))
    at %= 72  # behind them stands the fingerprint, which authenticates nothing
    data[at] ^= change
    assert ice.check(bytes(data), {ours.ufrag: ours}.get) is None


@given(st.binary(max_size=120))
def test_nonsense_is_not_answered(data: bytes) -> None:
    assert ice.check(data, lambda _: None) is None
    assert ice.check(b"\x00\x01" + len(data).to_bytes(2) + data, lambda _: None) is None


async def test_a_flood_of_handshakes_is_bounded_and_closing_wakes_the_reader() -> None:
    ours = path()
    for _ in range(MOST_WAITING * 3):
        ours.push(b"x")
    ours.close()
    for _ in range(MOST_WAITING - 1):
        assert await asyncio.wait_for(ours._recv(), 1) == b"x"
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(ours._recv(), 1)


def test_a_broken_path_is_silent() -> None:
    def fail(data: bytes, address: tuple[str, int]) -> int:
        raise OSError

    Path(fail).send(b"x")
