"""Coming back to a call whose worker cannot be reached: is it dead, and where does it go on?"""

from __future__ import annotations

import asyncio
from datetime import datetime

from remote_court import outbox
from remote_court.calls import queries, resume
from remote_court.calls.admit import Entry
from remote_court.clock import monotonic
from remote_court.server.calls.hosting import pulse_channel
from remote_court.server.site import Site

ANSWER_S = 1.5
"""How long a worker that lives may take to say so; clients wait for it, and so do families."""

LOOK_EVERY_S = 0.05


async def come_back(site: Site, token: str, session_id: int, now: datetime) -> Entry:
    """A ticket for who shows a resume token, to a worker that lives.

    Raises:
        Refusal: the token is no good, the call is over, or nobody can carry it.
    """
    shown = resume.checked(token, site.key, session_id, now)
    gone = await silent_worker(site, session_id)
    async with site.database.transaction() as session:
        return await resume.trade(session, shown, site.now(), gone)


async def silent_worker(site: Site, session_id: int) -> frozenset[str]:
    """The worker of a call, if its lease runs but it does not answer; else nothing."""
    async with site.database.transaction() as session:
        call = await queries.call(session, session_id)
        worker = await queries.worker(session, call.worker_id) if call else None
        here = site.worker is not None and worker and site.worker.worker_id == worker.id
        if worker is None or worker.lease_until <= site.now() or here:
            return frozenset()
        asked = outbox.live(pulse_channel(worker.id), site.now(), event="alive?")
        await outbox.put(session, asked)
    if await reports_again(site, worker.id, worker.reported_at):
        return frozenset()
    return frozenset({worker.id})


async def reports_again(site: Site, worker_id: str, last: datetime) -> bool:
    """Whether a worker reports once more within its time, and does not end."""
    until = monotonic() + ANSWER_S
    while monotonic() < until:
        await asyncio.sleep(LOOK_EVERY_S)
        async with site.database.singly() as session:
            worker = await queries.worker(session, worker_id)
        if worker is None or worker.retired_at is not None:
            return False
        if worker.reported_at != last:
            return True
    return False
