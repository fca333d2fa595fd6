"""How many hearings a core carries: four people each, who see and hear one another.

Each sends two layers of picture and sound; hearings are added until packets are lost or late. Late
is counted from when sound should have been sent, so it holds the generator's own lateness too: the
number carried is a lower bound. In a network namespace of its own, as root. Run:
python benchmarks/media_capacity.py
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from struct import Struct
from typing import Any

import _alone
import _worker
import uvloop
from _alone import ADDRESS
from _callers import FRAMES, HEAD, SIZE, Arrival, Clocked, reporting, speak
from _process import cpu_seconds
from _report import percentile, write
from aiortc.rtcdtlstransport import RTCCertificate

from remote_court.demo.offer import MID_ID, VIDEO, Offer, new_ssrc
from remote_court.demo.uplink import Outgoing

Result = dict[str, Any]
PEOPLE = 4
STEP, MOST = 3, 60
WARM_UP, SECONDS = 2.0, 4.0
LEAST_DELIVERY, WORST_MS = 0.999, 20.0
LAYERS = ((30, b"q"), (90, b"h"))
"""Packets a second of the smaller and of the larger picture."""

SOUND = 50
MID = b"1"
RID_ID = 10
FILL = bytes(SIZE - HEAD - 16)
SIZED = {
    rid: b"\x10\x02\x00\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little")
    for rid, (width, height) in {b"h": (640, 360), b"q": (320, 180)}.items()
}
EXTENDED = Struct(">BBHIIIBcBc")


class Party(Clocked):
    """Somebody who sends two layers of picture, and sound; every packet says which layer it is."""

    def __init__(self, offer: Offer, certificate: RTCCertificate) -> None:
        super().__init__(offer, certificate)
        self.layers = {rid: Outgoing(new_ssrc(), VIDEO) for _, rid in LAYERS}

    def picture(self, rid: bytes, packets: int, number: int) -> None:
        """Send one picture of a layer, a key frame, in so many packets."""
        stream = self.layers[rid]
        stream.timestamp += 90_000 // FRAMES
        head = b"\x80" + (0x8000 | number & 0x7FFF).to_bytes(2)
        for at in range(packets):
            stream.sequence = (stream.sequence + 1) & 0xFFFF
            marker = 0x80 if at == packets - 1 else 0
            header = EXTENDED.pack(
                0x90,
                VIDEO | marker,
                stream.sequence,
                stream.timestamp & 0xFFFFFFFF,
                stream.ssrc,
                0xBEDE0001,
                MID_ID << 4,
                MID,
                RID_ID << 4,
                rid,
            )
            opening = b"\x90" + head + SIZED[rid] if at == 0 else b"\x80" + head
            self._seal(header + opening + FILL)


def layered(text: str) -> str:
    """An offer whose camera sends two layers."""
    lines: list[str] = []
    for line in text.split("\r\n"):
        camera = any(one == "m=video 9 UDP/TLS/RTP/SAVPF 96 97" for one in lines[-40:])
        if camera and "a=mid:1" in lines and line.startswith("a=ssrc") and "a=mid:2" not in lines:
            continue
        lines.append(line)
        if line == "a=mid:1":
            lines += [
                "a=rid:q send",
                "a=rid:h send",
                "a=simulcast:send q;h",
                f"a=extmap:{RID_ID} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
            ]
    return "\r\n".join(lines)


async def open_hearing(ours: _worker.Ours, stack: AsyncExitStack, number: int) -> list[Party]:
    """Bring four people in."""
    people = []
    for at in range(PEOPLE):
        person = await ours.enter(
            f"h{number}",
            f"p{at}",
            "person",
            "audio",
            "video",
            pairs=PEOPLE - 1,
            made=Party,
            changed=layered,
        )
        assert isinstance(person, Party)
        stack.push_async_callback(person.close)
        people.append(person)
    return people


async def film_layers(person: Party, seconds: float, phase: float) -> None:
    """Send both layers, a picture at a time."""
    began, frame = time.monotonic() + phase / FRAMES, 0
    while True:
        await asyncio.sleep(max(0.0, began + frame / FRAMES - time.monotonic()))
        if time.monotonic() - began >= seconds:
            return
        frame += 1
        for rate, rid in LAYERS:
            person.picture(rid, rate // FRAMES, frame)


async def talk(people: Sequence[Party], seconds: float) -> None:
    """Let everybody show themselves and speak."""
    works: list[Coroutine[Any, Any, Any]] = []
    for at, person in enumerate(people):
        phase = at / len(people)
        works += [film_layers(person, seconds, phase), speak(person, SOUND, seconds, phase)]
    await asyncio.gather(*works)


async def carry(people: Sequence[Party], pid: int) -> Result:
    """Let all of them talk for a while; what came, how late, and at what cost."""
    reports = asyncio.create_task(reporting(people))
    await talk(people, WARM_UP)
    await asyncio.sleep(0.3)
    for person in people:
        person.arrivals.clear()
    before, mine = cpu_seconds(pid), time.process_time()
    await talk(people, SECONDS)
    spent, own = cpu_seconds(pid) - before, time.process_time() - mine
    await asyncio.sleep(0.5)
    reports.cancel()
    slots = [slot for person in people for slot in person.slots().values()]
    came = sum(len(slot) for slot in slots)
    late = [delay for slot in slots if slot[0].sound for delay in lateness(slot)]
    return {
        "work": "hearings of four",
        "hearings": len(people) // PEOPLE,
        "core_share": round(spent / SECONDS, 3),
        "generator_share": round(own / SECONDS, 3),
        "delivery": round(came / max(1, sum(span(slot) for slot in slots)), 5),
        "slots": len(slots),
        "forwarded_per_second": round(came / SECONDS),
        "late_p99_ms": round(percentile(late, 0.99) * 1000, 2) if late else 0.0,
    }


def span(slot: Sequence[Arrival]) -> int:
    """How many packets of a slot were sent, from the first that came to the last."""
    return ((slot[-1].number - slot[0].number) & 0xFFFF) + 1


def lateness(slot: Sequence[Arrival]) -> list[float]:
    """How much later than the earliest each packet of sound came, for its number."""
    first = slot[0].number
    offsets = [one.at - ((one.number - first) & 0xFFFF) / SOUND for one in slot]
    earliest = min(offsets)
    return [offset - earliest for offset in offsets]


async def results() -> list[Result]:
    """Add hearings until the worker or the generator can no more."""
    found: list[Result] = []
    async with _worker.running(ADDRESS) as ours, AsyncExitStack() as stack:
        people: list[Party] = []
        for number in range(1, MOST + 1):
            people += await open_hearing(ours, stack, number)
            if number % STEP:
                continue
            found.append(await carry(people, ours.pid))
            print(found[-1], flush=True)
            if is_too_much(found[-1]):
                break
    return [*found, verdict(found)]


def is_too_much(step: Result) -> bool:
    """Whether packets are lost or late."""
    return bool(step["delivery"] < LEAST_DELIVERY or step["late_p99_ms"] > WORST_MS)


def verdict(found: Sequence[Result]) -> Result:
    """Hearings a core: what was carried, and what that comes to if the whole core were used."""
    well = [step for step in found if not is_too_much(step)]
    best = well[-1] if well else found[0]
    return {
        "work": "capacity",
        "hearings_carried": best["hearings"] if well else 0,
        "core_share_then": best["core_share"],
        "hearings_per_core_by_cpu": round(best["hearings"] / best["core_share"], 1),
    }


def main() -> None:
    _alone.enter("media_capacity")
    write("media_capacity", uvloop.run(results()), [])


if __name__ == "__main__":
    main()
