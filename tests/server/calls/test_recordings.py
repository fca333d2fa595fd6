"""Ordering and stopping a recording over the API and by the page's forms."""

from __future__ import annotations

import uuid

import httpx
import pytest

from remote_court import policy
from remote_court.clock import local
from remote_court.people.sessions import open_token
from remote_court.visits.in_call import ON_ORDER
from tests.server.calls.conftest import send


@pytest.fixture
async def allowed(scene, database):
    async with database.transaction() as session:
        said = policy.Citation("بخشنامه", "Circular")
        day = local(scene.start).date()
        change = policy.Amendment("visit.monitor.electronic", ON_ORDER, day, said)
        await policy.amend(session, change, scene.start, entered_by=None)
    policy.shelf.SHELF.clear()
    yield
    policy.shelf.SHELF.clear()


@pytest.fixture
def ask(client: httpx.AsyncClient, database, scene, noon):
    async def ask(method: str, person_id: int, body: object = None) -> httpx.Response:
        async with database.transaction() as session:
            token = await open_token(session, person_id, noon)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": "en",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        path = f"/api/v1/sessions/{scene.visit_id}/recording"
        return await client.request(method, path, headers=headers, json=body)

    return ask


async def test_the_default_policy_refuses_with_its_citation(scene, ask):
    answer = await ask("POST", scene.officer.person_id, {"reason": "x"})
    assert answer.status_code == 422
    (reason,) = answer.json()["reasons"]
    assert reason["code"] == "recording-not-allowed"
    assert reason["citation"]


async def test_a_recording_is_ordered_once_and_stopped(scene, allowed, ask):
    officer = scene.officer.person_id
    ordered = await ask("POST", officer, {"reason": "Order of branch 3"})
    assert ordered.status_code == 200, ordered.text
    assert ordered.json()["recording"].isdigit()
    again = await ask("POST", officer, {"reason": "x"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-recorded")
    assert (await ask("DELETE", officer)).json() == {"recording": None}
    gone = await ask("DELETE", officer)
    assert (gone.status_code, gone.json()["type"]) == (409, "/problems/not-recorded")


@pytest.mark.parametrize("who", ["mother", "other_officer", "outsider"])
async def test_who_does_not_supervise_may_not(scene, allowed, ask, who):
    answer = await ask("POST", getattr(scene, who).person_id, {"reason": "x"})
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\x00b"])
async def test_an_order_needs_a_reason_that_can_be_written_down(scene, allowed, ask, reason):
    answer = await ask("POST", scene.officer.person_id, {"reason": reason})
    assert answer.status_code in {400, 422}


async def test_the_supervisor_s_page_offers_it_only_where_policy_does(
    scene, client, sign_in, database
):
    await sign_in(scene.officer.person_id)
    page = f"/call/{scene.visit_id}?as=supervisor"
    assert "Record the talk" not in (await client.get(page)).text


async def test_the_supervisor_s_page_orders_and_stops_without_scripts(
    scene, allowed, client, sign_in
):
    await sign_in(scene.officer.person_id)
    page = f"/call/{scene.visit_id}?as=supervisor"
    shown = (await client.get(page)).text
    assert "Record the talk" in shown
    answer = await send(client, page, f"/call/{scene.visit_id}/record", reason="Order")
    assert answer.status_code == 303, answer.text
    assert 'data-recorded="no" hidden' in (await client.get(page)).text
    answer = await send(client, page, f"/call/{scene.visit_id}/stop_recording")
    assert answer.status_code == 303
    assert 'data-recorded="yes" hidden' in (await client.get(page)).text
