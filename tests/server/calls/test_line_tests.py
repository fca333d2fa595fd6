"""Line tests over the API, and one that really runs: an encoder, and a client of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from aiortc.rtcdtlstransport import RTCCertificate

from remote_court import clock as clocks
from remote_court.calls import workers
from remote_court.calls.workers import Load, Worker
from remote_court.db import Database
from remote_court.demo.offer import Offer
from remote_court.demo.participant import Participant
from remote_court.demo.uplink import Outgoing, Uplink
from remote_court.people import Role
from remote_court.people.sessions import open_token
from tests.calls.stack import Stack, serving

URL = "/api/v1/line-tests"
WISH = {"room": "tabriz-3", "as": "presenter", "minutes": 30, "people": 3}


@pytest_asyncio.fixture
async def worker(database: Database, noon) -> None:
    async with database.transaction() as session:
        await workers.report(session, Worker("w-1", "wss://one.example/ws/call", 1), Load(), noon)


async def test_an_operator_gets_tickets_sees_the_rooms_and_ends_one(bearer, person, worker):
    operator = await bearer(await person((Role.OPERATOR, None), demo=True))
    made = await operator.post(f"{URL}/tickets", json=WISH)
    assert made.status_code == 200
    assert made.json()["whip"] == "https://one.example/whip/line-test.tabriz-3"
    (room,) = (await operator.get(URL)).json()["items"]
    assert (room["room"], room["people"]) == ("tabriz-3", 3)
    assert (await operator.delete(f"{URL}/tabriz-3")).status_code == 204
    assert (await operator.get(URL)).json() == {"items": [], "next": None}
    assert (await operator.delete(f"{URL}/tabriz-3")).status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICE_MANAGER, Role.HQ_PLANNER, Role.AUDITOR, Role.JUDGE])
async def test_nobody_else_may(bearer, person, worker, role: Role):
    stranger = await bearer(await person((role, None), demo=True))
    for answer in (
        await stranger.post(f"{URL}/tickets", json=WISH),
        await stranger.get(URL),
        await stranger.delete(f"{URL}/a"),
    ):
        assert answer.status_code == 403


async def test_who_is_not_signed_in_is_told_so(client: httpx.AsyncClient, worker):
    assert (await client.post(f"{URL}/tickets", json=WISH)).status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"room": "A b"}, {"as": "judge"}, {"minutes": 0}, {"minutes": 999}, {"people": 99}],
)
async def test_a_wish_beyond_the_bounds_is_refused(bearer, person, worker, change):
    operator = await bearer(await person((Role.OPERATOR, None), demo=True))
    assert (await operator.post(f"{URL}/tickets", json=WISH | change)).status_code == 422


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    async with serving(database, tmp_path) as made:
        yield made


async def test_an_encoder_is_seen_by_a_client_of_ours_until_the_operator_ends_it(
    stack: Stack, database: Database, person
):
    async with database.transaction() as session:
        who = await person((Role.OPERATOR, None), demo=True)
        token = await open_token(session, who.id, clocks.now())
    headers = {"authorization": f"Bearer {token}"}
    certificate = RTCCertificate.generateCertificate()
    offer = Offer(certificate.getFingerprints(), pairs=0)
    async with httpx.AsyncClient(base_url=stack.origin, headers=headers) as operator:
        presenter, viewer = [
            (await operator.post(f"{URL}/tickets", json=WISH | {"as": role})).json()
            for role in ("presenter", "viewer")
        ]
        answer = await operator.post(
            presenter["whip"],
            content=offer.text(),
            headers={
                "authorization": f"Bearer {presenter['ticket']}",
                "content-type": "application/sdp",
            },
        )
        assert answer.status_code == 201
        uplink = Uplink(offer, certificate, on_packet=ignore, on_control=ignore)
        await uplink.connect(answer.text)
        watcher = Participant(viewer["url"], viewer["ticket"], sound=False)
        running = asyncio.create_task(watcher.run())
        sound, picture = Outgoing(offer.audio_ssrc, 111), Outgoing(offer.video_ssrc, 96)
        async with asyncio.timeout(10):
            while min(watcher.counts.kinds[kind] for kind in ("audio", "video")) < 5:
                uplink.send(sound, b"sound", marker=False, level=20)
                uplink.send(picture, b"\x10\x00picture", marker=True)
                await asyncio.sleep(0.02)
        assert watcher.messages["joined"]["call"] == {
            "id": "line-test.tabriz-3",
            "kind": "line-test",
        }
        assert [p["role"] for p in watcher.messages["people"]["people"]] == ["presenter"]
        await watcher.say({"type": "end", "reason": "enough"})
        await watcher.until(lambda w: "error" in w.messages)
        assert watcher.messages["error"]["problem"]["code"] == "forbidden"
        assert (await operator.delete(f"{URL}/tabriz-3")).status_code == 204
        last = await asyncio.wait_for(running, 5)
        assert last["reason"] == "ended"
        assert (await operator.get(answer.headers["location"])).status_code == 404
        await uplink.close()
    assert not stack.worker.session_ids


def ignore(_: object) -> None:
    """What comes back is of no interest here."""
