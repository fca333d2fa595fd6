"""The protocol, spoken by people who do not follow it."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from remote_court import clock
from remote_court.demo.offer import Offer
from remote_court.tickets import Purpose
from remote_court.video import admission, signalling
from remote_court.video.ports import Left
from remote_court.video.worker import RTCCertificate

from .court import House

OFFER = Offer(RTCCertificate.generateCertificate().getFingerprints()).text()


def wire(house: House) -> connect:
    return connect(house.url, ping_interval=None, max_queue=None, max_size=1 << 20)


async def ask(socket: ClientConnection, message: Any) -> None:
    await socket.send(message if isinstance(message, str) else json.dumps(message))


async def told(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of this type."""
    async with asyncio.timeout(3):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == kind:
                return message


async def joined(house: House, socket: ClientConnection, person: str = "anna") -> dict[str, Any]:
    await ask(socket, {"type": "join", "ticket": house.ticket(person, "visitor"), "sdp": OFFER})
    return await told(socket, "joined")


BAD_STARTS: list[tuple[Any, str]] = [
    ("{", "bad-message"),
    ("[]", "bad-message"),
    ('{"type": 7}', "bad-message"),
    ({"type": "ping"}, "join-first"),
    ({"type": "join"}, "bad-message"),
    ({"type": "join", "ticket": "x.y", "sdp": OFFER}, "ticket-forged"),
    ({"type": "join", "ticket": ["x"], "sdp": OFFER}, "bad-message"),
    ("x" * 70_000, "message-too-long"),
]


@pytest.mark.parametrize(("start", "code"), BAD_STARTS)
async def test_a_bad_start_is_told_why_and_ended(court_house: House, start: Any, code: str) -> None:
    async with wire(court_house) as socket:
        await ask(socket, start)
        message = await told(socket, "error")
        assert (message["fatal"], message["problem"]["code"]) == (True, code)
        assert message["problem"]["type"] == f"/problems/{code}"
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == signalling.FATAL
    assert court_house.court.arrivals == []


async def test_a_ticket_is_checked_in_every_way(court_house: House) -> None:
    past = clock.now() - timedelta(hours=1)
    tickets = {
        "ticket-expired": court_house.ticket("anna", "visitor", expires_at=past),
        "ticket-misdirected": court_house.ticket("anna", "visitor", audience="w2"),
        "ticket-misused": court_house.ticket("anna", "visitor", purpose=Purpose.RESUME),
        "not-found": court_house.ticket("anna", "visitor", "no such call"),
    }
    for code, ticket in tickets.items():
        async with wire(court_house) as socket:
            await ask(socket, {"type": "join", "ticket": ticket, "sdp": OFFER})
            assert (await told(socket, "error"))["problem"]["code"] == code


async def test_a_ticket_opens_the_door_once(court_house: House) -> None:
    ticket = court_house.ticket("anna", "visitor")
    join = {"type": "join", "ticket": ticket, "sdp": OFFER}
    async with wire(court_house) as first, wire(court_house) as second:
        await ask(first, join)
        word = await told(first, "joined")
        await ask(second, join)
        assert (await told(second, "error"))["problem"]["code"] == "ticket-spent"
        await ask(first, {"type": "ping", "n": 1})
        assert (await told(first, "pong"))["n"] == 1
    async with wire(court_house) as third:
        await ask(third, {"type": "join", "resume": word["resume"], "sdp": OFFER})
        assert await told(third, "joined")


async def test_of_two_sockets_with_one_ticket_one_gets_in(court_house: House) -> None:
    ticket = court_house.ticket("anna", "visitor")
    join = {"type": "join", "ticket": ticket, "sdp": OFFER}
    async with AsyncExitStack() as hall:
        sockets = [await hall.enter_async_context(wire(court_house)) for _ in range(4)]
        await asyncio.gather(*(ask(socket, join) for socket in sockets))
        words = [json.loads(await socket.recv()) for socket in sockets]
    codes = sorted(word.get("problem", {}).get("code", "in") for word in words)
    assert codes == ["in", "ticket-spent", "ticket-spent", "ticket-spent"]
    assert len(court_house.court.arrivals) == 1


async def test_a_ticket_with_a_bad_offer_is_used_up_too(court_house: House) -> None:
    ticket = court_house.ticket("anna", "visitor")
    for offer, code in (("v=0", "bad-offer"), (OFFER, "ticket-spent")):
        async with wire(court_house) as socket:
            await ask(socket, {"type": "join", "ticket": ticket, "sdp": offer})
            assert (await told(socket, "error"))["problem"]["code"] == code


async def test_a_bad_offer_leaves_nothing_behind(court_house: House) -> None:
    for offer, code in (
        (OFFER[:400], "bad-offer"),
        (OFFER.replace("VP8", "VP9"), "no-common-codec"),
    ):
        async with wire(court_house) as socket:
            ticket = court_house.ticket("anna", "visitor")
            await ask(socket, {"type": "join", "ticket": ticket, "sdp": offer})
            assert (await told(socket, "error"))["problem"]["code"] == code
    assert court_house.worker.load.peers == 0
    assert not court_house.worker.port._by_ufrag


