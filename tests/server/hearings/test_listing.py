"""A sitting is listed in three steps, refused with the article, moved, adjourned and cancelled."""

from __future__ import annotations

import html
import re

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court.hearings.models import Hearing
from remote_court.hearings.roles import PartyRole
from remote_court.scheduling.models import Session
from tests.server.hearings.bench import as_person, bench, clerk, judge

__all__ = ["as_person", "bench", "clerk", "judge"]
P = PartyRole


@pytest_asyncio.fixture
async def case(bench, database):
    """A case of two who come to one office, each able to be served."""
    async with database.transaction() as session:
        bench.court.world.session = session
        made = await bench.court.case("140591000000000055")
        office = (bench.court.world.office.id,)
        for role in (P.PLAINTIFF, P.DEFENDANT):
            await bench.court.party(made, role, office_ids=office)
    return made


@pytest.fixture
def root(bench):
    return f"/court/{bench.court.branch.id}"


def fields(page: str) -> dict[str, str]:
    """What a browser would send of a page's form: hidden fields, and what is chosen in it."""
    body = page[page.index('<main id="main"') :]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", body):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if told.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        if "name" in told:
            sent[told["name"]] = html.unescape(told.get("value", ""))
    for name, options in re.findall(
        r'<select [^>]*name="([\w-]+)"[^>]*>(.*?)</select>', body, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        sent[name] = (chosen or first)[1]
    return sent


async def offered(clerk, root, case, **more):
    """The page of times."""
    plan = await clerk.get(f"{root}/cases/{case.id}/list")
    order = {"order": "طرفین در دو شهرند"}
    return await clerk.post(f"{root}/cases/{case.id}/list", data=fields(plan.text) | order | more)


async def listed(clerk, root, case):
    """List it at the earliest time; where it can be seen."""
    times = await offered(clerk, root, case)
    start = re.search(r'name="start" value="([^"]+)"', times.text)[1]
    check = await clerk.post(
        f"{root}/cases/{case.id}/list", data=fields(times.text) | {"start": start}
    )
    assert check.status_code == 200, check.text
    saved = await clerk.post(f"{root}/cases/{case.id}/list", data=fields(check.text))
    assert saved.status_code == 303, saved.text
    return saved.headers["location"]


async def states(database):
    async with database.transaction() as session:
        query = select(Hearing, Session.status).join(Session, Session.id == Hearing.id)
        return {hearing.id: (hearing, status) for hearing, status in await session.execute(query)}


async def test_three_steps_list_a_sitting_at_the_earliest_lawful_time(clerk, root, case, database):
    times = await offered(clerk, root, case)
    assert times.status_code == 200
    assert "Earliest lawful day of each who must be served" in times.text
    assert "Why not earlier?" in times.text
    assert "Civil Procedure Code, art. 64" in times.text
    page = await clerk.get(await listed(clerk, root, case))
    assert "Monday 9 Azar 1405" in page.text
    assert "Provisional" in page.text


async def test_nothing_is_written_before_the_last_step(clerk, root, case, database):
    before = await states(database)
    times = await offered(clerk, root, case)
    start = re.search(r'name="start" value="([^"]+)"', times.text)[1]
    data = fields(times.text) | {"start": start}
    assert (await clerk.post(f"{root}/cases/{case.id}/list", data=data)).status_code == 200
    assert (await states(database)).keys() == before.keys()


async def test_a_date_inside_the_clear_days_is_refused_with_the_article(clerk, root, case):
    times = await offered(clerk, root, case)
    own = fields(times.text) | {"day": "1405/09/07", "time": "09:00"}
    refused = await clerk.post(f"{root}/cases/{case.id}/list", data=own)
    assert refused.status_code == 422
    assert "The session may lawfully be held from" in refused.text
    assert "Civil Procedure Code, art. 64" in refused.text


async def test_a_bench_without_a_president_and_an_order_left_out_are_refused(
    clerk, root, case, bench
):
    nobody = {f"seat-{bench.court.judge.person_id}": ""}
    refused = await offered(clerk, root, case, **nobody)
    assert refused.status_code == 422
    assert "The bench has no presiding judge" in refused.text
    silent = await offered(clerk, root, case, order="")
    assert silent.status_code == 422
    assert 'id="order-error"' in silent.text


async def test_it_is_moved_adjourned_and_cancelled(clerk, root, case, database):
    here = await listed(clerk, root, case)
    number = int(here.rsplit("/", 1)[1])
    page = await clerk.get(f"{here}/move")
    start = re.findall(r'name="start" value="([^"]+)"', page.text)[-1]
    mute = await clerk.post(f"{here}/move", data=fields(page.text) | {"start": start})
    assert mute.status_code == 422
    moved = fields(page.text) | {"start": start, "reason": "بیماری قاضی"}
    assert (await clerk.post(f"{here}/move", data=moved)).headers["location"] == here
    assert (await states(database))[number][0].date_no == 2

    page = await clerk.get(f"{here}/adjourn")
    start = re.findall(r'name="start" value="([^"]+)"', page.text)[-1]
    wrong = await clerk.post(f"{here}/adjourn", data=fields(page.text) | {"code": ""})
    assert wrong.status_code == 422
    later = fields(page.text) | {"start": start, "code": "judge_absent"}
    following = await clerk.post(f"{here}/adjourn", data=later)
    assert following.status_code == 303, following.text
    found = await states(database)
    assert found[number][1] == "adjourned"
    following_id = int(following.headers["location"].rsplit("/", 1)[1])
    assert (found[following_id][0].follows_id, found[following_id][0].number) == (number, 2)

    page = await clerk.get(f"{root}/hearings/{following_id}/cancel")
    done = fields(page.text) | {"reason": "سازش"}
    await clerk.post(f"{root}/hearings/{following_id}/cancel", data=done)
    assert (await states(database))[following_id][1] == "cancelled"
    again = await clerk.post(
        f"{root}/hearings/{following_id}/cancel",
        data=fields((await clerk.get(f"{root}/hearings/{following_id}/cancel")).text)
        | {"reason": "x"},
    )
    assert again.status_code == 422
