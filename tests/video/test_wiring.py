"""Seats, slots and routes, as the table of permissions has them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_court.demo.offer import Offer
from remote_court.tickets import Ticket
from remote_court.video import wiring
from remote_court.video.bandwidth import MOST_BPS
from remote_court.video.codecs import Codec
from remote_court.video.feeds import Feed
from remote_court.video.lines import Source
from remote_court.video.media import Media
from remote_court.video.peer import Peer
from remote_court.video.permissions import Kind, Permissions
from remote_court.video.port import Port
from remote_court.video.sdp import Local, negotiate

from .court import ROLES

PAIRS = list(itertools.product(ROLES, ROLES))
CERTIFICATE = RTCCertificate.generateCertificate()
PRINT = RTCDtlsFingerprint("sha-256", "AB")
SSRCS = itertools.count(1)
tables = st.builds(
    Permissions,
    hears=st.frozensets(st.sampled_from(PAIRS)),
    sees=st.frozensets(st.sampled_from(PAIRS)),
    silent=st.frozensets(st.sampled_from(ROLES)),
)


@pytest.fixture(scope="module")
def port() -> Iterator[Port]:
    opened = Port("127.0.0.1", 0)
    yield opened
    opened.close()


def person(port: Port, name: str, role: str, pairs: int = 2, camera: str = "") -> Peer:
    """Somebody whose media is up, as far as wiring can tell; ``camera``: lines of their offer."""
    path = port.new_path()
    local = Local(path.ufrag, path.password, [PRINT], [("127.0.0.1", 1)])
    offer = Offer([PRINT], pairs=pairs).text().replace("a=mid:1\r\n", "a=mid:1\r\n" + camera)
    talk = negotiate(offer, local, lambda: next(SSRCS))
    media = Media(talk, role, port, path, CERTIFICATE)
    media.connected = True
    who = Ticket.for_entry(
        session_id="s1",
        person_id=name,
        role=role,
        name=name,
        label="",
        audience="w1",
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return Peer(
        who, "c" + name, media, talk.answer, pairs=pairs, say=lambda _: None, hang_up=lambda: None
    )


@given(
    table=tables,
    roles=st.lists(st.sampled_from(ROLES), min_size=1, max_size=5),
    live=st.booleans(),
    dark=st.sets(st.integers(0, 4)),
)
@settings(deadline=None)
def test_a_slot_carries_only_what_its_viewer_may_have(
    port: Port, table: Permissions, roles: list[str], live: bool, dark: set[int]
) -> None:
    people = {str(at): person(port, str(at), role) for at, role in enumerate(roles)}
    order = list(people.values())
    for at in dark & set(range(len(order))):
        order[at].media.line.asked = True
    for peer in order:
        wiring.open_ears(peer, table, live=live)
    for viewer in order:
        wiring.seat(viewer, order, table, [])
        wiring.connect(viewer, people, table, 1.0, live=live)
        told = wiring.slot_map(viewer, people, table)
        for leg in viewer.media.legs:
            seat = told[leg.slot.mid]
            may = table.may_hear if leg.kind is Kind.AUDIO else table.may_see
            if seat is not None:
                assert seat["person"] != viewer.person_id
                assert may(viewer.role, people[seat["person"]].role)
            if leg.track is not None:
                assert live
                assert seat is not None
                assert leg.track in people[seat["person"]].media.tracks
                assert viewer.station in leg.track.audience
                assert leg.kind is Kind.AUDIO or not viewer.media.line.audio_only
            elif live and seat is not None and leg.kind is Kind.AUDIO:
                raise AssertionError("somebody who may be heard is not")
    gone = order[0]
    wiring.release(gone, 2.0)
    assert all(leg.track is None for leg in gone.media.legs)
    tracks = set(gone.media.tracks)
    assert not any(leg.track in tracks for peer in order for leg in peer.media.legs)
    for peer in order:
        port.forget(peer.media.path)


def test_who_cannot_read_a_codec_gets_no_packet_of_it_and_is_told_why(port: Port) -> None:
    table = Permissions.all_of(ROLES)
    people = {name: person(port, name, "visitor", 1) for name in ("anna", "ben")}
    order, viewer = list(people.values()), people["ben"]
    camera = people["anna"].media.feeds[Source.CAMERA]
    coded = replace(camera.sending, codec=Codec.H264)
    people["anna"].media.feeds[Source.CAMERA] = other = Feed(coded, port, lambda _: None)
    for peer in order:
        wiring.open_ears(peer, table, live=True)
        wiring.seat(peer, order, table, [])
    wiring.connect(viewer, people, table, 1.0, live=True)
    told = wiring.slot_map(viewer, people, table)
    assert [slot.get("withheld") for slot in told.values() if slot] == [None, "codec"]
    assert other.track.everybody() == ()
    assert [leg.track is not None for leg in viewer.media.legs] == [True, False]
    for peer in order:
        port.forget(peer.media.path)


def with_screen(peer: Peer, port: Port) -> Feed:
    """Their screen, shared; they have one from now on."""
    camera = peer.media.feeds[Source.CAMERA]
    sending = replace(camera.sending, source=Source.SCREEN, ssrc=next(SSRCS), rtx_ssrc=None)
    screen = peer.media.feeds[Source.SCREEN] = Feed(sending, port, lambda _: None)
    peer.screen = True
    return screen


@pytest.mark.parametrize(
    ("pairs", "shown"),
    [(1, ["screen"]), (2, ["camera", "screen"]), (3, ["camera", "screen"])],
)
def test_a_screen_has_a_slot_of_its_own_where_one_is_spare(
    port: Port, pairs: int, shown: list[str]
) -> None:
    table = Permissions.all_of(ROLES)
    people = {name: person(port, name, "visitor", pairs) for name in ("anna", "ben")}
    order, viewer = list(people.values()), people["ben"]
    screen = with_screen(people["anna"], port)

    def rewire() -> list[str]:
        for peer in order:
            wiring.open_ears(peer, table, live=True)
        wiring.seat(viewer, order, table, [])
        wiring.connect(viewer, people, table, 1.0, live=True)
        told = wiring.slot_map(viewer, people, table)
        assert all(slot is None or slot["person"] == "anna" for slot in told.values())
        carried = [g.track.sending.source.value for g in viewer.media.legs if g.track]
        sources = [slot["source"] for slot in told.values() if slot]
        assert sorted(carried) == sorted(sources)
        return sorted(set(sources) - {"microphone"})

    assert rewire() == shown
    assert len(screen.track.everybody()) == 1
    assert screen.audience == frozenset(ROLES)
    people["anna"].screen = False
    assert rewire() == ["camera"]
    assert screen.track.everybody() == ()
    assert screen.audience == frozenset()
    for peer in order:
        port.forget(peer.media.path)


def test_a_shared_screen_goes_before_the_camera(port: Port) -> None:
    anna = person(port, "anna", "visitor")
    camera = anna.media.feeds[Source.CAMERA]
    assert anna.shown(Kind.VIDEO) is camera
    anna.screen = True
    assert anna.shown(Kind.VIDEO) is camera  # there is no screen to show
    anna.media.feeds[Source.SCREEN] = screen = anna.media.feeds[Source.MICROPHONE]
    assert anna.shown(Kind.VIDEO) is screen
    port.forget(anna.media.path)


def test_a_sender_is_limited_by_those_who_see_it(port: Port) -> None:
    table = Permissions.all_of(ROLES)
    people = {name: person(port, name, "visitor") for name in ("anna", "ben", "cat")}
    order = list(people.values())
    for viewer in order:
        wiring.seat(viewer, order, table, [])
        wiring.connect(viewer, people, table, 1.0, live=True)
    assert wiring.ceiling_of(people["anna"], order) == MOST_BPS
    people["ben"].media.line.estimate_bps = 1_000_000
    people["anna"].media.line.estimate_bps = 200_000
    assert wiring.ceiling_of(people["anna"], order) == 500_000
    for peer in order:
        port.forget(peer.media.path)
