"""WHIP and WHEP as their clients meet them: what is answered, and every way to be refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from aiortc.rtcdtlstransport import RTCCertificate
from aiortc.sdp import SessionDescription

from remote_court import clock
from remote_court.demo.offer import Offer
from remote_court.demo.uplink import Outgoing, Uplink
from remote_court.video import admission
from remote_court.video.ports import Left, State
from remote_court.video.turn import Turn
from tests.video.court import House, house, plan

CERTIFICATE = RTCCertificate.generateCertificate()
PRINTS = CERTIFICATE.getFingerprints()
SDP = {"content-type": "application/sdp"}
FRAGMENT = {"content-type": "application/trickle-ice-sdpfrag"}


def publisher() -> Offer:
    return Offer(PRINTS, pairs=0)


def viewer(pairs: int = 1) -> Offer:
    return Offer(PRINTS, pairs=pairs, microphone=False, camera=False)


@pytest_asyncio.fixture
async def court_house(site: Any) -> AsyncIterator[House]:
    turn = Turn(["turn:relay.example:3478?transport=udp", "turns:relay.example:5349"], b"secret")
    async with house(plan(), plan(session_id="s2", headcount=0)) as built:
        built.worker.turn = turn
        site.worker = built.worker
        yield built


@dataclass
class Door:
    """Asks as a client would."""

    client: httpx.AsyncClient
    house: House

    async def enter(
        self, door: str, offer: str, person: str, role: str, **headers: str
    ) -> httpx.Response:
        bearer = {"authorization": f"Bearer {self.house.ticket(person, role)}"}
        return await self.client.post(f"/{door}/s1", content=offer, headers=bearer | SDP | headers)


@pytest.fixture
def door(client: httpx.AsyncClient, court_house: House) -> Door:
    client.headers["accept-language"] = "en"
    return Door(client, court_house)


async def uplink(offer: Offer, answer: str, packets: list[bytes]) -> Uplink:
    made = Uplink(offer, CERTIFICATE, on_packet=packets.append, on_control=lambda _: None)
    await made.connect(answer)
    return made


async def until(wish: Callable[[], object], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not wish():  # noqa: ASYNC110 - counters have no event
            await asyncio.sleep(0.02)


async def test_who_publishes_is_told_all_that_the_standard_asks_for(door: Door):
    answer = await door.enter("whip", publisher().text(), "anna", "visitor")
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/sdp"
    assert answer.headers["location"].startswith("http://127.0.0.1/whip/s1/")
    assert answer.headers["etag"].strip('"') in answer.text
    assert not answer.headers["etag"].startswith("W/")
    assert answer.headers["access-control-allow-origin"] == "*"
    for wanted in ("Location", "ETag", "Link"):
        assert wanted in answer.headers["access-control-expose-headers"]
    links = answer.headers.get_list("link")
    assert [link.partition(">")[0] for link in links] == [
        "<turn:relay.example:3478?transport=udp",
        "<turns:relay.example:5349",
    ]
    assert all('rel="ice-server"; username="' in link for link in links)
    assert not any("anna" in link for link in links)  # it stands in the relay's log
    said = SessionDescription.parse(answer.text)
    assert [line.direction for line in said.media] == ["recvonly", "recvonly"]
    assert all(line.ice_candidates and line.ice.iceLite for line in said.media)
    assert "a=setup:passive" in answer.text
    assert [who for _, who, _ in door.house.court.arrivals] == ["anna"]


async def test_a_publisher_is_seen_and_heard_by_a_viewer_until_it_deletes_itself(door: Door):
    sends, watches = publisher(), viewer()
    first = await door.enter("whip", sends.text(), "anna", "visitor")
    second = await door.enter("whep", watches.text(), "ben", "inmate")
    assert [m.direction for m in SessionDescription.parse(second.text).media] == ["sendonly"] * 2
    packets: list[bytes] = []
    up, down = await uplink(sends, first.text, []), await uplink(watches, second.text, packets)
    sound, picture = Outgoing(sends.audio_ssrc, 111), Outgoing(sends.video_ssrc, 96)

    def send() -> int:
        up.send(sound, b"sound", marker=False, level=20)
        up.send(picture, b"\x10\x00picture", marker=True)
        return len({p[1] & 0x7F for p in packets})

    await until(lambda: send() == 2)
    bearer = {"authorization": "Bearer nonsense"}
    where = urlsplit(first.headers["location"]).path
    assert (await door.client.delete(where, headers=bearer)).status_code == 403
    gone = await door.client.delete(where, headers=first.request.headers)
    assert (gone.status_code, gone.content) == (200, b"")
    assert [(who, why) for who, _, why in door.house.court.departures] == [("anna", Left.LEFT)]
    assert (await door.client.delete(where, headers=first.request.headers)).status_code == 404
    heard = len(packets)
    send()
    await asyncio.sleep(0.2)
    assert len(packets) == heard
    await up.close()
    await down.close()


async def test_an_encoder_that_waits_for_our_handshake_is_served_too(door: Door):
    offer = publisher()
    text = offer.text().replace("a=setup:actpass", "a=setup:passive")
    answer = await door.enter("whip", text, "anna", "visitor")
    up = await uplink(offer, answer.text, [])
    room = await door.house.worker.room("s1")
    media = room.peers["anna"].media
    await until(lambda: media.connected)
    up.send(Outgoing(offer.audio_ssrc, 111), b"sound", marker=True, level=20)
    await until(lambda: sum(track.reception.received for track in media.tracks) == 1)
    await up.close()


async def test_the_end_of_the_call_ends_it_for_clients_without_a_socket(door: Door):
    answer = await door.enter("whep", viewer().text(), "ben", "inmate")
    where = urlsplit(answer.headers["location"]).path
    assert (await door.client.get(where)).status_code == 204
    door.house.court.change("s1", state=State.CLOSED, reason="time")
    await until(lambda: door.house.court.departures)
    assert [why for _, _, why in door.house.court.departures] == [Left.ENDED]
    assert (await door.client.get(where)).status_code == 404
    assert not door.house.worker.resources
    assert not door.house.worker.port._by_ufrag


async def test_who_never_sends_media_is_let_go(door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admission, "MEDIA_WAIT", 0.1)
    await door.enter("whip", publisher().text(), "anna", "visitor")
    await until(lambda: door.house.court.departures)
    assert [why for _, _, why in door.house.court.departures] == [Left.LOST]
    assert door.house.worker.load.peers == 0


async def test_a_ticket_opens_once_whatever_it_is_shown_to(door: Door):
    bearer = {"authorization": f"Bearer {door.house.ticket('anna', 'visitor')}"} | SDP
    first = await door.client.post("/whip/s1", content=publisher().text(), headers=bearer)
    second = await door.client.post("/whip/s1", content=publisher().text(), headers=bearer)
    assert (first.status_code, second.status_code) == (201, 401)
    assert second.json()["type"] == "/problems/ticket-spent"


async def test_a_newer_entry_of_the_same_person_takes_the_older_one_s_place(door: Door):
    old = await door.enter("whip", publisher().text(), "anna", "visitor")
    new = await door.enter("whip", publisher().text(), "anna", "visitor")
    await until(lambda: door.house.court.departures)
    assert [why for _, _, why in door.house.court.departures] == [Left.DISPLACED]
    paths = [urlsplit(answer.headers["location"]).path for answer in (old, new)]
    assert [(await door.client.get(path)).status_code for path in paths] == [404, 204]


OFFER = publisher().text()
BAD_ENTRIES: list[tuple[str, int, str, dict[str, Any]]] = [
    ("no ticket", 401, "ticket-missing", {"token": None}),
    ("another scheme", 401, "ticket-missing", {"headers": {"authorization": "Basic YTpi"}}),
    ("a forged ticket", 401, "ticket-forged", {"token": "a.b"}),
    ("an old ticket", 401, "ticket-expired", {"expires_at": timedelta(hours=-1)}),
    ("a ticket of another worker", 403, "ticket-misdirected", {"audience": "w2"}),
    ("a ticket to another call", 403, "ticket-misused", {"session_id": "s2"}),
    ("a call that is not there", 404, "not-found", {"path": "/whip/s9", "session_id": "s9"}),
    ("an unknown role", 422, "role-unknown", {"role": "stranger"}),
    ("a full room", 409, "room-full", {"path": "/whip/s2", "session_id": "s2"}),
    ("another content type", 415, "unsupported-media", {"headers": {"content-type": "text/x"}}),
    ("no content type", 415, "unsupported-media", {"headers": {"content-type": ""}}),
    ("no SDP accepted", 406, "not-acceptable", {"headers": {"accept": "text/html, image/*"}}),
    ("SDP refused", 406, "not-acceptable", {"headers": {"accept": "application/sdp;q=0"}}),
    ("too much", 413, "message-too-long", {"content": OFFER + "a=x:y\r\n" * 9_000}),
    ("no text", 400, "bad-fragment", {"content": b"\xff\xfe"}),
    ("no SDP", 422, "bad-offer", {"content": "hello"}),
    ("nothing", 422, "bad-offer", {"content": ""}),
    ("the wrong way", 422, "bad-offer", {"content": viewer().text()}),
    ("two cameras", 422, "bad-offer", {"content": OFFER + OFFER[OFFER.index("m=video") :]}),
    ("no codec of ours", 422, "no-common-codec", {"content": OFFER.replace("VP8", "VP9")}),
]


@pytest.mark.parametrize(
    ("status", "code", "how"), [row[1:] for row in BAD_ENTRIES], ids=[row[0] for row in BAD_ENTRIES]
)
async def test_each_bad_entry_is_told_why_and_leaves_nothing(door: Door, status, code, how):
    changes = {k: how[k] for k in ("audience", "session_id") if k in how}
    if "expires_at" in how:
        changes["expires_at"] = clock.now() + how["expires_at"]
    token = how.get("token", door.house.ticket("anna", how.get("role", "visitor"), **changes))
    headers = SDP | ({} if token is None else {"authorization": f"Bearer {token}"})
    answer = await door.client.post(
        how.get("path", "/whip/s1"),
        content=how.get("content", OFFER),
        headers=headers | how.get("headers", {}),
    )
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    body = answer.json()
    assert (answer.status_code, body["type"]) == (status, f"/problems/{code}")
    assert body["detail"]
    assert (code == "bad-offer") == ("where" in body)
    assert (answer.headers.get("www-authenticate") == "Bearer") == (status == 401)
    assert not door.house.worker.resources
    assert not door.house.worker.port._by_ufrag
    assert door.house.court.arrivals == []


async def test_a_call_that_is_over_is_a_conflict(door: Door):
    await door.enter("whip", OFFER, "anna", "visitor")
    door.house.court.change("s1", state=State.CLOSED, reason="time")
    door.house.court.plans["s1"] = plan(state=State.CLOSED)
    answer = await door.enter("whip", OFFER, "anna", "visitor")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/call-closed")


@pytest.mark.parametrize("gone", [True, False])
async def test_without_a_worker_one_is_asked_to_come_later(door: Door, site: Any, gone: bool):
    if gone:
        site.worker = None
    else:
        await door.house.worker.stop()
    answer = await door.enter("whip", OFFER, "anna", "visitor")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/no-worker")
    assert int(answer.headers["retry-after"]) > 0


MINE, OTHERS = "a=ice-ufrag:{mine}\r\n", "a=ice-ufrag:fresh\r\na=ice-pwd:x\r\n"
TRICKLE = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" + MINE + "a=end-of-candidates\r\n"
PATCHES = [
    ("candidates", TRICKLE, "{tag}", FRAGMENT, 204, None),
    ("candidates, whatever the tag", TRICKLE, "*", FRAGMENT, 204, None),
    ("one of several tags", TRICKLE, '"x", {tag}', FRAGMENT, 204, None),
    ("no tag", TRICKLE, None, FRAGMENT, 428, "tag-missing"),
    ("an old tag", TRICKLE, '"old"', FRAGMENT, 412, "tag-outdated"),
    ("a restart", OTHERS, "*", FRAGMENT, 422, "no-restart"),
    ("another type", TRICKLE, "{tag}", SDP, 415, "unsupported-media"),
    ("no SDP", "hello there", "{tag}", FRAGMENT, 400, "bad-fragment"),
    ("nothing", "", "{tag}", FRAGMENT, 400, "bad-fragment"),
    ("no text", "a=\udcff", "{tag}", FRAGMENT, 400, "bad-fragment"),
]


@pytest.mark.parametrize(
    ("body", "tag", "kind", "status", "code"),
    [row[1:] for row in PATCHES],
    ids=[row[0] for row in PATCHES],
)
async def test_a_patch_is_answered_as_the_standard_says(door: Door, body, tag, kind, status, code):
    offer = publisher()
    made = await door.enter("whip", offer.text(), "anna", "visitor")
    headers = {"authorization": made.request.headers["authorization"]} | kind
    if tag is not None:
        headers["if-match"] = tag.format(tag=made.headers["etag"])
    answer = await door.client.patch(
        urlsplit(made.headers["location"]).path,
        content=body.format(mine=offer.ufrag).encode(errors="surrogateescape"),
        headers=headers,
    )
    assert answer.status_code == status
    assert "etag" not in answer.headers
    if code is None:
        assert answer.content == b""
    else:
        assert answer.json()["type"] == f"/problems/{code}"
    assert len(door.house.worker.resources) == 1  # it goes on, whatever was asked


async def test_a_resource_is_at_its_own_address_only(door: Door):
    made = await door.enter("whip", OFFER, "anna", "visitor")
    path = urlsplit(made.headers["location"]).path
    for wrong in (path.replace("whip", "whep"), path.replace("s1", "s2"), path + "x"):
        assert (await door.client.get(wrong)).status_code == 404
        gone = await door.client.delete(wrong, headers=made.request.headers)
        assert gone.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize("path", ["/whip/s1", "/whep/s1", "/whip/s1/x", "/whep/s1/x"])
async def test_any_page_may_ask_what_may_be_sent(door: Door, path: str):
    asks = {
        "origin": "https://elsewhere.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    answer = await door.client.options(path, headers=asks)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["accept-post"] == "application/sdp"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    for method in ("POST", "PATCH", "DELETE"):
        assert method in answer.headers["access-control-allow-methods"]
    assert "link" not in answer.headers


async def test_a_player_finds_out_that_this_is_an_entrance(door: Door):
    for ask in (door.client.head, door.client.get):
        answer = await ask("/whep/s1")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-type"] == "application/sdp"


async def test_other_methods_are_problems_too(door: Door):
    answer = await door.client.put("/whip/s1", content="x")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_cookie_is_nothing_here_and_a_form_of_a_stranger_too(door: Door):
    door.client.cookies.set("rc_session", "anything")
    answer = await door.client.post("/whip/s1", data={"a": "b"})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/ticket-missing")


async def test_the_document_tells_of_both(door: Door):
    paths = (await door.client.get("/openapi.json")).json()["paths"]
    for name in ("whip", "whep"):
        assert set(paths[f"/{name}/{{session_id}}"]) == {"post"}
        inside = paths[f"/{name}/{{session_id}}/{{resource_id}}"]
        assert set(inside) == {"patch", "delete"}
        assert inside["delete"]["security"] == [{"bearer": []}]
