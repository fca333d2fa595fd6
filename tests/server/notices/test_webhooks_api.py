"""Webhooks over HTTP: registered once per key, listed without their secret, removed."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from remote_court.notices.webhooks import Event, Webhook
from remote_court.people import Role

SECRET, URL = "sixteen characters", "https://cases.court.example/in"
PATH = "/api/v1/webhooks"


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def wanted(at_court, **changes: object) -> dict[str, object]:
    values = {
        "branch_id": str(at_court.court.branch.id), "url": URL, "secret": SECRET,
        "events": ["hearing.listed", "notice.viewed"],
    }  # fmt: skip
    return values | changes


async def clerk(at_court, bearer):
    return await bearer(await at_court.who(at_court.court.clerk.person_id))


async def count(at_court) -> int:
    async with at_court.site.database.transaction() as session:
        return await session.scalar(select(func.count()).select_from(Webhook))


async def test_a_webhook_is_registered_once_listed_and_removed(at_court, bearer):
    caller, once = await clerk(at_court, bearer), key()
    branch = at_court.court.branch.id
    answers = [await caller.post(PATH, json=wanted(at_court), headers=once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert await count(at_court) == 1
    assert SECRET not in answers[0].text
    made = answers[0].json()
    assert (made["branch_id"], made["url"]) == (str(branch), URL)
    listed = (await caller.get(f"{PATH}?branch_id={branch}")).json()
    assert listed == {"items": [made], "next": None}
    for status in (204, 404):
        gone = await caller.delete(f"{PATH}/{made['id']}", headers=key())
        assert gone.status_code == status
    assert (await caller.get(f"{PATH}?branch_id={branch}")).json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"url": "http://cases.court.example/in"}, "bad-address"),
        ({"url": "https://me:word@cases.court.example/in"}, "bad-address"),
        ({"secret": "short"}, "bad-secret"),
        ({"events": []}, "bad-event"),
        ({"events": ["visit.booked"]}, "invalid"),
        ({"branch_id": "x"}, "invalid"),
    ],
)
async def test_what_cannot_be_is_a_problem(at_court, bearer, changes, problem):
    caller = await clerk(at_court, bearer)
    answer = await caller.post(PATH, json=wanted(at_court, **changes), headers=key())
    assert answer.status_code == 422
    assert answer.json()["type"] == f"/problems/{problem}"
    assert SECRET not in answer.text
    assert await count(at_court) == 0


async def test_a_key_is_needed(at_court, bearer):
    caller = await clerk(at_court, bearer)
    assert (await caller.post(PATH, json=wanted(at_court))).status_code == 400


async def test_another_branch_s_people_find_nothing(at_court, bearer, client):
    court = at_court.court
    async with at_court.site.database.transaction() as session:
        court.world.session = session
        elsewhere = await court.world.staff(Role.JUDGE, (await court.new_branch()).id)
    for person_id, status in ((elsewhere.person_id, 404), (at_court.defendant, 403)):
        caller = await bearer(await at_court.who(person_id))
        asked = await caller.post(PATH, json=wanted(at_court), headers=key())
        assert asked.status_code == status
        listed = await caller.get(f"{PATH}?branch_id={court.branch.id}")
        assert listed.status_code == status
    assert (await client.get(f"{PATH}?branch_id=1")).status_code == 401


def test_each_event_is_an_act_by_name():
    assert all(event.count(".") == 1 for event in Event)
