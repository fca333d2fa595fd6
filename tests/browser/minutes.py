"""Two sittings with minutes: one is still written, the other is closed and awaits signatures."""

from __future__ import annotations

from datetime import datetime

from remote_court.hearings import diary_queries
from remote_court.hearings.in_call_facts import load
from remote_court.hearings.minutes.draft import Draft, Section, save
from remote_court.hearings.minutes.freeze import freeze
from remote_court.hearings.minutes.record import record_of
from remote_court.hearings.minutes.roll import Ticked, Verified, roll
from remote_court.hearings.models import Hearing
from remote_court.scheduling.models import Session
from remote_court.server.filters import Speech
from remote_court.server.hearings.minutes import printed
from remote_court.server.hearings.minutes.record_lines import lines
from tests.browser.court import Bench, listed


async def make_minutes(bench: Bench, now: datetime) -> tuple[int, int]:
    """The ids of the two."""
    written, closed = [await held(bench, now) for _ in range(2)]
    court, session = bench.court, bench.court.world.session
    facts = await load(session, closed)
    ticked = dict.fromkeys(
        (*facts.seats, *(part.person_id for part in facts.parts)), Ticked(True, Verified.CARD)
    )
    texts = {Section.STATEMENTS: "خواهان گفت: مبلغ پرداخت نشده است."}
    minutes = await save(session, court.clerk, closed, Draft(0, texts, ticked), now)
    line = await diary_queries.sitting(session, closed)
    assert line is not None
    called, record = list(roll(facts, minutes.roll, ())), await record_of(session, facts)
    told = lines(record, facts, Speech("fa"))
    document = printed.pdf(line, facts, minutes, called, told, now)
    await freeze(session, court.clerk, closed, 1, document, now)
    return written, closed


async def held(bench: Bench, now: datetime) -> int:
    """A sitting of today that was held just now."""
    court, session = bench.court, bench.court.world.session
    made = await listed(court, bench.case, [bench.plaintiff], now.date(), number=3)
    told, hearing = await session.get_one(Session, made), await session.get_one(Hearing, made)
    told.status, hearing.opened_at, hearing.ended_at = "held", now, now
    await session.flush()
    return made
