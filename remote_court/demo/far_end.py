"""The far end of the visit of right now: joins by itself when somebody is there alone."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import tickets
from remote_court.calls import queries
from remote_court.calls.admit import Entry, admit
from remote_court.calls.refusals import NoWorker
from remote_court.clock import monotonic
from remote_court.demo.marker import DemoSeed
from remote_court.demo.participant import Participant, Refused
from remote_court.demo.picture import Drawing
from remote_court.demo.right_now import first
from remote_court.errors import Refusal
from remote_court.people import Role
from remote_court.server.calls.coming_back import come_back
from remote_court.server.site import Site

log = logging.getLogger(__name__)
LOOK_EVERY_S = 0.5
ALONE_S = 0.8
"""How long somebody is alone before the far end joins: two who join at once need none."""
LONELY_S = 15.0
"""How long the far end stays behind alone: who lost the line comes back sooner."""
SIDES = {"visitor": "inmate", "inmate": "visitor"}
WHO = {"visitor": Role.FAMILY, "inmate": Role.PRISON_OFFICER}
"""Who opens the door to each side: the mother herself, and the officer for her son."""


class FarEnd:
    """Plays whichever side is missing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._role: str | None = None
        self._playing: asyncio.Task[None] | None = None
        self._participant: Participant | None = None
        self._since: float | None = None

    async def run(self) -> None:
        """Look twice a second, until cancelled."""
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                with suppress(SQLAlchemyError, OSError):
                    await self.look()
        finally:
            if self._playing is not None:
                self._playing.cancel()

    async def look(self) -> None:
        """Join, stay or leave, by who is there."""
        async with self._site.database.transaction() as session:
            visit_id = await session.scalar(select(DemoSeed.visit_id))
            if visit_id is None:
                return
            here = (await queries.roles_in(session, visit_id)) & SIDES.keys()
        if self._playing is not None and not self._playing.done():
            others = here - {self._role}
            if self._waited(not others, LONELY_S) and self._participant is not None:
                await self._participant.leave()
        elif self._waited(len(here) == 1, ALONE_S):
            await self._join(visit_id, SIDES[next(iter(here))])

    def _waited(self, holds: bool, seconds: float) -> bool:
        """Whether something has held at every look for so long."""
        if not holds:
            self._since = None
            return False
        self._since = self._since or monotonic()
        if monotonic() - self._since < seconds:
            return False
        self._since = None
        return True

    async def _join(self, visit_id: int, role: str) -> None:
        try:
            async with self._site.database.transaction() as session:
                entry = await self._entry(session, visit_id, role)
        except Refusal as refusal:
            log.info("the far end stays away: %s", refusal.code)
            return
        ticket = tickets.mint(entry.ticket, self._site.key)
        self._role = role
        self._participant = Participant(
            entry.url,
            ticket,
            pictures=Drawing(),
            renew=lambda token: renewed(self._site, token, visit_id),
        )
        self._playing = asyncio.create_task(self._play(self._participant))

    async def _entry(self, session: AsyncSession, visit_id: int, role: str) -> Entry:
        actor = await queries.actor(session, await first(session, WHO[role]))
        assert actor is not None, "listed accounts are active"
        return await admit(session, actor, role, visit_id, self._site.now())

    async def _play(self, participant: Participant) -> None:
        try:
            await participant.run()
        except Refused as refused:
            log.info("the far end was refused: %s", refused)


async def renewed(site: Site, token: str, session_id: int) -> tuple[str, str] | None:
    """A way to wherever a call lives now; none while there is none.

    Raises:
        Refused: the token is good for nothing any more.
    """
    try:
        entry = await come_back(site, token, session_id, site.now())
    except (NoWorker, SQLAlchemyError, OSError):
        return None
    except Refusal as refusal:
        raise Refused({"code": refusal.code}) from refusal
    return entry.url, tickets.mint(entry.ticket, site.key)
