"""A call is recorded by the court's word, and whether that works is watched."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import av
import pytest
import pytest_asyncio

from remote_court import clock
from remote_court.recording import files
from remote_court.recording.keys import MasterKey, SigningKey, new_secret
from remote_court.recording.reading import File, ReadPart
from remote_court.recording.recorder import Recorder
from remote_court.recording.verify import verify
from remote_court.video import taping, worker
from remote_court.video.permissions import Permissions
from remote_court.video.ports import State

from .conftest import Guests, both
from .court import House, house, plan

pytestmark = pytest.mark.alone

MASTER, SIGNING = MasterKey.read(new_secret()), SigningKey.read(new_secret())


@pytest_asyncio.fixture
async def court_house(tmp_path: Path) -> AsyncIterator[House]:
    recorder = Recorder(
        tmp_path / "recordings", (MASTER, SIGNING), now=clock.now, monotonic=clock.monotonic
    )
    async with house(recorder=recorder) as built:
        yield built
    await asyncio.to_thread(recorder.close)


async def become(wish: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not wish():  # noqa: ASYNC110 - files and counters have no event
            await asyncio.sleep(0.05)


async def signed_part(folder: Path, recording: str = "7") -> Path:
    """The one part of a recording, once its writer has signed it."""
    await become(lambda: bool(files.parts(folder, "s1", recording)) and not files.unsigned(folder))
    (part,) = files.parts(folder, "s1", recording)
    assert verify(part, SIGNING.public).findings == ()
    return part


def times(part: Path, file: File) -> dict[str, list[float]]:
    """When each decoded frame of a file is, in seconds, by kind."""
    found: dict[str, list[float]] = {"audio": [], "video": []}
    data = io.BytesIO(b"".join(ReadPart(part, MASTER).clear(file.number)))
    with av.open(data) as container:
        for frame in container.decode():
            kind = "video" if isinstance(frame, av.VideoFrame) else "audio"
            found[kind].append(float(frame.pts * frame.time_base))
    return found


async def test_what_both_say_and_show_is_recorded_while_the_court_says_so(
    guests: Guests, tmp_path: Path
) -> None:
    anna = await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    await anna.until(lambda g: "joined" in g.messages)
    assert anna.messages["joined"]["recording"] == {
        "type": "recording",
        "on": False,
        "failing": False,
    }
    await anna.until(both(20))
    guests.house.court.change("s1", recording="7")
    began = clock.now()
    for guest in (anna, ben):
        await guest.until(lambda g: g.messages.get("recording", {}).get("on", False))
    late = await guests.come("officer", "supervisor", pictures=False, sound=False)
    await late.until(lambda g: "joined" in g.messages)
    assert late.messages["joined"]["recording"]["on"]
    await asyncio.sleep(3)
    guests.house.court.change("s1", recording="")
    await anna.until(lambda g: not g.messages["recording"]["on"])
    lasted = (clock.now() - began).total_seconds()

    part = await signed_part(tmp_path / "recordings")
    read = ReadPart(part, MASTER)
    assert {f.person for f in read.files} == {"anna", "ben"}
    assert {f.name for f in read.files} == {"Anna", "Ben"}
    for file in read.files:
        assert set(file.sources.values()) == {"microphone", "camera"}
        assert any(file.clocks.values()), "senders' reports tell how the clocks lie"
        for track in times(part, file).values():
            assert all(a < b for a, b in itertools.pairwise(track))
            assert track[-1] - track[0] == pytest.approx(lasted, abs=0.7)
    assert not any(t.tap for p in (await room(guests)).peers.values() for t in p.media.tracks)


async def room(guests: Guests):
    return await guests.house.worker.room("s1")


async def test_nothing_is_recorded_of_who_is_muted_or_while_the_call_is_held(
    guests: Guests, tmp_path: Path
) -> None:
    anna = await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    await anna.until(both(5))
    guests.house.court.change("s1", recording="7")
    await ben.say({"type": "mute", "muted": True})
    await anna.until(lambda g: any(p["muted"] for p in g.messages["people"]["people"]))
    await asyncio.sleep(1.5)
    guests.house.court.change("s1", state=State.PAUSED, reason="x")
    peers = (await room(guests)).peers.values()
    assert not any(track.tap for peer in peers for track in peer.media.tracks)
    await asyncio.sleep(1)
    guests.house.court.change("s1", state=State.CLOSED, reason="x")

    part = await signed_part(tmp_path / "recordings")
    found = {file.person: times(part, file) for file in ReadPart(part, MASTER).files}
    assert len(found["ben"]["audio"]) < 15
    assert len(found["ben"]["video"]) > 10
    sound = found["anna"]["audio"]
    assert len(sound) > 50
    assert sound[-1] < 2.6


async def test_who_reaches_nobody_is_not_recorded_and_who_comes_again_has_a_further_file(
    court_house: House, tmp_path: Path
) -> None:
    silent = Permissions(
        hears=plan().permissions.hears, sees=plan().permissions.sees, silent=frozenset({"inmate"})
    )
    court_house.court.add(plan(permissions=silent, recording="7"))
    guests = Guests(court_house)
    anna = await guests.come("anna", "visitor")
    await guests.come("ben", "inmate")
    await anna.until(lambda g: g.state == "live")
    folder = tmp_path / "recordings"
    growth = (await room(guests)).taping
    await become(lambda: growth.growth is not None and growth.growth.octets > 20_000)
    await anna.drop()
    await anna.until(lambda g: g.joins == 2)
    before = growth.growth.octets if growth.growth else 0
    await become(lambda: growth.growth is not None and growth.growth.octets > before + 40_000)
    court_house.court.change("s1", recording="")
    part = await signed_part(folder)
    read = ReadPart(part, MASTER).files
    assert [f.person for f in read] == ["anna", "anna"]
    assert len({f.connection for f in read}) == 2
    for task in guests.tasks.values():
        task.cancel()
    await asyncio.gather(*guests.tasks.values(), return_exceptions=True)


@pytest.mark.parametrize("recorder", ["broken", "none"])
async def test_a_recording_that_does_not_grow_is_told_to_all(
    recorder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(taping, "PATIENCE_S", 1.5)
    monkeypatch.setattr(worker, "LOAD_EVERY", 0.2)
    monkeypatch.setattr("remote_court.recording.tape.AGAIN_AFTER_S", 0.1)
    folder = tmp_path / "recordings"
    folder.write_text("in the way")
    made = Recorder(folder, (MASTER, SIGNING), now=clock.now, monotonic=clock.monotonic)
    async with house(recorder=made if recorder == "broken" else None) as built:
        guests = Guests(built)
        anna = await guests.come("anna", "visitor")
        await guests.come("ben", "inmate")
        await anna.until(both(5))
        built.court.change("s1", recording="7")
        before = taping.FAILING._value.get()
        await anna.until(lambda g: g.messages.get("recording", {}).get("failing", False))
        assert anna.messages["recording"]["on"]
        assert taping.FAILING._value.get() - before == 1
        await become(lambda: any(g.failing for _, g in built.court.growths))
        trouble = "Not a directory" if recorder == "broken" else "no recorder"
        assert built.court.growths[-1][1].trouble == trouble
        assert f"recording 7 of session s1 does not grow: {trouble}" in caplog.text
        if recorder == "broken":
            folder.unlink()
            await anna.until(lambda g: not g.messages["recording"]["failing"])
        built.court.change("s1", recording="")
        await anna.until(lambda g: not g.messages["recording"]["on"])
        assert taping.FAILING._value.get() == before
        for task in guests.tasks.values():
            task.cancel()
        await asyncio.gather(*guests.tasks.values(), return_exceptions=True)
    await asyncio.to_thread(made.close)
