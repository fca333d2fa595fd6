"""What /metrics tells of a worker: true, complete, and never less than before."""

from __future__ import annotations

import asyncio
import re

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families as parsed

from remote_court import telemetry
from remote_court.demo.participant import Participant, Refused
from remote_court.telemetry import Spans
from remote_court.video.meters import COUNTERS, PREFIX
from remote_court.video.port import Port
from remote_court.video.ports import Left

from .conftest import Guests, both
from .court import House

NUMBER_OF_A_PERSON = re.compile(r"\d{10}")


def shown() -> dict[str, float]:
    """Every sample, by its name and what sets it apart from its like."""
    found = {}
    for family in parsed(telemetry_text()):
        for sample in family.samples:
            apart = [v for k, v in sorted(sample.labels.items()) if k != "worker"]
            found[" ".join([sample.name, *apart])] = sample.value
    return found


def telemetry_text() -> str:
    return generate_latest(telemetry.REGISTRY).decode()


async def test_a_call_is_counted_and_nothing_falls_when_people_go(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    for guest in (anna, ben):
        await guest.until(both(60))
    during = shown()
    assert during[f"{PREFIX}rooms"] == 1
    assert during[f"{PREFIX}peers"] == 2
    assert during[f"{PREFIX}joins_total connected"] == 2
    assert during[f"{PREFIX}join_seconds_count"] == 2
    assert 0 < during[f"{PREFIX}join_seconds_sum"] < 20
    assert during[f"{PREFIX}packets_received_total"] > 240
    assert during[f"{PREFIX}packets_sent_total"] > 240
    assert during[f"{PREFIX}octets_sent_total"] > during[f"{PREFIX}packets_sent_total"] * 20
    assert during[f"{PREFIX}key_frames_asked_total"] > 0
    assert during[f"{PREFIX}loop_lag_seconds_count"] > 2
    assert during[f"{PREFIX}datagrams_received_total"] > during[f"{PREFIX}packets_received_total"]
    await anna.leave()
    await guests.last_word(anna)
    await asyncio.sleep(0.1)
    after = shown()
    gone = {"rooms", "peers", "strangers"}
    falling = [n for n in during if after[n] < during[n] and n.removeprefix(PREFIX) not in gone]
    assert not [name for name in falling if name.startswith(PREFIX)]
    assert after[f"{PREFIX}peers"] == 1
    assert not NUMBER_OF_A_PERSON.search("".join(after))
    assert not [name for name in after if "anna" in name or "s1" in name]


async def test_a_displaced_connection_still_counts_until_it_is_gone(guests: Guests) -> None:
    anna = await guests.come("anna", "visitor")
    await guests.come("ben", "inmate")
    await anna.until(both(5))
    before = shown()[f"{PREFIX}packets_received_total"]
    again = await guests.come("anna", "visitor")
    await guests.last_word(anna)
    await again.until(both(5))
    assert ("anna", Left.DISPLACED) in [(p, why) for p, _, why in guests.house.court.departures]
    assert shown()[f"{PREFIX}packets_received_total"] >= before


async def test_a_refused_entry_is_counted_by_its_reason(guests: Guests) -> None:
    ticket = guests.house.ticket("anna", "visitor")
    await guests.come("anna", "visitor", ticket=ticket, pictures=False)
    guests.house.worker.tally.joins.clear()
    spent = await refused(guests, ticket)
    assert spent == "ticket-spent"
    assert shown()[f"{PREFIX}joins_total ticket-spent"] == 1


async def refused(guests: Guests, ticket: str) -> str:
    try:
        await Participant(guests.house.url, ticket).run()
    except Refused as refusal:
        return str(refusal.problem["code"])
    return "let in"


async def test_every_counter_is_there_from_the_start_and_one_worker_is_told_from_another(
    court_house: House,
) -> None:
    text = telemetry_text()
    for name in COUNTERS:
        assert f'{PREFIX}{name}_total{{worker="w1"}} 0' in text
    for reason, _ in court_house.worker.port.drops:
        assert f'{PREFIX}dropped_total{{reason="{reason}",worker="w1"}}' in text
    await court_house.worker.stop()
    assert 'worker="w1"' not in telemetry_text()


def test_times_are_sorted_by_size() -> None:
    spans = Spans((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        spans.add(seconds)
    assert (spans.counts, round(spans.total_s, 2)) == ([2, 1, 1], 7.65)


async def test_one_burst_in_sixty_four_is_timed() -> None:
    port = Port("127.0.0.1", 0)
    try:
        for _ in range(129):
            port.socket.sendto(b"\x80nonsense", port.socket.getsockname())
            port._readable()
        assert (port.datagrams, port.bursts, port.timed) == (129, 129, 2)
        assert sum(port.forwarding.counts) == 2
    finally:
        port.close()
