"""Where everything meets: settings become a database, a site, its sweeps and its media worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from remote_court import ticks
from remote_court.audit.seal import seal
from remote_court.calls import line_tests, recording_sweeps, withdraw, workers
from remote_court.calls import sweeps as calls
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.demo import life, right_now, sitting_now
from remote_court.demo.far_end import FarEnd
from remote_court.demo.parties import Parties
from remote_court.errors import CourtError
from remote_court.fleet import Fleet
from remote_court.hearings import sweeps as hearings
from remote_court.hearings.diary_import import importer
from remote_court.hearings.in_call import register_calls
from remote_court.hearings.in_letters import register_hearings
from remote_court.notices.carriers import LogCarrier, carrier_of
from remote_court.notices.deliver import delivering
from remote_court.notices.sweeps import postman
from remote_court.notices.webhook_events import spread
from remote_court.notices.webhook_posts import Poster, posting
from remote_court.people.sweeps import forget
from remote_court.server.app import create_app
from remote_court.server.calls.court import TROUBLES
from remote_court.server.calls.hosting import hosting
from remote_court.server.calls.recorders import keys_of
from remote_court.server.live import Hub, listening, relaying
from remote_court.server.notices.renderer import LetterTemplates
from remote_court.server.site import Site
from remote_court.ticks import Sweep
from remote_court.visits import in_call, in_letters
from remote_court.visits.decide import lapse_requests
from remote_court.visits.sweeps import lapse_displaced, lapse_holds, no_shows

log = logging.getLogger(__name__)
SECOND = timedelta(seconds=1)
SWEEPS: tuple[Sweep, ...] = (
    Sweep("audit.seal", SECOND, seal),
    Sweep("calls.make_due", 5 * SECOND, calls.make_due),
    Sweep("calls.open_due", SECOND, calls.open_due),
    Sweep("calls.close_due", SECOND, calls.close_due),
    Sweep("calls.call_off", 15 * SECOND, calls.call_off_due),
    Sweep("calls.move_off", 5 * SECOND, calls.move_off),
    Sweep("calls.forget_line_tests", 600 * SECOND, line_tests.forget),
    Sweep("calls.forget_entries", 600 * SECOND, calls.forget_entries),
    Sweep("calls.lose_connections", 15 * SECOND, calls.lose_connections),
    Sweep("calls.watch_recordings", 5 * SECOND, recording_sweeps.watch),
    Sweep("visits.no_shows", 30 * SECOND, no_shows),
    Sweep("visits.lapse_holds", 30 * SECOND, lapse_holds),
    Sweep("visits.lapse_displaced", 60 * SECOND, lapse_displaced),
    Sweep("visits.lapse_requests", 30 * SECOND, lapse_requests),
    Sweep("hearings.confirm_served", 5 * SECOND, hearings.confirm_served),
    Sweep("hearings.summon_newcomers", 15 * SECOND, hearings.summon_newcomers),
    Sweep("hearings.leave_closed_days", 15 * SECOND, hearings.leave_closed_days),
    Sweep("hearings.not_held", 30 * SECOND, hearings.not_held),
    Sweep("people.forget", 600 * SECOND, forget),
)
"""What runs by itself. Each is safe twice; ``ticks`` shares the slots out among nodes."""
DEMO_SWEEPS: tuple[Sweep, ...] = (
    Sweep("demo.right_now", 5 * SECOND, right_now.keep),
    Sweep("demo.sitting_now", 5 * SECOND, sitting_now.keep),
    Sweep("demo.receive", 20 * SECOND, life.receive),
    Sweep("demo.talk", 10 * SECOND, life.talk),
)


def build(settings: Settings, database: Database, *, media: bool = True) -> FastAPI:
    """Make the application of one process; its lifespan starts and stops what runs beside it.

    Args:
        media: whether this process carries calls.
    """
    register_kinds()
    site = Site(settings, database, hub=Hub())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with (
            sending(site) as letters,
            running(site, (*sweeps_of(site), *letters), media=media),
        ):
            yield

    return create_app(site, lifespan)


def register_kinds() -> None:
    """Let calls and letters know the kinds of session there are, and calls whose rights shrink."""
    withdraw.follow_rights()
    in_call.register_visits()
    register_calls()
    in_letters.register_visits()
    register_hearings()


def sweeps_of(site: Site) -> tuple[Sweep, ...]:
    """Every sweep of a site, the demo's included where it is one."""
    imports = Sweep("hearings.import", 2 * SECOND, importer(site.database), every_node=True)
    sweeps = (*SWEEPS, imports, *recording_sweeps_of(site.settings))
    return (*sweeps, *DEMO_SWEEPS) if site.settings.demo else sweeps