async def test_the_first_word_has_all_a_client_needs(court_house: House) -> None:
    async with wire(court_house) as socket:
        word = await joined(court_house, socket)
    assert set(word) == {
        "type", "protocol", "connection", "sdp", "resume", "you", "call", "state", "slots",
        "people", "recording", "verbs", "ice_servers", "now",
    }  # fmt: skip
    assert word["you"] == {
        "id": "anna",
        "name": "Anna",
        "role": "visitor",
        "station": "visitor",
        "label": "visitor",
    }
    assert set(word["state"]) == {"state", "starts_at", "ends_at", "reason", "revision"}
    assert word["slots"] == {"2": None, "3": None}
    assert word["verbs"] == ["help"]


BAD_WORDS: list[tuple[Any, str, str]] = [
    ("not json", "bad-message", ""),
    ({"type": "dance"}, "unknown-message", "dance"),
    ({"type": "mute"}, "bad-message", "mute"),
    ({"type": "mute", "muted": "yes"}, "bad-message", "mute"),
    ({"type": "camera", "on": 1}, "bad-message", "camera"),
    ({"type": "pin", "people": "ben"}, "bad-message", "pin"),
    ({"type": "pause", "reason": ""}, "bad-message", "pause"),
    ({"type": "pause", "reason": "x" * 501}, "bad-message", "pause"),
    ({"type": "extend", "minutes": 1.5}, "bad-message", "extend"),
    ({"type": "extend", "minutes": 5}, "forbidden", "extend"),
    ({"type": "stats", "rtt_ms": "fast"}, "bad-message", "stats"),
    ({"type": "join", "ticket": "x", "sdp": OFFER}, "bad-message", "join"),
    ("x" * 70_000, "message-too-long", ""),
]


async def test_a_bad_word_is_told_and_the_call_goes_on(court_house: House) -> None:
    async with wire(court_house) as socket:
        await joined(court_house, socket)
        for word, code, about in BAD_WORDS:
            await ask(socket, word)
            message = await told(socket, "error")
            assert (message["problem"]["code"], message["about"]) == (code, about), word
            assert message["fatal"] is False
        await ask(socket, {"type": "ping", "n": 5})
        assert (await told(socket, "pong"))["n"] == 5


async def test_frames_that_are_no_text_are_refused_too(court_house: House) -> None:
    async with wire(court_house) as socket:
        await joined(court_house, socket)
        await socket.send(b"\x00\x01")
        assert (await told(socket, "error"))["problem"]["code"] == "bad-message"


async def test_a_flood_is_dropped_and_who_goes_on_is_closed(court_house: House) -> None:
    async with wire(court_house) as socket:
        await joined(court_house, socket)
        for _ in range(100):
            await ask(socket, {"type": "ping"})
        assert (await told(socket, "error"))["problem"]["code"] == "too-many-messages"
        for _ in range(250):
            await ask(socket, {"type": "ping"})
        last = await told(socket, "closed")
    assert (last["reason"], last["detail"]) == ("lost", "flood")


async def test_statistics_reach_the_court(court_house: House) -> None:
    async with wire(court_house) as socket:
        await joined(court_house, socket)
        await ask(socket, {"type": "stats", "rtt_ms": 12.5, "loss_ratio": 0.01})
        await ask(socket, {"type": "leave"})
        assert (await told(socket, "closed"))["reason"] == "left"
    (figures,) = court_house.court.figures
    assert (figures.rtt_ms, figures.loss_ratio) == (12.5, 0.01)
    assert (figures.extra["readings"], figures.extra["worst_rtt_ms"]) == (1, 12.5)


async def test_a_socket_that_dies_is_a_lost_line(court_house: House) -> None:
    async with wire(court_house) as socket:
        await joined(court_house, socket)
        socket.transport.abort()
    async with asyncio.timeout(3):
        while not court_house.court.departures:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.01)
    assert [why for _, _, why in court_house.court.departures] == [Left.LOST]
    assert court_house.worker.load.peers == 0


async def test_who_says_nothing_is_closed(
    court_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalling, "SILENCE", 0.2)
    monkeypatch.setattr(signalling, "FIRST_WORD", 0.2)
    async with wire(court_house) as socket:
        assert (await told(socket, "error"))["problem"]["code"] == "join-first"
    async with wire(court_house) as socket:
        await joined(court_house, socket)
        last = await told(socket, "closed")
        assert (last["reason"], last["detail"], last["rejoin"]) == ("lost", "silence", True)


async def test_media_that_never_comes_up_is_a_lost_line(
    court_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "MEDIA_WAIT", 0.2)
    async with wire(court_house) as socket:
        await joined(court_house, socket)
        last = await told(socket, "closed")
    assert (last["reason"], last["detail"], last["rejoin"]) == ("lost", "media", True)
