"""Life in a room, with real participants over loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from remote_court import clock
from remote_court.demo.participant import Message, Participant, Refused
from remote_court.video.lines import Source
from remote_court.video.permissions import Permissions
from remote_court.video.ports import Left, State, Verb
from remote_court.video.room import Room

from .conftest import Guests, both, hears, sees
from .court import LAWYER, SEES_ALL, house, plan

pytestmark = pytest.mark.alone


async def test_two_people_see_and_hear_each_other_without_loss(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    for guest in (anna, ben):
        await guest.until(both(20))
        assert not +guest.counts.lost
        assert guest.state == "live"
    slots = {s["person"] for s in anna.messages["slots"]["slots"].values() if s}
    assert slots == {"ben"}


def people(guest: Participant) -> list[Message]:
    newest = guest.messages.get("people") or guest.messages["joined"]
    return list(newest["people"])


async def test_nothing_flows_while_a_call_waits_or_pauses(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor")
    clerk = await guests.come("clerk", "supervisor")
    await anna.until(lambda g: [p["connected"] for p in people(g)] == [True])
    await asyncio.sleep(0.5)
    assert not anna.counts.packets
    assert not clerk.counts.packets
    ben = await guests.come("ben", "inmate")
    for guest in (anna, ben, clerk):
        await guest.until(both(10))
    await clerk.say({"type": "pause", "reason": "a question"})
    for guest in (anna, ben, clerk):
        await guest.until(lambda g: g.state == "paused")
    assert anna.messages["state"]["state"]["reason"] == "a question"
    await asyncio.sleep(0.1)
    before = [guest.counts.packets.total() for guest in (anna, ben, clerk)]
    await asyncio.sleep(0.5)
    assert [guest.counts.packets.total() for guest in (anna, ben, clerk)] == before
    await clerk.say({"type": "resume"})
    await anna.until(lambda g: g.counts.packets.total() > before[0] + 20)
    assert not +anna.counts.lost


async def test_a_supervisor_of_a_lawyers_visit_gets_pictures_and_not_one_packet_of_sound() -> None:
    async with house(plan(permissions=LAWYER, kind="lawyer")) as court_house:
        guests = Guests(court_house)
        heard: list[str] = []
        lawyer = await guests.come("lawyer", "visitor", pairs=2)
        client = await guests.come("client", "inmate", pairs=2)
        officer = await guests.come(
            "officer", "supervisor", pairs=2, on_packet=lambda mid, _: heard.append(mid)
        )
        await officer.until(sees(40))
        await lawyer.until(both(40))
        await client.until(both(40))
        assert officer.counts.kinds["audio"] == 0
        answered = officer.messages["joined"]["sdp"].split("m=")
        sound = {at - 1 for at, part in enumerate(answered) if part.startswith("audio")}
        assert not {int(mid) for mid in heard if mid.isdigit()} & sound
        slots = officer.messages["joined"]["slots"]
        assert {s["source"] for s in slots.values() if s} == {"camera"}
        assert {p["id"] for p in lawyer.messages["people"]["people"]} == {"client", "officer"}
        for guest in guests.tasks:
            await guest.leave()
            assert (await guests.last_word(guest))["reason"] == "left"


async def test_a_newer_connection_displaces_the_older_and_others_keep_their_slots(
    guests: Guests,
) -> None:
    anna = await guests.come("anna", "visitor", pairs=2)
    ben = await guests.come("ben", "inmate", pairs=2)
    await guests.come("clerk", "supervisor", pairs=2)
    await ben.until(both(5))
    await ben.until(lambda g: len({s["person"] for s in slots_of(g) if s}) == 2)
    before = slots_of(ben)
    newer = await guests.come("anna", "visitor", pairs=2)
    assert (await guests.last_word(anna)) == {
        "type": "closed",
        "reason": "displaced",
        "detail": "",
        "rejoin": False,
    }
    await newer.until(both(10))
    seen = ben.counts.kinds["video"]
    await ben.until(sees(seen + 10))
    assert slots_of(ben) == before
    assert ben.joins == 1
    departed = [(who, why) for who, _, why in guests.house.court.departures]
    assert departed == [("anna", Left.DISPLACED)]


def slots_of(guest: Participant) -> list[dict[str, str] | None]:
    newest = guest.messages.get("slots") or guest.messages["joined"]
    return list(newest["slots"].values())


async def test_who_loses_the_line_comes_back_with_the_resume_token(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor", ticket=None)
    ben = await guests.come("ben", "inmate")
    await anna.until(both(5))
    heard = ben.counts.kinds["audio"]
    await anna.drop()
    await anna.until(lambda g: g.joins == 2)
    await ben.until(hears(heard + 20))
    assert [why for _, _, why in guests.house.court.departures] == [Left.LOST]


async def test_a_call_closes_by_itself_at_its_end_and_everybody_hears_why() -> None:
    soon = clock.now() + timedelta(seconds=2.5)
    async with house(plan(ends_at=soon)) as court_house:
        guests = Guests(court_house)
        anna = await guests.come("anna", "visitor")
        ben = await guests.come("ben", "inmate")
        for guest in (anna, ben):
            last = await guests.last_word(guest)
            assert (last["reason"], last["detail"], last["rejoin"]) == ("ended", "time", False)
            assert guest.state == "closed"
        assert court_house.worker.load.rooms == 0
        late = Participant(court_house.url, court_house.ticket("late", "visitor"))
        with pytest.raises(Refused, match="call-closed"):
            await late.run()


async def test_an_extension_moves_the_end_and_renews_the_token() -> None:
    soon = clock.now() + timedelta(seconds=1)
    async with house(plan(ends_at=soon)) as court_house:
        guests = Guests(court_house)
        anna = await guests.come("anna", "visitor")
        clerk = await guests.come("clerk", "supervisor")
        token = anna.messages["joined"]["resume"]
        await clerk.say({"type": "extend", "minutes": 5})
        await anna.until(lambda g: "resume" in g.messages)
        assert anna.messages["resume"]["resume"] != token
        await asyncio.sleep(max(0.0, (soon - clock.now()).total_seconds()) + 0.2)
        assert anna.state == "waiting"
        await clerk.say({"type": "end", "reason": "enough"})
        assert (await guests.last_word(anna))["detail"] == "enough"


async def test_help_reaches_who_may_end_the_call(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor", pictures=False)
    clerk = await guests.come("clerk", "supervisor", pictures=False)
    await anna.say({"type": "help", "text": "no sound"})
    await clerk.until(lambda g: "help" in g.messages)
    assert clerk.messages["help"] == {"type": "help", "person": "anna", "text": "no sound"}
    assert ("anna", Verb.HELP, {"text": "no sound"}) in guests.house.court.asked_for
    await anna.say({"type": "end", "reason": "I want to"})
    await anna.until(lambda g: "error" in g.messages)
    assert anna.messages["error"]["problem"]["code"] == "forbidden"
    assert not anna.messages["error"]["fatal"]


async def test_a_full_room_and_a_strange_role_are_refused() -> None:
    async with house(plan(headcount=1)) as court_house:
        guests = Guests(court_house)
        await guests.come("anna", "visitor", pictures=False)

        async def refused(person: str, role: str) -> str:
            guest = Participant(court_house.url, court_house.ticket(person, role))
            with pytest.raises(Refused) as caught:
                await asyncio.wait_for(guest.run(), 5)
            return str(caught.value)

        assert await refused("ben", "inmate") == "room-full"
        assert await refused("cat", "judge") == "role-unknown"


async def test_whose_entry_is_withdrawn_is_sent_out_and_comes_back_by_a_new_one_only(
    guests: Guests,
) -> None:
    house = guests.house
    anna = await guests.come("anna", "visitor", pictures=False)
    ben = await guests.come("ben", "inmate", pictures=False)
    house.court.withdraw("s1", "anna's")
    word = await guests.last_word(anna)
    assert (word["reason"], word["rejoin"]) == ("expelled", False)
    await ben.until(lambda g: people(g) == [])
    assert house.court.departures[0][2] is Left.EXPELLED
    again = Participant(house.url, house.ticket("anna", "visitor"))
    with pytest.raises(Refused, match="ticket-revoked"):
        await asyncio.wait_for(again.run(), 5)
    await guests.come("anna", "visitor", ticket=house.ticket("anna", "visitor", entry="another"))


async def test_a_withdrawal_counts_whatever_the_revision_and_before_anybody_came(
    guests: Guests,
) -> None:
    house = guests.house
    await guests.come("ben", "inmate", pictures=False)
    old = replace(house.court.calls["s1"], revision=-1, withdrawn=frozenset({"anna's"}))
    house.worker.apply("s1", old)
    with pytest.raises(Refused, match="ticket-revoked"):
        await asyncio.wait_for(Participant(house.url, house.ticket("anna", "visitor")).run(), 5)


async def silent(guest: Participant, kind: str = "audio") -> int:
    """How much of a kind has come, once what was on its way has; and that no more comes."""
    await asyncio.sleep(0.15)
    heard = guest.counts.kinds[kind]
    await asyncio.sleep(0.5)
    assert guest.counts.kinds[kind] == heard
    return heard


async def test_who_is_muted_by_who_may_is_not_heard_whatever_their_client_does(
    guests: Guests,
) -> None:
    anna = await guests.come("anna", "visitor", pictures=False)
    ben = await guests.come("ben", "inmate", pictures=False)
    clerk = await guests.come("clerk", "supervisor", pictures=False, sound=False)
    await ben.until(hears(10))
    await ben.say({"type": "mute", "person": "anna", "muted": True})
    await ben.until(lambda g: g.messages.get("error", {}).get("about") == "mute")
    assert ben.messages["error"]["problem"]["code"] == "forbidden"
    await ben.until(hears(ben.counts.kinds["audio"] + 10))

    await clerk.say({"type": "mute", "person": "anna", "muted": True})
    await anna.until(lambda g: g.messages.get("silenced", {}).get("silenced") is True)
    await silent(ben)
    await anna.say({"type": "mute", "muted": False})  # a client that lies, and sends on
    heard = await silent(ben)
    again = await guests.come("anna", "visitor", pictures=False)
    await again.until(lambda g: g.messages["joined"]["you"]["id"] == "anna")
    assert await silent(ben) == heard
    assert next(p for p in people(ben) if p["id"] == "anna")["silenced"]
    asked = ("clerk", Verb.MUTE, {"person": "anna", "muted": True})
    assert asked in guests.house.court.asked_for

    await clerk.say({"type": "mute", "person": "anna", "muted": False})
    await ben.until(hears(heard + 20))
    assert not +ben.counts.lost


async def test_who_was_muted_stays_so_when_the_room_opens_on_another_worker() -> None:
    async with house(plan(silenced=frozenset({"anna"}))) as court_house:
        guests = Guests(court_house)
        anna = await guests.come("anna", "visitor", pictures=False)
        ben = await guests.come("ben", "inmate", pictures=False)
        await anna.until(hears(20))
        assert await silent(ben) == 0
        for guest in guests.tasks:
            await guest.leave()


async def test_what_one_switches_off_oneself_is_dropped_even_if_it_is_sent(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    await ben.until(both(10))
    await anna.say({"type": "camera", "on": False})
    await silent(ben, "video")
    await anna.say({"type": "mute", "muted": True})
    heard, seen = await silent(ben), await silent(ben, "video")
    await anna.say({"type": "mute", "muted": False})
    await anna.say({"type": "camera", "on": True})
    await ben.until(lambda g: hears(heard + 20)(g) and sees(seen + 20)(g))
    assert not +ben.counts.lost


def sent(room: Room, **stations: str) -> None:
    """The court sends people to stations."""
    call = room.call
    room.apply(replace(call, revision=call.revision + 1, stations=stations))


async def test_who_is_sent_where_no_sound_goes_gets_not_one_packet_more(guests: Guests) -> None:
    await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    clerk = await guests.come("clerk", "supervisor", pairs=2)
    for guest in (ben, clerk):
        await guest.until(both(20))
    room = await guests.house.worker.room("s1")
    voice = room.peers["anna"].media.feeds[Source.MICROPHONE].track
    leg = next(g for g in room.peers["clerk"].media.legs if g.track is voice)
    last = leg.rewriter.sequence_out(voice.reception.highest)
    sent(room, clerk="gallery")
    await clerk.until(lambda g: g.messages.get("station", {}).get("station") == "gallery")
    heard = ben.counts.kinds["audio"]
    await ben.until(hears(heard + 30))
    assert clerk.counts.last[leg.slot.mid] == last
    assert clerk.messages["slots"]["slots"][leg.slot.mid] is None

    sent(room)
    await clerk.until(lambda g: g.counts.last[leg.slot.mid] != last)
    assert not +clerk.counts.lost


async def test_two_who_are_sent_aside_hear_only_each_other_and_are_not_recorded() -> None:
    aside = frozenset({("aside", "aside")})
    table = Permissions(hears=SEES_ALL.hears | aside, sees=SEES_ALL.sees | aside)
    alone = plan(permissions=table, unrecorded=frozenset({"aside"}))
    async with house(alone) as court_house:
        guests = Guests(court_house)
        anna = await guests.come("anna", "visitor")
        ben = await guests.come("ben", "inmate")
        clerk = await guests.come("clerk", "supervisor", pairs=2)
        for guest in (anna, ben, clerk):
            await guest.until(both(10))
        room = await court_house.worker.room("s1")
        sent(room, anna="aside", ben="aside")
        await clerk.until(lambda g: not any(slots_of(g)))
        before = clerk.counts.kinds.copy()
        heard = anna.counts.kinds["audio"], ben.counts.kinds["audio"]
        await anna.until(hears(heard[0] + 30))
        await ben.until(hears(heard[1] + 30))
        assert clerk.counts.kinds == before
        assert not any(room.taping._takes(room.peers[name]) for name in ("anna", "ben"))
        assert room.taping._takes(room.peers["clerk"])
        for guest in guests.tasks:
            await guest.leave()


async def test_a_role_with_an_entrance_waits_there_from_its_first_packet_on() -> None:
    async with house(plan(entrances={"inmate": "lobby"})) as court_house:
        guests = Guests(court_house)
        anna = await guests.come("anna", "visitor")
        ben = await guests.come("ben", "inmate")
        room = await court_house.worker.room("s1")
        assert (ben.messages["joined"]["you"]["station"], room.live) == ("lobby", True)
        await asyncio.sleep(0.5)
        assert not +anna.counts.kinds
        assert not +ben.counts.kinds
        sent(room, ben="inmate")
        for guest in (anna, ben):
            await guest.until(both(10))
        for guest in guests.tasks:
            await guest.leave()


async def test_muting_and_speaking_are_told(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor", pictures=False)
    ben = await guests.come("ben", "inmate", pictures=False)
    await ben.until(lambda g: "anna" in g.messages.get("speaking", {}).get("speaking", []))
    await anna.say({"type": "mute", "muted": True})
    await ben.until(lambda g: people(g)[0]["muted"])
    await ben.until(lambda g: "anna" not in g.messages["speaking"]["speaking"])


async def test_who_asks_for_sound_only_gets_sound_only(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor")
    await guests.come("ben", "inmate")
    await anna.until(both(5))
    await anna.say({"type": "receive", "video": False})
    await anna.until(lambda g: g.messages.get("quality", {}).get("audio_only"))
    assert anna.messages["quality"]["reason"] == "asked"
    await asyncio.sleep(0.1)
    seen, heard = anna.counts.kinds["video"], anna.counts.kinds["audio"]
    await anna.until(hears(heard + 20))
    assert anna.counts.kinds["video"] == seen
    await anna.say({"type": "receive", "video": True})
    await anna.until(sees(seen + 5))


async def test_with_fewer_slots_than_people_the_slot_follows_who_speaks_without_a_gap() -> None:
    crowd = plan(headcount=9, slots={"visitor": 1, "inmate": 1})
    async with house(crowd) as court_house:
        guests = Guests(court_house)
        anna = await guests.come("anna", "visitor", pairs=1, sound=False)
        ben, cat = [await guests.come(name, "inmate", pairs=1) for name in ("ben", "cat")]

        def shows(name: str) -> Callable[[Participant], bool]:
            return lambda g: {s["person"] for s in slots_of(g) if s} == {name}

        for speaker, other, name in ((cat, ben, "cat"), (ben, cat, "ben"), (cat, ben, "cat")):
            await other.say({"type": "mute", "muted": True})
            await speaker.say({"type": "mute", "muted": False})
            await anna.until(shows(name))
            seen, heard = anna.counts.kinds["video"], anna.counts.kinds["audio"]
            await anna.until(lambda g, v=seen, a=heard: sees(v + 15)(g) and hears(a + 15)(g))
            await asyncio.sleep(0.5)
            assert shows(name)(anna)  # and stays there while nobody else begins to speak
        assert not +anna.counts.lost
        for guest in guests.tasks:
            await guest.leave()


async def test_more_people_than_slots_shows_whom_one_pinned() -> None:
    async with house(plan(headcount=9, slots={"visitor": 1, "inmate": 1})) as court_house:
        guests = Guests(court_house)
        anna = await guests.come("anna", "visitor", pairs=3)
        for person in ("ben", "cat", "dan"):
            await guests.come(person, "inmate", pairs=1, pictures=False)
        await anna.say({"type": "pin", "people": ["dan"]})
        await anna.until(lambda g: {s["person"] for s in slots_of(g) if s} == {"dan"})
        court_house.court.change("s1", state=State.CLOSED, reason="done")
        for guest in guests.tasks:
            await guests.last_word(guest)
