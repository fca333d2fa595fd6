"""A post office for tests: carriers that keep what they get, and a booked visit to tell of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from remote_court import outbox, policy
from remote_court.db import Database
from remote_court.notices.messages import Message
from remote_court.notices.ports import CarrierFailed
from remote_court.notices.sweeps import send_letters
from remote_court.outbox import OutboxRow
from remote_court.people import Channel
from remote_court.server.notices.renderer import LetterTemplates
from remote_court.visits.book import Booked, book
from remote_court.visits.request import Request
from tests.world import FREE_START, World

WORDS = LetterTemplates("149")


@dataclass
class Keeper:
    """A carrier that keeps texts, and fails as often as it is told to."""

    name: str = "keeper"
    failures: list[CarrierFailed] = field(default_factory=list)
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    slow_s: float = 0.0

    async def send(self, to: str, text: str, reference: str, channel: Channel) -> str:
        await asyncio.sleep(self.slow_s)
        if self.failures:
            raise self.failures.pop()
        self.sent.append((to, text, reference))
        self.channels.append(channel)
        return f"receipt of {reference}"

    async def close(self) -> None: ...


@dataclass
class Post:
    """What tests do with letters."""

    database: Database
    world: World
    noon: datetime
    carrier: Keeper = field(default_factory=Keeper)

    async def book(self, person=None, **changes) -> Booked:
        person = person or self.world.mother
        wish = {
            "inmate_id": self.world.inmate.id,
            "office_id": self.world.office.id,
            "starts_at": FREE_START,
            "visitor_ids": (person.id,),
            "booked_for": person.id,
        }
        async with self.database.transaction() as session:
            rule = await policy.current(session, self.noon.date())
            request = Request(**wish | changes)
            return await book(session, self.world.actor(person), request, self.noon, rule)

    async def put(self, kind: str, person_id: int | None = None, due_at=None, **params) -> None:
        row = outbox.row(
            outbox.LETTER,
            due_at or self.noon,
            kind=kind,
            person_id=person_id or self.world.mother.id,
            params=params,
        )
        async with self.database.transaction() as session:
            await outbox.put(session, row)

    async def send(self, now: datetime | None = None, carrier: Keeper | None = None) -> int:
        return await send_letters(self.database, now or self.noon, WORDS, carrier or self.carrier)

    async def messages(self, person_id: int | None = None) -> list[Message]:
        query = select(Message).where(Message.person_id == (person_id or self.world.mother.id))
        async with self.database.transaction() as session:
            return list(await session.scalars(query.order_by(Message.id)))

    async def rows(self) -> list[OutboxRow]:
        query = select(OutboxRow).where(OutboxRow.topic == outbox.LETTER).order_by(OutboxRow.id)
        async with self.database.transaction() as session:
            return list(await session.scalars(query))
