"""A worker: opens rooms once, says how busy it is, goes away politely."""

from __future__ import annotations

import asyncio

import pytest

from remote_court import clock
from remote_court.errors import NotFound
from remote_court.video import worker as workers
from remote_court.video.ports import CallState, State
from remote_court.video.refusals import CallClosed
from remote_court.video.turn import Turn
from remote_court.video.worker import CERTIFICATE_LASTS, Worker, announced

from .conftest import Guests
from .court import KEY, House, PaperCourt, plan


async def test_a_room_is_opened_once_however_many_come_at_once(court_house: House) -> None:
    rooms = await asyncio.gather(*(court_house.worker.room("s1") for _ in range(5)))
    assert len(set(map(id, rooms))) == 1


async def test_a_call_that_is_not_or_is_over_has_no_room(court_house: House) -> None:
    court_house.court.add(plan("over", state=State.CLOSED))
    court_house.court.add(plan("past", ends_at=clock.now()))
    for session_id, refusal in (("over", CallClosed), ("past", CallClosed), ("none", NotFound)):
        with pytest.raises(refusal):
            await court_house.worker.room(session_id)
    assert court_house.worker.load.rooms == 0


async def test_the_load_is_told_and_everybody_hears_of_a_shutdown(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor", pictures=False)
    assert (guests.house.worker.load.rooms, guests.house.worker.load.peers) == (1, 1)
    assert guests.house.court.loads[0] == ("w1", 0, 0)
    stopping = asyncio.create_task(guests.house.worker.stop())
    await anna.until(lambda g: "closed" in g.messages)
    closed = anna.messages["closed"]
    assert (closed["reason"], closed["rejoin"]) == ("shutdown", True)
    await stopping


async def test_an_older_word_of_the_court_is_ignored(court_house: House) -> None:
    worker = court_house.worker
    room = await worker.room("s1")
    call = room.call
    worker.apply("s1", CallState(State.LIVE, call.starts_at, call.ends_at, "", 5))
    worker.apply("s1", CallState(State.PAUSED, call.starts_at, call.ends_at, "", 4))
    worker.apply("elsewhere", CallState(State.CLOSED, call.starts_at, call.ends_at))
    assert room.call.state is State.LIVE
    worker.apply("s1", CallState(State.CLOSED, call.starts_at, call.ends_at, "done", 6))
    worker.apply("s1", CallState(State.LIVE, call.starts_at, call.ends_at, "", 7))
    assert room.closed
    assert worker.load.rooms == 0


async def test_addresses_and_relays_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert announced("127.0.0.1") == ("127.0.0.1",)
    assert "127.0.0.1" in announced("0.0.0.0")
    worker = Worker(
        worker_id="w1",
        court=PaperCourt(),
        key=KEY,
        addresses=["203.0.113.9"],
        turn=Turn(["turn:relay"], b"secret"),
    )
    path = worker.port.new_path()
    assert worker.local(path).addresses == [("203.0.113.9", worker.port.number)]
    assert worker.ice_servers("anna", clock.now())[0]["urls"] == ["turn:relay"]
    old, now = worker.certificate, clock.now()
    monkeypatch.setattr(workers.clock, "now", lambda: now + CERTIFICATE_LASTS * 2)
    assert worker.certificate is not old
    worker.port.forget(path)
    worker.port.close()


async def test_a_taken_port_is_an_error_at_once() -> None:
    first = Worker(worker_id="w1", court=PaperCourt(), key=KEY)
    with pytest.raises(OSError, match="in use"):
        Worker(worker_id="w2", court=PaperCourt(), key=KEY, port=first.port.number)
    first.port.close()
