"""The parties of the sitting of right now: they come when the judge has come, and go after."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from remote_court import tickets
from remote_court.calls import queries
from remote_court.calls.admit import admit
from remote_court.clock import monotonic
from remote_court.demo.far_end import LONELY_S, LOOK_EVERY_S, renewed
from remote_court.demo.marker import DemoSeed
from remote_court.demo.participant import Participant, Refused
from remote_court.demo.picture import Drawing
from remote_court.errors import Refusal
from remote_court.hearings.cast import Cast
from remote_court.hearings.in_call_facts import Part, load
from remote_court.server.site import Site

log = logging.getLogger(__name__)
JUDGES = frozenset({Cast.PRESIDING, Cast.ASSOCIATE})
PAIRS = 4
"""How many others each of them is shown."""


class Parties:
    """Plays everybody of the sitting who is to attend, while a judge is there."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._playing: dict[int, asyncio.Task[None]] = {}
        self._participants: dict[int, Participant] = {}
        self._alone_since: float | None = None

    async def run(self) -> None:
        """Look twice a second, until cancelled."""
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                with suppress(SQLAlchemyError, OSError):
                    await self.look()
        finally:
            for task in self._playing.values():
                task.cancel()

    async def look(self) -> None:
        """Come, stay or go, by whether a judge is there."""
        async with self._site.database.transaction() as session:
            hearing_id = await session.scalar(select(DemoSeed.hearing_id))
            if hearing_id is None:
                return
            judged = bool(await queries.roles_in(session, hearing_id) & JUDGES)
            rows = await queries.attendance(session, hearing_id) if judged else ()
            here = {row.person_id for row in rows if row.left_at is None}
            ever = {row.person_id for row in rows if row.left_reason == "expelled"}
            parts = (await load(session, hearing_id)).parts if judged else ()
        if not judged:
            await self._leave_in_time()
            return
        self._alone_since = None
        for part in parts:
            task = self._playing.get(part.person_id)
            absent = part.person_id not in here | ever
            if absent and (task is None or task.done()):
                await self._join(hearing_id, part)

    async def _leave_in_time(self) -> None:
        """Go once no judge has been there for a while: who lost the line comes back sooner."""
        self._alone_since = self._alone_since or monotonic()
        if monotonic() - self._alone_since < LONELY_S:
            return
        for person_id, participant in self._participants.items():
            if not self._playing[person_id].done():
                await participant.leave()

    async def _join(self, hearing_id: int, part: Part) -> None:
        try:
            async with self._site.database.transaction() as session:
                actor = await queries.actor(session, part.person_id)
                assert actor is not None, "listed accounts are active"
                entry = await admit(session, actor, part.cast, hearing_id, self._site.now())
        except Refusal as refusal:
            log.info("a party stays away: %s", refusal.code)
            return
        participant = Participant(
            entry.url,
            tickets.mint(entry.ticket, self._site.key),
            pairs=PAIRS,
            pictures=Drawing() if part.cast is Cast.PARTY else None,
            renew=lambda token: renewed(self._site, token, hearing_id),
        )
        self._participants[part.person_id] = participant
        self._playing[part.person_id] = asyncio.create_task(play(participant))


async def play(participant: Participant) -> None:
    """Be in the call until it is over for them."""
    try:
        await participant.run()
    except Refused as refused:
        log.info("a party was refused: %s", refused)
