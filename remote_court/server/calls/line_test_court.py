"""The court of a worker that also carries rooms in which lines are tried out.

Such a room has no session: nobody's coming or going is written down, nothing can be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from typing_extensions import override

from remote_court.calls import line_tests, queries
from remote_court.errors import Forbidden, NotFound
from remote_court.server.calls.court import CourtOnDatabase, plan_of, state_of
from remote_court.video.ports import CallState, Entrant, Figures, Left, Plan, Verb


class CourtWithLineTests(CourtOnDatabase):
    """Answers for line tests itself, and for all else as the court does."""

    @override
    async def plan(self, session_id: str) -> Plan:
        name = line_tests.name_of(session_id)
        if name is None:
            return await super().plan(session_id)
        async with self._database.transaction() as session:
            return plan_of(session_id, await line_tests.plan(session, name, self._now()))

    @override
    async def state(self, session_id: str) -> CallState | None:
        name = line_tests.name_of(session_id)
        if name is None:
            return await super().state(session_id)
        async with self._database.transaction() as session:
            room = await queries.line_test(session, name)
            return state_of(line_tests.standing(room, self._now())) if room else None

    @override
    async def arrived(self, who: Entrant) -> CallState:
        if line_tests.name_of(who.session_id) is None:
            return await super().arrived(who)
        state = await self.state(who.session_id)
        if state is None:
            raise NotFound
        return state

    @override
    async def left(
        self, session_id: str, person_id: str, connection_id: str, at: datetime, reason: Left
    ) -> None:
        if line_tests.name_of(session_id) is None:
            await super().left(session_id, person_id, connection_id, at, reason)

    @override
    async def asked(
        self,
        session_id: str,
        person_id: str,
        role: str,
        verb: Verb,
        args: Mapping[str, str | int],
    ) -> CallState | None:
        if line_tests.name_of(session_id) is None:
            return await super().asked(session_id, person_id, role, verb, args)
        raise Forbidden

    @override
    async def statistics(self, session_id: str, person_id: str, figures: Figures) -> None:
        if line_tests.name_of(session_id) is None:
            await super().statistics(session_id, person_id, figures)
