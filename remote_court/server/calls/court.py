"""The court as the media plane sees it: video's ports, bound to ``calls`` on a database.

Every question is a short transaction of its own; none is open while a socket talks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import clock
from remote_court.calls import arrivals, plan, queries, recording, supervise, workers
from remote_court.calls.arrivals import Arrival
from remote_court.calls.plan import Standing
from remote_court.calls.refusals import CallElsewhere
from remote_court.db import Database
from remote_court.errors import Forbidden, NotFound, Refusal
from remote_court.people import Actor
from remote_court.video.permissions import Permissions
from remote_court.video.ports import (
    CallState,
    Entrant,
    Figures,
    Growth,
    Left,
    Load,
    Plan,
    State,
    Verb,
)

log = logging.getLogger(__name__)
TROUBLES = (SQLAlchemyError, OSError, PostgresError, InterfaceError)
"""What a database that is away, or coming back, raises: the driver's own where it connects."""

TRIES = (0.2, 1.0, 5.0, 10.0, 20.0)
"""Seconds to wait before telling again what could not be written."""

PATIENCE_S = 5.0


class CourtOnDatabase:
    """Answers the worker of this process; ``url`` and ``udp_port`` are how clients reach it."""

    def __init__(
        self,
        database: Database,
        worker_id: str,
        *,
        url: str,
        udp_port: int,
        now: Callable[[], datetime] = clock.now,
        records: bool = False,
    ) -> None:
        self._database = database
        self._worker_id = worker_id
        self._url = url
        self.udp_port = udp_port
        self._now = now
        self._records = records

    async def plan(self, session_id: str) -> Plan:
        """The plan of a call; raises a Refusal when there is none to enter."""
        async with self._database.transaction() as session:
            found = await plan.plan(session, number(session_id))
        if not self._ours(found.standing.worker_id):
            raise CallElsewhere
        return plan_of(session_id, found)

    async def state(self, session_id: str) -> CallState | None:
        """How a call stands now; none when it is not, or no longer, this worker's."""
        async with self._database.transaction() as session:
            found = await plan.look(session, number(session_id), self._now())
        if found is None or not self._ours(found.worker_id):
            return None
        return state_of(found)

    def _ours(self, worker_id: str | None) -> bool:
        return worker_id in {None, self._worker_id}

    async def arrived(self, who: Entrant) -> CallState:
        """A person's connection is in; the answer may open the call."""
        ids = number(who.session_id), number(who.person_id)
        arrival = Arrival(*ids, who.role, who.connection_id, self._worker_id)
        async with self._database.transaction() as session:
            standing = await arrivals.arrived(session, arrival, number(who.entry), who.at)
            return state_of(standing)

    async def left(
        self, session_id: str, person_id: str, connection_id: str, at: datetime, reason: Left
    ) -> None:
        """A connection ended; told again until it is written."""

        async def write(session: AsyncSession) -> None:
            await arrivals.left(
                session,
                number(session_id),
                number(person_id),
                connection_id,
                reason=reason.value,
                now=at,
            )

        await self._insist(write)

    async def asked(
        self,
        session_id: str,
        person_id: str,
        role: str,
        verb: Verb,
        args: Mapping[str, str | int],
    ) -> CallState | None:
        """Do what a person asks for, if they may; rights are looked up anew each time."""
        call_id, now = number(session_id), self._now()
        async with self._database.transaction() as session:
            if verb.value not in (await plan.frame(session, call_id)).verbs.get(role, ()):
                raise Forbidden
            if verb is Verb.HELP:
                text = str(args.get("text", ""))
                await supervise.help_wanted(session, call_id, number(person_id), text, now)
                return None
            actor = await queries.actor(session, number(person_id))
            if verb in {Verb.RECORD, Verb.STOP_RECORDING}:
                standing = await self._recorded(session, actor, call_id, verb, args)
                return state_of(standing)
            if actor is None:
                raise Forbidden
            return state_of(await supervised(session, actor, call_id, verb, args, now=now))

    async def _recorded(
        self,
        session: AsyncSession,
        actor: Actor | None,
        call_id: int,
        verb: Verb,
        args: Mapping[str, str | int],
    ) -> Standing:
        """Order a recording or stop it, if the kind of call lets this person."""
        if actor is None:
            raise Forbidden
        now = self._now()
        if verb is Verb.STOP_RECORDING:
            return await recording.stop(session, actor, call_id, now)
        reason = str(args["reason"])
        return await recording.order(session, actor, call_id, reason, now, ready=self._records)

    async def recorded(self, session_id: str, growth: Growth) -> None:
        """How a recording does; a word that is lost is said again in a moment."""
        told = recording.Told(
            session_id=number(session_id),
            recording_id=number(growth.recording),
            octets=growth.octets,
            lost_packets=growth.lost,
            failing=growth.failing,
            trouble=growth.trouble,
        )
        try:
            async with self._database.transaction() as session:
                await recording.told(session, told, self._now())
        except TROUBLES as error:
            log.warning("a recording's growth was not told: %s", type(error).__name__)

    async def statistics(self, session_id: str, person_id: str, figures: Figures) -> None:
        """Keep the latest figures of a line; one lost reading is no loss."""
        known = {name: value for name, value in asdict(figures).items() if value not in (None, {})}
        try:
            async with self._database.transaction() as session:
                await arrivals.measured(session, number(session_id), number(person_id), known)
        except TROUBLES as error:
            log.warning("figures of a line were not kept: %s", type(error).__name__)

    async def load(self, worker_id: str, load: Load) -> bool:
        """The worker lives; the next report mends a lost one, well within the lease."""
        worker = workers.Worker(worker_id, self._url, self.udp_port)
        try:
            async with asyncio.timeout(PATIENCE_S), self._database.transaction() as session:
                told = workers.Load(**asdict(load))
                return await workers.report(session, worker, told, self._now())
        except TROUBLES as error:
            log.warning("the worker's load was not told: %s", type(error).__name__)
            return False

    async def retire(self, worker_id: str) -> None:
        """The worker stops."""

        async def write(session: AsyncSession) -> None:
            await workers.retire(session, worker_id, self._now())

        await self._insist(write, TRIES[:2])

    async def _insist(
        self,
        write: Callable[[AsyncSession], Awaitable[None]],
        tries: Sequence[float] = TRIES,
    ) -> None:
        for wait_s in (*tries, None):
            try:
                async with self._database.transaction() as session:
                    await write(session)
                return
            except Refusal:
                return
            except TROUBLES as error:
                log.warning("a call's record could not be written: %s", type(error).__name__)
                if wait_s is not None:
                    await asyncio.sleep(wait_s)


