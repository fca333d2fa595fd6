"""Many hands at one judge's hour, on real connections: one wins, nobody gets an error of ours."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select, text

from remote_court.errors import Refusal
from remote_court.hearings.forums import Forum
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.models import Hearing
from remote_court.hearings.move import Target, move
from remote_court.hearings.roles import Seat, Site
from remote_court.scheduling.models import Session
from tests.hearings.court import make_court
from tests.hearings.times import LAWFUL
from tests.world import make_world

HANDS = 8
OVERLAPS = text(
    """
    SELECT count(*) FROM reservation a JOIN reservation b
        ON a.resource_id = b.resource_id AND a.session_id < b.session_id AND a.during && b.during
    """
)


async def town(database, branches: int = HANDS):
    """Branches that share one judge, each with a case whose party comes to the same office."""
    async with database.transaction() as session:
        here = await make_court(await make_world(session, rooms=HANDS))
        docket = []
        for _ in range(branches):
            branch = await here.new_branch(Forum.CIVIL)
            clerk = await here.world.staff(here.clerk.role, branch.id)
            case = await here.new_case(branch.id)
            await here.party(case=case, site=Site.OFFICE)
            docket.append((clerk, here.plan(case_id=case.id)))
        return here, docket


async def attempt(database, act) -> str:
    try:
        async with database.transaction() as session:
            await act(session)
    except Refusal as refusal:
        return refusal.code
    return "done"


async def test_one_of_many_gets_the_judge_s_hour_and_the_others_are_told_it_is_taken(
    database, noon
):
    _, docket = await town(database)
    said = await asyncio.gather(
        *(
            attempt(database, lambda s, c=clerk, p=plan: list_hearing(s, c, p, LAWFUL, noon))
            for clerk, plan in docket
        )
    )
    assert Counter(said) == {"done": 1, "slot-taken": HANDS - 1}
    async with database.sessions() as session:
        assert await session.scalar(OVERLAPS) == 0
        assert await session.scalar(select(func.count()).select_from(Hearing)) == 1


async def test_a_sitting_has_one_number_however_many_list_it_at_once(database, noon):
    _here, ((clerk, plan), *_) = await town(database, branches=1)
    starts = [LAWFUL + timedelta(days=n) for n in (0, 1, 2)]
    said = await asyncio.gather(
        *(
            attempt(database, lambda s, at=start: list_hearing(s, clerk, plan, at, noon))
            for start in starts
        )
    )
    assert said == ["done"] * 3
    async with database.sessions() as session:
        assert sorted(await session.scalars(select(Hearing.number))) == [1, 2, 3]


async def test_two_sittings_that_change_places_do_not_wait_for_each_other_for_ever(database, noon):
    here, docket = await town(database, branches=2)
    other = LAWFUL + timedelta(days=1)
    ids = []
    async with database.transaction() as session:
        here.world.session = session
        spare = await here.new_judge()
        for n, (clerk, plan) in enumerate(docket):
            start = LAWFUL if n == 0 else other
            bench = plan.bench if n == 0 else {spare.person_id: Seat.PRESIDING}
            changed = here.plan(case_id=plan.case_id, bench=bench)
            ids.append((clerk, (await list_hearing(session, clerk, changed, start, noon)).id))
    targets = [Target(other), Target(LAWFUL)]
    said = await asyncio.gather(
        *(
            attempt(
                database, lambda s, c=clerk, i=hearing, t=to: move(s, c, i, t, "جابه‌جایی", noon)
            )
            for (clerk, hearing), to in zip(ids, targets, strict=True)
        )
    )
    assert said == ["done", "done"]
    async with database.sessions() as session:
        starts = set(await session.scalars(select(Session.starts_at)))
        assert starts == {LAWFUL, other}
        assert await session.scalar(OVERLAPS) == 0
