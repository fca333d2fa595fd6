from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.identifiers import grouped
from remote_court.people import Person, Role
from remote_court.visits.models import Visit
from tests.world import FREE_START

DAY = "2026-11-29"


@pytest.fixture
def desk(world) -> str:
    return f"/desk/{world.office.id}"


async def test_the_board_shows_the_days_visits_and_their_state(
    world, as_person, desk, booked, clock
):
    made = await booked()
    clock(FREE_START - timedelta(minutes=20))
    clerk = await as_person(world.clerk.person_id)
    page = (await clerk.get(desk)).text
    assert f'id="visit-{made.id}"' in page
    assert "Next to arrive" in page
    assert "Receive" in page
    clock(FREE_START + timedelta(minutes=5))
    assert "Late" in (await clerk.get(desk)).text


async def test_another_day_is_one_link_away(clerk, desk, booked):
    made = await booked()
    assert f"visit-{made.id}" not in (await clerk.get(desk)).text
    assert f"visit-{made.id}" in (await clerk.get(f"{desk}?day={DAY}")).text
    assert f"visit-{made.id}" in (await clerk.get(f"{desk}?day=1405/09/08")).text


async def test_a_visit_is_found_by_its_code(clerk, desk, booked, send):
    made = await booked()
    answer = await send(clerk, desk, f"{desk}/find", q=grouped(made.tracking_code).lower())
    assert (answer.status_code, answer.headers["location"]) == (303, f"{desk}/visits/{made.id}")


async def test_the_slips_code_leads_to_its_visit(clerk, desk, booked):
    made = await booked()
    scanned = await clerk.get(f"{desk}/check-in?code={made.tracking_code}")
    assert (scanned.status_code, scanned.headers["location"]) == (303, f"{desk}/visits/{made.id}")
    assert (await clerk.get(f"{desk}/check-in?code=nothing")).status_code == 422


async def test_a_visit_is_found_by_the_visitors_number(clerk, desk, booked, send, database):
    made = await booked()
    async with database.transaction() as session:
        visit = await session.get(Visit, made.id)
        person = await session.get(Person, visit.booked_for)
    answer = await send(clerk, desk, f"{desk}/find", q=person.national_id)
    assert answer.headers["location"] == f"{desk}/visits/{made.id}"


@pytest.mark.parametrize("q", ["", "nothing", "7K3M9QX2VAT", "0012345679", "https://x/v/1"])
async def test_what_is_not_found_is_said_on_the_page(clerk, desk, booked, send, q):
    await booked()
    answer = await send(clerk, desk, f"{desk}/find", q=q)
    assert answer.status_code == 422
    assert "No visit of this office" in answer.text


@pytest.mark.parametrize(
    "path", ["", "/events", "/rooms", "/rooms/events", "/displaced", "/walk-in", "/visits/1"]
)
async def test_another_offices_desk_is_not_there(world, as_person, path, database):
    async with database.transaction() as session:
        world.session = session
        stranger = await world.staff(Role.OFFICE_CLERK, world.office.id + 5000)
    browser = await as_person(stranger.person_id)
    assert (await browser.get(f"/desk/{world.office.id}{path}")).status_code == 404
    family = await as_person(world.mother.id)
    assert (await family.get(f"/desk/{world.office.id}{path}")).status_code == 403


async def test_every_page_also_speaks_persian(world, as_person, booked):
    made = await booked()
    browser = await as_person(world.clerk.person_id, "fa")
    for path in ("", "/rooms", "/displaced", "/walk-in", f"/visits/{made.id}/move"):
        page = await browser.get(f"/desk/{world.office.id}{path}")
        assert page.status_code == 200
        assert 'lang="fa" dir="rtl"' in page.text


async def test_the_board_comes_again_after_every_change(app, world, booked, hub, clerk, clock):
    """The stream is read at its source: the test client waits for an answer's end."""
    from starlette.requests import Request as HttpRequest

    from remote_court.server.office.desk import events

    made = await booked()
    clock(FREE_START)
    scope = {
        "type": "http",
        "app": app,
        "method": "GET",
        "path": f"/desk/{world.office.id}/events",
        "query_string": b"",
        "headers": [(b"accept-language", b"en")],
        "state": {"user": None, "csrf": "", "nonce": ""},
    }
    stream = (await events(HttpRequest(scope), app.state.site, world.office.id)).body_iterator
    assert (await anext(stream)).startswith("retry:")
    assert "Late" in await anext(stream)
    clock(FREE_START - timedelta(minutes=30))
    hub.publish({"channel": f"office:{world.office.id}", "event": "visit", "id": made.id})
    again = await anext(stream)
    assert "Expected" in again
    assert "hx-" not in again
    hub.end()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
