"""Who opens sockets and says nothing keeps nobody out; who brings no media does not stay."""

from __future__ import annotations

import asyncio
import json
import random
import time

import pytest
from websockets.asyncio.client import ClientConnection, connect

from remote_court.demo.participant import Participant
from remote_court.video import admission
from remote_court.video.lobby import Lobby
from remote_court.video.ports import Left

from .conftest import Guests
from .court import House
from .test_signalling import OFFER


async def test_where_it_is_full_the_longest_silent_goes() -> None:
    lobby, ended = Lobby(most=3), list[int]()

    async def wait(number: int) -> None:
        try:
            async with lobby.patience(30):
                await asyncio.Event().wait()
        except TimeoutError:
            ended.append(number)

    tasks = []
    for number in range(5):
        tasks.append(asyncio.create_task(wait(number)))
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)
    assert (ended, len(lobby)) == ([0, 1], 3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(lobby) == 0


async def test_silent_sockets_by_the_hundred_keep_nobody_out(guests: Guests) -> None:
    house = guests.house
    house.worker.lobby = Lobby(most=20)
    silent = [await connect(house.url) for _ in range(150)]
    began = time.monotonic()
    anna = await guests.come("anna", "visitor", pictures=False)
    assert time.monotonic() - began < 5
    assert len(house.worker.lobby) <= 20
    assert json.loads(await silent[0].recv())["problem"]["code"] == "join-first"
    assert house.worker.tally.joins["join-first"] >= 130
    assert anna.joins == 1
    await asyncio.gather(*(hang_up(each) for each in silent))


async def hang_up(wire: ClientConnection) -> None:
    wire.transport.abort()
    await wire.wait_closed()


async def test_who_joins_and_brings_no_media_is_let_go_and_counted(
    court_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "MEDIA_WAIT", 0.2)
    worker = court_house.worker
    for at in range(5):
        async with connect(court_house.url) as wire:
            join = {"type": "join", "ticket": court_house.ticket("anna", "visitor"), "sdp": OFFER}
            await wire.send(json.dumps(join))
            said = [json.loads(await wire.recv())["type"] for _ in range(2)]
            while said[-1] != "closed":
                said.append(json.loads(await wire.recv())["type"])
        async with asyncio.timeout(5):
            while len(court_house.court.departures) <= at:  # noqa: ASYNC110 - paper has no event
                await asyncio.sleep(0.01)
    assert [why for _, _, why in court_house.court.departures] == [Left.LOST] * 5
    assert worker.tally.joins["no_media"] == 5
    assert not worker.port._by_ufrag
    assert not worker.tally._here
    assert worker.load.peers == 0


async def test_a_handshake_succeeds_among_garbage_from_the_client_s_own_address(
    guests: Guests,
) -> None:
    house, dice = guests.house, random.Random(5)
    anna = Participant(house.url, house.ticket("anna", "visitor"))
    guests.tasks[anna] = asyncio.create_task(anna.run())
    to = ("127.0.0.1", house.worker.port.number)
    kinds = [b"\x16\xfe\xfd", b"\x17\xfe\xfd", b"\x14\xfe\xfd", b"\x16\xfe\xff", b"\x3f"]
    sent = 0
    async with asyncio.timeout(15):
        while not house.worker.tally.joins["connected"]:
            if anna._uplink is not None and anna._uplink.socket.fileno() >= 0:
                for head in kinds:
                    body = dice.randbytes(dice.choice([0, 9, 40, 900]))
                    anna._uplink.socket.sendto(head + body, to)
                    sent += 1
            await asyncio.sleep(0.003)
    assert sent >= 5
    assert house.worker.tally.joins["no_media"] == 0