def recording_sweeps_of(settings: Settings) -> tuple[Sweep, ...]:
    """Sweeps that look at the recordings of this node's disk."""
    folder, keys = settings.recordings, keys_of(settings)
    forget = Sweep(
        "calls.forget_recordings", 600 * SECOND, recording_sweeps.forgetter(folder), every_node=True
    )
    if keys is None:
        return (forget,)
    seal = recording_sweeps.sealer(folder, keys[1])
    return (forget, Sweep("calls.seal_recordings", 20 * SECOND, seal, every_node=True))


@asynccontextmanager
async def sending(site: Site) -> AsyncIterator[tuple[Sweep, ...]]:
    """The sweeps that serve notices and send letters, with the carrier while the context lasts.

    The demo's people have telephone numbers that may be somebody's: nothing is sent to them.
    """
    carrier = LogCarrier() if site.settings.demo else carrier_of(site.settings)
    poster = Poster(private=site.settings.webhooks_private)
    words = LetterTemplates(site.settings.help_number)
    try:
        yield (
            Sweep(
                "notices.letters", SECOND, postman(site.database, words, carrier), every_node=True
            ),
            Sweep("notices.deliver", SECOND, delivering(words)),
            Sweep("notices.spread_events", SECOND, spread),
            Sweep(
                "notices.post_events",
                SECOND,
                posting(site.database, site.key, poster),
                every_node=True,
            ),
        )
    finally:
        await carrier.close()
        await poster.close()


@asynccontextmanager
async def running(
    site: Site, sweeps: Sequence[Sweep], *, media: bool = True
) -> AsyncIterator[None]:
    """Run live updates, the media worker and the sweeps for as long as the context lasts."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(site.database.close)
        tasks = [
            asyncio.create_task(listening(site.hub, site.database.url)),
            asyncio.create_task(relaying(site.database, site.now)),
        ]
        stack.push_async_callback(ended, tasks)
        if media:
            await stack.enter_async_context(carrying(site))
        if media and site.settings.demo:
            players = (FarEnd(site).run(), Parties(site).run())
            stack.push_async_callback(ended, [asyncio.create_task(one) for one in players])
        scheduler = ticking(site, sweeps)
        scheduler.start()
        stack.callback(scheduler.shutdown, wait=False)
        stack.callback(site.hub.end)
        yield


@asynccontextmanager
async def carrying(site: Site) -> AsyncIterator[None]:
    """Carry calls for as long as the context lasts: here, or in processes of their own."""
    if not site.settings.media_workers:
        async with hosting(site):
            yield
        return

    async def gone(worker_id: str) -> None:
        """Give its lease back at once, so that its calls may open elsewhere."""
        try:
            async with site.database.transaction() as session:
                await workers.bury(session, worker_id, site.now())
        except TROUBLES as error:
            log.warning("a worker's end could not be written down: %s", type(error).__name__)

    fleet = Fleet(site.settings, site.database.url, gone)
    await fleet.start()
    try:
        yield
    finally:
        await fleet.stop()


async def ended(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def ticking(site: Site, sweeps: Sequence[Sweep]) -> AsyncIOScheduler:
    """A scheduler in memory that ticks each sweep; what is due stands in rows."""
    # A second's tick that finds the last one still at work is left out: nothing is lost by it.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler(timezone="UTC")
    for sweep in sweeps:
        scheduler.add_job(
            tick,
            IntervalTrigger(seconds=int(sweep.every.total_seconds())),
            args=(site, sweep),
            id=sweep.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


async def tick(site: Site, sweep: Sweep) -> int:
    """Run a sweep if this node gets its slot; return how many rows it dealt with."""
    now = site.now()
    try:
        async with site.database.transaction() as session:
            if not await ticks.claim(session, sweep, now) and not sweep.every_node:
                return 0
        async with site.database.transaction() as session:
            dealt_with = await sweep.work(session, now)
            await ticks.finished(session, sweep, site.now(), dealt_with)
    except (SQLAlchemyError, CourtError, OSError) as error:
        log.exception("sweep %s failed", sweep.name)
        await note_failure(site, sweep, type(error).__name__)
        return 0
    return dealt_with


async def note_failure(site: Site, sweep: Sweep, what: str) -> None:
    """Write the failure where the operator's page shows it, if the database can be reached."""
    try:
        async with site.database.transaction() as session:
            await ticks.finished(session, sweep, site.now(), 0, what)
    except (SQLAlchemyError, OSError):
        log.warning("the failure of %s could not be written down", sweep.name)
