"""A court with somebody to serve, on a site: what pages and programs of service are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from remote_court.hearings.models import Hearing
from remote_court.notices.deliver import deliver
from remote_court.notices.service import Method, Notice, queue
from remote_court.people import Person
from remote_court.server.site import Site
from tests.hearings.court import CourtWorld, make_court
from tests.hearings.sitting import sit
from tests.notices.post import WORDS
from tests.world import FREE_START, make_world


@dataclass
class Served:
    """The small court on a site; each call is a transaction of its own."""

    site: Site
    court: CourtWorld
    hearing: Hearing

    async def notice(self, method: Method = Method.SANA, *, deliver_it: bool = True) -> int:
        """A notice to the defendant, delivered where it can be."""
        now: datetime = self.site.now()
        async with self.site.database.transaction() as session:
            notice_id = await queue(
                session, session_id=self.hearing.id, person_id=self.court.defendant.person_id,
                occasion="listed", date_no=1, method=method, now=now,
            )  # fmt: skip
            if method is Method.SANA and deliver_it:
                await deliver(session, now, WORDS)
        return notice_id

    async def of(self, notice_id: int) -> Notice:
        async with self.site.database.transaction() as session:
            return await session.get_one(Notice, notice_id)

    async def who(self, person_id: int) -> Person:
        async with self.site.database.transaction() as session:
            return (await session.scalars(select(Person).where(Person.id == person_id))).one()

    @property
    def defendant(self) -> int:
        return self.court.defendant.person_id


async def on_site(site: Site, **hearing: Any) -> Served:
    """Make the court and a sitting of it."""
    async with site.database.transaction() as session:
        court = await make_court(await make_world(session))
        start = FREE_START + timedelta(days=14)
        made = await sit(court, now=site.now(), **({"starts_at": start} | hearing))
    return Served(site, court, made)
