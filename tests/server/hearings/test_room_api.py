"""Each part of a hearing may do what the table of powers says: over HTTP, and over the socket."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import pytest
import pytest_asyncio

from remote_court.calls import workers
from remote_court.calls.workers import Load
from remote_court.db import Database
from remote_court.errors import Forbidden, NotFound, Refusal
from remote_court.hearings import room
from remote_court.hearings.cast import Cast
from remote_court.hearings.powers import POWERS, VERBS, Power
from remote_court.people import Actor
from remote_court.people.sessions import open_token
from remote_court.server.calls.court import CourtOnDatabase
from remote_court.server.site import Site
from remote_court.video.ports import Verb
from tests.hearings.full_cast import WORKER, SittingScene, make_sitting
from tests.world import make_world

WISH: Mapping[str, object] = {"reason": "chastity_or_morals", "minutes": 5}
ARGS: Mapping[str, str | int] = {"reason": "نظم جلسه", "minutes": 5, "text": "کمک", "muted": 1}


AS_WRITTEN = dict(POWERS)
"""The table as it stands, so that a change of it is seen."""
STEERING = (Power.OPEN, Power.PAUSE, Power.RESUME, Power.END)


@dataclass
class Played:
    """The scene with everybody in, and each part by the person who plays it."""

    scene: SittingScene
    parts: Mapping[Cast, Actor]
    database: Database
    tokens: dict[int, str] = field(default_factory=dict)

    async def token(self, who: Actor) -> str:
        if who.person_id not in self.tokens:
            async with self.database.transaction() as session:
                self.tokens[who.person_id] = await open_token(
                    session, who.person_id, self.scene.start
                )
        return self.tokens[who.person_id]


@pytest_asyncio.fixture
async def played(site: Site) -> Played:
    async with site.database.transaction() as session:
        scene = await make_sitting(await make_world(session))
        await workers.report(session, WORKER, Load(), scene.start)
        await scene.bench_comes(scene.president, scene.second)
        for party in (scene.accused, scene.lawyer, *scene.witnesses):
            await scene.party_comes(party)
        await scene.come(scene.clerk, scene.clerk.person_id, "clerk", scene.start)
        await room.open_session(session, scene.president, scene.hearing_id, scene.start)
        parts = {
            Cast.PRESIDING: scene.president,
            Cast.ASSOCIATE: scene.second,
            Cast.CLERK: scene.clerk,
            Cast.PARTY: scene.own(scene.accused),
            Cast.LAWYER: scene.own(scene.lawyer),
            Cast.WITNESS: scene.own(scene.witnesses[0]),
            Cast.GUARD: scene.officer,
            Cast.OBSERVER: scene.stranger,
        }
    site.now = lambda: scene.start
    return Played(scene, parts, site.database)


async def ask(
    client: httpx.AsyncClient, played: Played, who: Actor, body: Mapping[str, object] | None = None
) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {await played.token(who)}",
        "Accept-Language": "en",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    path = f"/api/v1/hearings/{played.scene.hearing_id}/room"
    if body is None:
        return await client.get(path, headers=headers)
    return await client.post(path, headers=headers, json=body)


async def wrong_over_http(client: httpx.AsyncClient, played: Played) -> list[object]:
    """Cells of the table that HTTP does not answer as it says."""
    wrong: list[object] = []
    for power in Power:
        if power in {Power.HELP, *STEERING}:
            continue  # help is called over the socket; what changes the rest is tried alone
        for cast, who in played.parts.items():
            wish = {"act": power, "person_ids": [str(played.scene.lawyer.person_id)], **WISH}
            status = (await ask(client, played, who, wish)).status_code
            if (status in {403, 404}) is (cast in AS_WRITTEN[power]) or status == 500:
                wrong.append((power.value, cast.value, status))
    return wrong


async def test_over_http_each_power_is_theirs_who_have_it_and_nobody_elses(
    client: httpx.AsyncClient, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not await wrong_over_http(client, played)
    monkeypatch.setitem(POWERS, Power.CLOSE_DOORS, frozenset(Cast))  # type: ignore[arg-type]
    assert await wrong_over_http(client, played)  # an act that nobody guards is seen


@pytest.mark.parametrize("power", STEERING)
async def test_over_http_nobody_but_who_presides_steers_the_session(
    client: httpx.AsyncClient, played: Played, power: Power
) -> None:
    for cast, who in played.parts.items():
        if cast is not Cast.PRESIDING:
            answer = await ask(client, played, who, {"act": power, "reason": "because"})
            assert answer.status_code in {403, 404}, cast
    answer = await ask(client, played, played.scene.president, {"act": power, "reason": "because"})
    assert answer.status_code in {200, 409}


async def test_over_the_socket_each_verb_is_theirs_who_have_it(site: Site, played: Played) -> None:
    court = CourtOnDatabase(
        site.database, WORKER.id, url=WORKER.url, udp_port=1, now=lambda: played.scene.start
    )
    wrong = []
    for power in VERBS - {Power.END}:
        for cast, who in played.parts.items():
            args = {**ARGS, "person": str(played.scene.lawyer.person_id)}
            may = cast in POWERS[power]
            try:
                await court.asked(
                    str(played.scene.hearing_id), str(who.person_id), cast, Verb(power), args
                )
                refused = False
            except (Forbidden, NotFound):
                refused = True
            except Refusal:
                refused = False
            if refused is may:
                wrong.append((power.value, cast.value))
    assert not wrong


async def test_the_room_shows_who_is_here_and_what_one_may_do(
    client: httpx.AsyncClient, played: Played
) -> None:
    shown = (await ask(client, played, played.scene.clerk)).json()
    assert (shown["status"], shown["call"], shown["judges_here"]) == ("in_progress", "live", 2)
    assert shown["quorum"] == 2
    assert shown["powers"] == ["admit", "send_out", "aside", "return", "help"]
    third = next(one for one in shown["people"] if one["id"] == str(played.scene.third.person_id))
    assert (third["role"], third["station"]) == ("associate_judge", None)
    assert (await ask(client, played, played.scene.stranger)).status_code == 403
    called = await ask(client, played, played.scene.clerk, {"act": "admit"})
    stations = {one["role"]: one["station"] for one in called.json()["people"]}
    assert (stations["party"], stations["witness"]) == ("party", "witness_room")


async def test_what_is_refused_says_why(client: httpx.AsyncClient, played: Played) -> None:
    both = [str(witness.person_id) for witness in played.scene.witnesses]
    wish = {"act": "admit", "person_ids": both}
    answer = await ask(client, played, played.scene.president, wish)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/another-witness")
    answer = await ask(client, played, played.scene.president, {"act": "send_out"})
    assert answer.status_code == 422
    answer = await ask(client, played, played.scene.president, {"act": "dance"})
    assert answer.status_code == 422
