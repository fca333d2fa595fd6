"""The carrier's door: signed, bounded, and closed where no secret is set."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import select

from remote_court.notices.messages import Message
from remote_court.notices.signing import sign
from remote_court.server.app import create_app
from tests.server.conftest import browser

SECRET = "a secret of both"
PATH = "/api/v1/carrier/receipts"


def signed(site, told: object, **headers: str) -> dict[str, object]:
    body = json.dumps(told).encode()
    at = int(site.now().timestamp())
    mine = {"X-Timestamp": str(at), "X-Signature": sign(SECRET.encode(), at, body)}
    return {"content": body, "headers": {"content-type": "application/json"} | mine | headers}


def receipt(**changes: object) -> dict[str, object]:
    return {
        "reference": "letter-7",
        "state": "delivered",
        "at": "2026-11-24T12:00:05+03:30",
    } | changes


@pytest_asyncio.fixture
async def door(site, person, instant):
    told = site.settings.model_copy(update={"sms_secret": SecretStr(SECRET)})
    opened = replace(site, settings=told)
    mother = await person()
    async with site.database.transaction() as session:
        session.add(
            Message(
                person_id=mother.id, kind="account", locale="fa", subject="ا", body="ب",
                created_at=instant, reference="letter-7", sent_at=instant,
            )
        )  # fmt: skip
    async with browser(create_app(opened)) as client:
        yield client


async def test_a_receipt_is_taken_once_and_again(site, door):
    told = {"receipts": [receipt(), receipt(reference="letter-8")]}
    for _ in range(2):
        answer = await door.post(PATH, **signed(site, told))
        assert (answer.status_code, answer.json()) == (200, {"known": 1, "unknown": 1})
    async with site.database.transaction() as session:
        assert await session.scalar(select(Message.arrival)) == "delivered"


@pytest.mark.parametrize(
    "headers",
    [{"X-Signature": "sha256=00"}, {"X-Signature": ""}, {"X-Timestamp": "1"}, {"X-Timestamp": ""}],
)
async def test_what_is_not_signed_is_refused_with_a_problem(site, door, headers):
    answer = await door.post(PATH, **signed(site, {"receipts": [receipt()]}, **headers))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-signed"
    async with site.database.transaction() as session:
        assert await session.scalar(select(Message.arrival)) is None


@pytest.mark.parametrize(
    "told",
    [
        {}, {"receipts": []}, {"receipts": [receipt(state="lost")]},
        {"receipts": [receipt(at="2026-11-24T12:00:05")]}, {"receipts": [receipt(reference="")]},
        {"receipts": [receipt()] * 501},
    ],
)  # fmt: skip
async def test_what_is_no_receipt_is_refused(site, door, told):
    answer = await door.post(PATH, **signed(site, told))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_secret_there_is_no_door(site, client):
    answer = await client.post(PATH, **signed(site, {"receipts": [receipt()]}))
    assert answer.status_code == 404