async def supervised(
    session: AsyncSession,
    actor: Actor,
    session_id: int,
    verb: Verb,
    args: Mapping[str, str | int],
    *,
    now: datetime,
) -> Standing:
    """Carry out a supervisor's verb."""
    match verb:
        case Verb.PAUSE:
            return await supervise.pause(session, actor, session_id, str(args["reason"]), now)
        case Verb.RESUME:
            return await supervise.resume(session, actor, session_id, now)
        case Verb.END:
            return await supervise.end(session, actor, session_id, str(args["reason"]), now)
        case Verb.EXTEND:
            return await supervise.extend(session, actor, session_id, int(args["minutes"]), now)
        case Verb.MUTE:
            person, muted = number(str(args["person"])), bool(args["muted"])
            return await supervise.mute(session, actor, session_id, person, muted=muted, now=now)
        case Verb.HELP | Verb.RECORD | Verb.STOP_RECORDING:
            raise Forbidden


def plan_of(session_id: str, found: plan.Plan) -> Plan:
    """A call's plan in video's words."""
    frame, standing = found.frame, found.standing
    return Plan(
        session_id=session_id,
        kind=frame.kind,
        state=State(standing.status.value),
        starts_at=standing.starts_at,
        ends_at=standing.ends_at,
        grace=frame.grace,
        permissions=Permissions(hears=frame.hears, sees=frame.sees),
        slots=frame.slots,
        headcount=frame.headcount,
        silenced=frozenset(str(person_id) for person_id in found.silenced),
        verbs={r: frozenset(Verb(v) for v in verbs) for r, verbs in frame.verbs.items()},
        reason=standing.reason,
        revision=standing.revision,
        recording=named(standing.recording_id),
        stations=standing.stations,
        entrances=frame.entrances,
        unrecorded=frame.unrecorded,
    )


def state_of(standing: Standing) -> CallState:
    """A call's standing in video's words."""
    return CallState(
        State(standing.status.value),
        standing.starts_at,
        standing.ends_at,
        standing.reason,
        standing.revision,
        named(standing.recording_id),
        standing.stations,
        standing.withdrawn,
    )


def named(recording_id: int | None) -> str:
    """A recording's id in video's words."""
    return "" if recording_id is None else str(recording_id)


def number(text: str) -> int:
    """An id of a message or a ticket.

    Raises:
        NotFound: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - bigint
        raise NotFound
    return int(text)
