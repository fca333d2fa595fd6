from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from remote_court.calls.models import CallStatus
from remote_court.server.calls import kiosk
from remote_court.server.calls.askers import COOKIE
from remote_court.server.identity import COOKIE as SESSION
from remote_court.visits.models import VisitKind
from tests.calls.scene import MINUTE, make_scene
from tests.server.calls.conftest import send


def island(text: str) -> dict:
    found = re.search(r'id="call-data"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize(
    ("who", "asked", "status", "role"),
    [
        ("mother", "", 200, "visitor"),
        ("officer", "", 200, "supervisor"),
        ("officer", "?as=inmate", 200, "inmate"),
        ("mother", "?as=supervisor", 403, None),
        ("outsider", "", 404, None),
        ("other_officer", "", 404, None),
    ],
)
async def test_the_page_is_for_who_may_enter(scene, client, sign_in, who, asked, status, role):
    await sign_in(getattr(scene, who).person_id)
    answer = await client.get(f"/call/{scene.visit_id}{asked}")
    assert answer.status_code == status
    if role:
        told = island(answer.text)
        assert (told["as"], told["session"]) == (role, str(scene.visit_id))
        assert told["warn_minutes"] == [5, 2, 1]
        policy = answer.headers["Content-Security-Policy"]
        assert "connect-src 'self' ws://127.0.0.1:8080" in policy


async def test_a_strangers_browser_is_led_to_sign_in(scene, client):
    answer = await client.get(f"/call/{scene.visit_id}")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/sign-in?next=%2Fcall%2F{scene.visit_id}",
    )


async def test_a_lawyers_page_says_that_nobody_listens(client, sign_in, database):
    async with database.transaction() as session:
        scene = await make_scene(session, kind=VisitKind.LAWYER)
    await sign_in(scene.lawyer.id)
    text = (await client.get(f"/call/{scene.visit_id}")).text
    assert "This talk is confidential" in text


async def test_after_the_end_the_page_says_so(scene, client, sign_in, site):
    await sign_in(scene.world.mother.id)
    site.now = lambda: scene.end
    text = (await client.get(f"/call/{scene.visit_id}")).text
    assert "There is no talk to enter" in text


async def test_a_supervisor_works_without_scripts(scene, client, sign_in, database):
    await sign_in(scene.officer.person_id)
    async with database.transaction() as session:
        scene.session = session
        await scene.open(scene.start)
    page = f"/call/{scene.visit_id}?as=supervisor"
    for verb, fields, status in (
        ("pause", {"reason": "order in the booth"}, CallStatus.PAUSED),
        ("resume", {}, CallStatus.LIVE),
        ("extend", {"minutes": "5"}, CallStatus.LIVE),
        ("end", {"reason": "asked by the family"}, CallStatus.CLOSED),
    ):
        answer = await send(client, page, f"/call/{scene.visit_id}/{verb}", **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        async with database.transaction() as session:
            scene.session = session
            assert (await scene.call()).status is status
    assert "asked by the family" in (await client.get(page)).text


@pytest.mark.parametrize(
    ("verb", "fields", "status"),
    [
        ("pause", {"reason": "  "}, 422),
        ("extend", {"minutes": "many"}, 422),
        ("extend", {"minutes": "90"}, 422),
        ("resume", {}, 409),
        ("sing", {}, 404),
    ],
)
async def test_what_a_supervisor_cannot_do_says_why(
    scene, client, sign_in, database, verb, fields, status
):
    await sign_in(scene.officer.person_id)
    async with database.transaction() as session:
        scene.session = session
        await scene.open(scene.start)
    page = f"/call/{scene.visit_id}?as=supervisor"
    answer = await send(client, page, f"/call/{scene.visit_id}/{verb}", **fields)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 200), ("other_officer", 404), ("mother", 403)]
)
async def test_officers_watch_their_own_prison(scene, client, sign_in, who, status):
    await sign_in(getattr(scene, who).person_id)
    answer = await client.get(f"/watch/{scene.world.prison.id}")
    assert answer.status_code == status
    if status == 200:
        assert scene.world.inmate.name in answer.text
    else:
        events = await client.get(f"/watch/{scene.world.prison.id}/events")
        assert events.status_code == status


async def test_the_watch_shows_what_runs_what_comes_and_what_just_ended(
    scene, client, sign_in, database, site
):
    await sign_in(scene.officer.person_id)
    page = f"/watch/{scene.world.prison.id}"
    site.now = lambda: scene.start - 46 * MINUTE
    assert "No visit now" in (await client.get(page)).text
    site.now = lambda: scene.start - 44 * MINUTE
    assert "Expected" in (await client.get(page)).text
    async with database.transaction() as session:
        scene.session = session
        await scene.open(scene.start)
    site.now = lambda: scene.start + MINUTE
    text = (await client.get(page)).text
    assert "Under way" in text
    assert f"/call/{scene.visit_id}?as=supervisor" in text


async def test_a_device_is_paired_by_a_code_and_withdrawn(scene, client, sign_in):
    await sign_in(scene.world.manager.person_id)
    page = f"/units/{scene.world.rooms[0].id}/devices"
    made = await send(client, page, f"{page}/codes")
    code = re.search(r'class="spoken[^>]*>\s*([0-9A-Z-]{9})', made.text)
    assert code, made.text
    client.cookies.delete(SESSION)
    wrong = await send(client, "/kiosk", "/kiosk", code="AAAA-AAAA", label="TV")
    assert (wrong.status_code, "pairing code is not right" in wrong.text) == (422, True)
    nameless = await send(client, "/kiosk", "/kiosk", code=code[1], label=" ")
    assert nameless.status_code == 422
    paired = await send(client, "/kiosk", "/kiosk", code=code[1], label="TV")
    assert (paired.status_code, paired.headers["location"]) == (303, "/kiosk")
    said = paired.headers["set-cookie"]
    assert "HttpOnly" in said
    assert "SameSite=strict" in said
    kiosk = await client.get("/kiosk")
    assert island(kiosk.text)["device"] is True

    await sign_in(scene.world.manager.person_id)
    listed = await client.get(page)
    revoke = re.search(r'action="(/units/\d+/devices/\d+/revoke)"', listed.text)
    assert revoke
    assert (await send(client, page, revoke[1])).status_code == 303
    assert 'name="code"' in (await client.get("/kiosk")).text
    assert client.cookies.get(COOKIE)


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("officer", 403)])
async def test_only_its_keeper_sees_a_rooms_devices(scene, client, sign_in, who, status):
    await sign_in(getattr(scene.world, who).person_id)
    page = f"/units/{scene.world.rooms[0].id}/devices"
    assert (await client.get(page)).status_code == status


async def test_codes_are_not_guessed_at_without_end(client, monkeypatch):
    monkeypatch.setattr(kiosk, "PAIRING", replace(kiosk.PAIRING, most=2))
    guesses = [
        (await send(client, "/kiosk", "/kiosk", code="AAAA-AAAA", label="TV")).status_code
        for _ in range(3)
    ]
    assert guesses == [422, 422, 429]
