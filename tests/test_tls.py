"""`remote-court serve` by TLS of its own, and behind a proxy that is trusted or is not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import websockets
from sqlalchemy import update

from remote_court import clock
from remote_court.db import Database
from remote_court.people import SanaAccount
from remote_court.people.passwords import hash_now
from remote_court.people.sessions import open_token
from tests.calls.scene import Scene, make_scene
from tests.certificates import Certificate, self_signed
from tests.serve_process import serve_process, take_for_migrated

PASSWORD = "three blue camels"
PATIENCE_S = 60
FROM_A_PROXY = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
SPOKEN = re.compile(r'class="spoken">(\d+)<')


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    """A visit of right now in a database that `serve` takes for migrated."""
    await take_for_migrated(database)
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        made = await make_scene(session, start=start)
        await session.execute(
            update(SanaAccount).values(password_hash=hash_now(PASSWORD), demo_code=None)
        )
    return made


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return self_signed(tmp_path, "127.0.0.1")


@asynccontextmanager
async def serving(database: Database, data_dir: Path, **settings: object) -> AsyncIterator[str]:
    """Run the command until the context ends; the address it really listens on."""
    async with serve_process(database, data_dir, **settings) as site:
        scheme = "https" if "TLS_CERTIFICATE" in settings else "http"
        yield f"{scheme}://127.0.0.1:{site.port}"
        assert await site.end() == 0


async def sent(client: httpx.AsyncClient, page: str, **fields: str) -> list[httpx.Response]:
    """Open a page, send its form, and follow; every answer on the way."""
    shown = await client.get(page)
    form = dict(HIDDEN.findall(shown.text.split("<main")[1])) | fields
    answer = await client.post(page, data=form, headers={"Origin": str(client.base_url)})
    return [shown, *answer.history, answer]


async def ticket(client: httpx.AsyncClient, database: Database, scene: Scene) -> dict[str, str]:
    """The mother's ticket to the call, by a token of hers."""
    async with database.transaction() as session:
        token = await open_token(session, scene.world.mother.id, clock.now())
    answer = await client.post(
        f"/api/v1/sessions/{scene.visit_id}/tickets",
        json={"as": "visitor"},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "ticket-of-hers"},
    )
    assert answer.status_code == 200, answer.text
    entry: dict[str, str] = answer.json()
    return entry


async def test_with_a_certificate_everything_goes_by_tls(
    database: Database, scene: Scene, certificate: Certificate, tmp_path: Path
) -> None:
    """Pages, the cookies of sign-in, and the call's signalling."""
    files = {"TLS_CERTIFICATE": certificate.chain, "TLS_KEY": certificate.key}
    mother = scene.world.mother
    async with (
        serving(database, tmp_path, **files) as origin,
        httpx.AsyncClient(
            base_url=origin, verify=certificate.trust, follow_redirects=True, timeout=PATIENCE_S
        ) as client,
    ):
        passed = await sent(
            client, "/sign-in", identifier=mother.national_id or "", password=PASSWORD
        )
        code = SPOKEN.search(passed[-1].text)
        assert code, passed[-1].text
        passed += await sent(client, "/sign-in/code", code=code[1])
        assert mother.name in passed[-1].text
        cookies = [c for answer in passed for c in answer.headers.get_list("set-cookie")]
        assert {c.partition("=")[0] for c in cookies} == {"rc_csrf", "rc_pending", "rc_session"}
        given = [c for c in cookies if "Max-Age=0" not in c]
        assert [c for c in given if "Secure" not in c or "HttpOnly" not in c] == []
        assert "max-age" in passed[-1].headers["strict-transport-security"]

        entry = await ticket(client, database, scene)
        assert entry["url"].startswith(origin.replace("https", "wss"))
        async with websockets.connect(entry["url"], ssl=certificate.trust) as wire:
            await wire.send(json.dumps({"type": "join", "ticket": entry["ticket"], "sdp": "v=0"}))
            answer = json.loads(await asyncio.wait_for(wire.recv(), PATIENCE_S))
        assert (answer["type"], answer["problem"]["type"]) == ("error", "/problems/bad-offer")

        plain = origin.replace("https", "http")
        async with httpx.AsyncClient() as unsafe:
            with pytest.raises(httpx.TransportError):
                await unsafe.get(f"{plain}/sign-in")


async def test_behind_a_trusted_proxy_the_forwarded_address_and_scheme_are_believed(
    database: Database, scene: Scene, tmp_path: Path
) -> None:
    behind = {"TRUSTED_PROXIES": "127.0.0.1", "BASE_URL": "https://court.example"}
    async with (
        serving(database, tmp_path, **behind) as origin,
        httpx.AsyncClient(base_url=origin, timeout=PATIENCE_S) as client,
    ):
        page = await client.get("/sign-in", headers=FROM_A_PROXY)
        assert "Secure" in page.headers["set-cookie"]
        assert "max-age" in page.headers["strict-transport-security"]
        switched = await client.get("/lang/en", headers=FROM_A_PROXY)
        assert "Secure" in switched.headers["set-cookie"]
        assert (await client.get("/metrics", headers=FROM_A_PROXY)).status_code == 404
        assert (await client.get("/metrics")).status_code == 200
        entry = await ticket(client, database, scene)
        assert entry["url"] == "wss://court.example/ws/call"


@pytest.mark.parametrize("trusted", ["", "198.51.100.4"])
async def test_anybody_elses_forwarded_headers_are_not_believed(
    database: Database, scene: Scene, tmp_path: Path, trusted: str
) -> None:
    async with (
        serving(database, tmp_path, TRUSTED_PROXIES=trusted) as origin,
        httpx.AsyncClient(base_url=origin, timeout=PATIENCE_S) as client,
    ):
        switched = await client.get("/lang/en", headers=FROM_A_PROXY)
        assert "Secure" not in switched.headers["set-cookie"]
        assert (await client.get("/metrics", headers=FROM_A_PROXY)).status_code == 200
