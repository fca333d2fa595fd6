"""A house with one worker, and people who come to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest_asyncio

from remote_court.demo.participant import Message, Participant
from remote_court.demo.picture import Loop

from .court import House, house

Invite = Callable[..., Participant]


@pytest_asyncio.fixture
async def court_house() -> AsyncIterator[House]:
    async with house() as built:
        yield built


class Guests:
    """Participants that run until the test is over."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.tasks: dict[Participant, asyncio.Task[Message]] = {}

    async def come(
        self,
        person: str,
        role: str,
        *,
        ticket: str | None = None,
        pictures: bool = True,
        **how: Any,
    ) -> Participant:
        """Let somebody join, and wait until they are in."""
        guest = Participant(
            self.house.url,
            ticket or self.house.ticket(person, role),
            pictures=Loop() if pictures else None,
            **how,
        )
        self.tasks[guest] = asyncio.create_task(guest.run())
        await guest.until(lambda g: g.joins == 1)
        return guest

    async def last_word(self, guest: Participant) -> Message:
        return await asyncio.wait_for(self.tasks[guest], 5)


@pytest_asyncio.fixture
async def guests(court_house: House) -> AsyncIterator[Guests]:
    company = Guests(court_house)
    yield company
    for task in company.tasks.values():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def hears(packets: int) -> Callable[[Participant], bool]:
    """Enough sound has come."""
    return lambda guest: guest.counts.kinds["audio"] >= packets


def sees(packets: int) -> Callable[[Participant], bool]:
    """Enough of a picture has come."""
    return lambda guest: guest.counts.kinds["video"] >= packets


def both(packets: int) -> Callable[[Participant], bool]:
    """Enough of sound and picture has come."""
    return lambda guest: hears(packets)(guest) and sees(packets)(guest)
