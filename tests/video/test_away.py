"""Who loses the line is waited for a while, and keeps their place with the others."""

from __future__ import annotations

import asyncio

import pytest

from remote_court.demo.participant import Participant
from remote_court.video import room

from .conftest import Guests, sees


def seen(guest: Participant) -> set[str]:
    """Whom the slots show."""
    newest = guest.messages.get("slots") or guest.messages["joined"]
    return {seat["person"] for seat in newest["slots"].values() if seat}


def connected(guest: Participant) -> dict[str, bool]:
    newest = guest.messages.get("people") or guest.messages["joined"]
    return {person["id"]: person["connected"] for person in newest["people"]}


async def test_the_slots_of_others_do_not_move_while_somebody_comes_back(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    await anna.until(sees(10))
    before = dict(anna.messages["slots"]["slots"])
    await ben.drop()
    await anna.until(lambda g: connected(g) == {"ben": False})
    assert anna.messages["slots"]["slots"] == before
    assert guests.house.worker.load.peers == 1
    await ben.until(lambda g: g.joins == 2)
    await anna.until(lambda g: connected(g) == {"ben": True})
    assert seen(anna) == {"ben"}
    assert anna.messages["slots"]["slots"] == before
    packets = anna.counts.kinds["video"]
    await anna.until(sees(packets + 10))


async def test_who_does_not_come_back_is_gone_after_a_while(
    guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "AWAY", 0.4)
    anna = await guests.come("anna", "visitor", pictures=False)
    ben = await guests.come("ben", "inmate", pictures=False)
    await anna.until(lambda g: connected(g) == {"ben": True})
    guests.tasks[ben].cancel()
    await anna.until(lambda g: connected(g) == {"ben": False})
    await anna.until(lambda g: connected(g) == {}, 3)


async def test_who_leaves_by_their_own_will_is_not_waited_for(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor", pictures=False)
    ben = await guests.come("ben", "inmate", pictures=False)
    await anna.until(lambda g: connected(g) == {"ben": True})
    await ben.leave()
    await anna.until(lambda g: connected(g) == {}, 2)


async def test_a_record_that_cannot_be_written_does_not_hold_up_the_talk(
    guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database hangs: the figures of a line wait, its pings do not."""
    anna = await guests.come("anna", "visitor", pictures=False)
    never, asked = asyncio.Event(), 0

    async def hang(*_: object) -> None:
        nonlocal asked
        asked += 1
        await never.wait()

    monkeypatch.setattr(guests.house.court, "statistics", hang)
    for number in range(5):
        await anna.say({"type": "stats", "rtt_ms": 20})
        await anna.say({"type": "ping", "n": number})
        await anna.until(lambda g, n=number: g.messages.get("pong", {}).get("n") == n, 2)
    assert asked == 1
    never.set()
