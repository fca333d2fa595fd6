from __future__ import annotations

import pytest

from remote_court.calls import queries, resume, sweeps, withdraw
from remote_court.calls.admit import admit
from remote_court.calls.refusals import CallOver
from remote_court.calls.workers import LEASE, Worker
from remote_court.tickets import (
    Purpose,
    TicketExpired,
    TicketForged,
    TicketMisused,
    TicketRevoked,
    mint,
)
from tests.calls.scene import MINUTE, SECOND

KEY = b"key of the court"


async def token(scene) -> str:
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    return mint(entry.ticket.to_resume(scene.start, scene.end + 10 * MINUTE), KEY)


async def trade(scene, shown, key, session_id, now):
    return await resume.trade(scene.session, resume.checked(shown, key, session_id, now), now)


async def test_a_token_whose_worker_is_gone_becomes_a_ticket_to_another(scene):
    await scene.work(scene.start)
    shown = await token(scene)
    later = scene.start + LEASE
    await scene.work(later, Worker("w-2", "ws://two/ws/call", 8082))
    entry = await trade(scene, shown, KEY, scene.visit_id, later)
    assert (entry.ticket.audience, entry.url) == ("w-2", "ws://two/ws/call")
    assert (entry.ticket.person_id, entry.ticket.role) == (str(scene.world.mother.id), "visitor")
    assert entry.ticket.purpose is Purpose.JOIN


async def test_a_token_is_good_for_its_own_call_and_its_own_use(scene):
    await scene.work(scene.start)
    shown = await token(scene)
    with pytest.raises(TicketMisused):
        await trade(scene, shown, KEY, scene.visit_id + 1, scene.start)
    entry = await admit(scene.session, scene.mother, "visitor", scene.visit_id, scene.start)
    with pytest.raises(TicketMisused):
        await trade(scene, mint(entry.ticket, KEY), KEY, scene.visit_id, scene.start)
    with pytest.raises(TicketForged):
        await trade(scene, shown, b"another key", scene.visit_id, scene.start)


async def test_a_withdrawn_token_opens_nothing_and_a_fresh_one_does(scene):
    await scene.work(scene.start)
    shown = await token(scene)
    entries = await queries.good_entries(scene.session)
    await withdraw.withdraw(scene.session, entries, None, scene.start + SECOND)
    with pytest.raises(TicketRevoked):
        await trade(scene, shown, KEY, scene.visit_id, scene.start + 2 * SECOND)
    entry = await admit(
        scene.session, scene.mother, "visitor", scene.visit_id, scene.start + 3 * SECOND
    )
    fresh = mint(entry.ticket.to_resume(scene.start + 3 * SECOND, scene.end), KEY)
    assert await trade(scene, fresh, KEY, scene.visit_id, scene.start + 4 * SECOND)


async def test_a_closed_call_takes_nobody_back(scene):
    await scene.work(scene.start)
    shown = await token(scene)
    await sweeps.close_due(scene.session, scene.end)
    with pytest.raises(CallOver):
        await trade(scene, shown, KEY, scene.visit_id, scene.end)
    with pytest.raises(TicketExpired):
        await trade(scene, shown, KEY, scene.visit_id, scene.end + 10 * MINUTE)
