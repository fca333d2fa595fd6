"""What a recording costs: CPU per packet from the tap to the disk, and how long the loop waits.

An event loop beats every millisecond, as forwarding would; beside it, one thread records so many
senders of 50 sound and 100 picture packets a second each. The same loop without a recording is
measured in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from itertools import count
from pathlib import Path

from _report import percentile, write

from remote_court import clock
from remote_court.recording import files
from remote_court.recording.keys import MasterKey, SigningKey, new_secret
from remote_court.recording.recorder import Recorder, Watched
from remote_court.recording.reel import Sender, Source
from remote_court.recording.verify import verify

BEAT_S = 0.001
PACKET = 1100
PARTS = 5
FACE = (Source("microphone", "opus", 48_000), Source("camera", "vp8", 90_000))
KEY_FRAME = b"\x10" + bytes([0x10, 0, 0]) + b"\x9d\x01\x2a" + bytes([0x80, 2, 0xE0, 1])
DELTA = b"\x10\x01"
CONTINUED = b"\x00"


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Speaker:
    """Sends frames of five packets twenty times a second, and sound."""

    def __init__(self, watched: Watched) -> None:
        self.hear, self.see = watched.tap(0), watched.tap(1)
        self.sounds, self.sights = count(), count()

    def speak(self, number: int, now: float) -> int:
        """A fiftieth of a second; returns how many packets it sent."""
        sound = next(self.sounds)
        self.hear((sound & 0xFFFF, sound * 960 & 0xFFFFFFFF, 0, 0, bytes(80)), now)
        if number % 5 not in {0, 2}:
            return 1
        frame = KEY_FRAME if number % 250 == 0 else DELTA
        stamp = number * 1800 & 0xFFFFFFFF
        for part in range(PARTS):
            head = frame if part == 0 else CONTINUED
            packet = head + bytes(PACKET - len(head))
            sequence = next(self.sights) & 0xFFFF
            self.see((sequence, stamp, 0x80 * (part == PARTS - 1), 0, packet), now)
        return 1 + PARTS


async def beat(seconds: float, speakers: list[Speaker]) -> tuple[list[float], int]:
    """How late each beat was, and how many packets were sent meanwhile."""
    late, sent, number = list[float](), 0, 0
    began = time.monotonic()
    due = began
    while due < began + seconds:
        due += BEAT_S
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        now = time.monotonic()
        late.append(max(0.0, now - due))
        while number * 0.02 <= now - began:
            sent += sum(speaker.speak(number, now) for speaker in speakers)
            number += 1
    return late, sent


async def measure(senders: int, seconds: float) -> dict[str, object]:
    keys = MasterKey.read(new_secret()), SigningKey.read(new_secret())
    with tempfile.TemporaryDirectory() as folder:
        before = cpu_s()
        alone, _ = await beat(seconds / 2, [])
        idle = (cpu_s() - before) * 2
        recorder = Recorder(Path(folder), keys, now=clock.now, monotonic=clock.monotonic)
        running = recorder.open("1", "1")
        speakers = [
            Speaker(running.watch(Sender(str(n), "party", f"c{n}", "", ""), FACE))
            for n in range(senders)
        ]
        before = cpu_s()
        late, sent = await beat(seconds, speakers)
        used = cpu_s() - before - idle
        running.finish()
        await asyncio.to_thread(recorder.close)
        (part,) = files.parts(Path(folder), "1", "1")
        good = verify(part, keys[1].public).good
    loop_alone = percentile(alone, 0.99) * 1000
    return {
        "senders": senders,
        "packets_per_s": round(sent / seconds),
        "cpu_us_per_packet": round(used * 1e6 / sent, 1),
        "lost": running.lost,
        "verified": good,
        "loop_p99_ms": round(percentile(late, 0.99) * 1000, 2),
        "loop_p99_ms_without": round(loop_alone, 2),
    }


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=float, default=6)
    words.add_argument("--senders", type=int, nargs="*", default=[4, 20])
    asked = words.parse_args()
    results = [asyncio.run(measure(n, asked.seconds)) for n in asked.senders]
    write("recording", results, [])


if __name__ == "__main__":
    main()
