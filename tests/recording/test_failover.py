"""A media worker that records is killed: two seconds are lost, and the recording goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import av
import httpx
import pytest
import pytest_asyncio

from remote_court import clock, policy
from remote_court.calls import queries
from remote_court.calls.models import Recording
from remote_court.db import Database
from remote_court.demo.participant import Participant
from remote_court.demo.picture import Drawing
from remote_court.recording import files
from remote_court.recording.keys import MasterKey
from remote_court.recording.reading import ReadPart
from remote_court.visits.in_call import ON_ORDER
from tests.calls.scene import Scene, make_scene
from tests.calls.site_process import SiteProcess, site_process
from tests.test_fleet import until

pytestmark = pytest.mark.alone

MOST_LOST_S = 2.0
ON_WITHIN_S = 8.0
TALK_S = 3.0
ALARM = "remote_court_recording_alarms"


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    """A visit of right now that may be recorded."""
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        made = await make_scene(session, start=start)
        said = policy.Citation("بخشنامه", "Circular")
        change = policy.Amendment("visit.monitor.electronic", ON_ORDER, clock.today(), said)
        await policy.amend(session, change, clock.now(), entered_by=None)
        return made


class Talk:
    """A recorded talk on a site: mother, son, and the officer who ordered the recording."""

    def __init__(self, site: SiteProcess, scene: Scene, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.visit_id = scene.visit_id
        self.people: list[Participant] = []
        self.recording_id = 0

    async def enter(self, person_id: int, role: str, *, pictures: bool, sound: bool) -> None:
        """One more of them comes in."""
        url, ticket = await self.site.ticket(person_id, role, self.visit_id)
        self.people.append(
            Participant(
                url,
                ticket,
                pictures=Drawing() if pictures else None,
                sound=sound,
                renew=lambda token: self.site.renew(token, self.visit_id),
            )
        )

    def told(self, *, failing: bool) -> Callable[[], Awaitable[bool]]:
        """Whether everybody has heard that it is recorded, and whether that goes wrong."""
        word = {"type": "recording", "on": True, "failing": failing}

        async def heard() -> bool:
            return all(person.messages.get("recording") == word for person in self.people)

        return heard

    def parts(self) -> list[Path]:
        return files.parts(self.folder, str(self.visit_id), str(self.recording_id))

    async def row(self) -> Recording:
        async with self.site.database.transaction() as session:
            found = await session.get(Recording, self.recording_id)
        assert found is not None
        return found

    async def in_alarm(self) -> bool:
        """Whether the operator's page shows an alarm for it."""
        async with self.site.database.transaction() as session:
            shown = await queries.recordings_in_alarm(session)
        return [row.id for row in shown] == [self.recording_id]

    async def order(self, *, on: bool) -> None:
        """Let the officer order a recording, or stop it; returns once that is done."""
        said = {"type": "record", "reason": "Order"} if on else {"type": "stop_recording"}
        await self.people[-1].say(said)

        async def done() -> bool:
            async with self.site.database.transaction() as session:
                call = await queries.call(session, self.visit_id)
            assert call is not None
            self.recording_id = call.recording_id or self.recording_id
            return (call.recording_id is not None) is on

        await until(done)

    async def growing(self, part: int) -> datetime:
        """When the recording grew for the first time in a part of this number."""

        async def grew() -> bool:
            found = self.parts()
            return len(found) > part and any(
                path.stat().st_size for path in found[part].glob("*.enc")
            )

        await until(grew, 40)
        return clock.now()

    async def kill(self) -> datetime:
        """Kill the worker of the call; the moment at which it died."""
        worker = await self.site.worker_of(self.visit_id)
        assert worker is not None
        process = await self.site.process_of(worker)
        died = clock.now()
        process.kill()
        return died

    async def figure(self, name: str) -> float:
        """A figure of the app's."""
        async with httpx.AsyncClient(base_url=self.site.origin) as client:
            lines = (await client.get("/metrics")).text.splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


@asynccontextmanager
async def recorded_talk(site: SiteProcess, scene: Scene, folder: Path) -> AsyncIterator[Talk]:
    """A talk whose recording has begun; people are gone when the block ends."""
    talk = Talk(site, scene, folder)
    await talk.enter(scene.world.mother.id, "visitor", pictures=True, sound=True)
    await talk.enter(scene.officer.person_id, "inmate", pictures=False, sound=True)
    await talk.enter(scene.officer.person_id, "supervisor", pictures=False, sound=False)
    tasks = [asyncio.create_task(person.run()) for person in talk.people]
    await talk.people[-1].until(lambda p: p.state == "live", 30)
    await talk.order(on=True)
    await until(talk.told(failing=False))
    yield talk
    for person in talk.people:
        await person.leave()
    await asyncio.gather(*tasks)


async def test_a_recording_goes_on_at_another_worker_or_raises_the_alarm_until_it_does(
    database: Database, tmp_path: Path, scene: Scene
) -> None:
    folder = tmp_path / "recordings"
    async with (
        site_process(database, tmp_path, 2) as site,
        recorded_talk(site, scene, folder) as talk,
    ):
        await goes_on(talk, tmp_path)
        await talk.order(on=False)
        await site.run("sweep")
        row = await talk.row()
        assert row.sealed_at is not None
        assert row.octets == sum(files.octets(part) for part in talk.parts())
        await prove(site, talk, tmp_path)
        await talk.order(on=True)
        await raises_the_alarm(talk)
        await talk.order(on=False)


async def goes_on(talk: Talk, data: Path) -> None:
    """What a killed worker recorded is there but for its last moments; another records on."""
    await talk.growing(0)
    await asyncio.sleep(TALK_S)
    died = await talk.kill()
    gone_for = (await talk.growing(1) - died).total_seconds()
    lost = (died - last_sound(talk.parts()[0], data)).total_seconds()
    print(f"{lost:.2f} s lost, recorded again after {gone_for:.1f} s")  # noqa: T201 - with -s
    assert lost <= MOST_LOST_S
    assert gone_for < ON_WITHIN_S
    assert (await talk.row()).alarmed_at is None
    await asyncio.sleep(TALK_S)


async def raises_the_alarm(talk: Talk) -> None:
    """Where the next worker cannot write, everybody is told, until it can."""
    await talk.growing(0)
    home = talk.folder / str(talk.visit_id)
    home.rename(aside := talk.folder / "aside")
    home.touch()  # where a folder is wanted: nothing can be written there
    await talk.kill()
    await until(talk.told(failing=True), 40)
    await until(talk.in_alarm, 20)
    assert await talk.figure(ALARM) == 1
    home.unlink()
    aside.rename(home)
    await talk.growing(1)
    await until(talk.told(failing=False), 20)

    async def over() -> bool:
        return not await talk.in_alarm()

    await until(over, 20)
    assert await talk.figure(ALARM) == 0


async def prove(site: SiteProcess, talk: Talk, data: Path) -> None:
    """What an auditor makes of it: two parts proved, the first of them cut off, and one film."""
    home = str(talk.folder / str(talk.visit_id))
    verdicts = json.loads(await site.run("recording", "verify", home, "--json"))
    assert [verdict["findings"] for verdict in verdicts] == [[], []]
    cut_off = {verdict["part"]: verdict["cut_off"] for verdict in verdicts}
    assert [cut_off[part.name] for part in oldest_first(talk.parts(), data)] == [True, False]

    await site.run("recording", "export", home, str(data / "clear"))
    made = sorted((data / "clear").glob("*.mkv"))
    assert {path.name.split("-")[3] for path in made} == {"visitor", "inmate"}
    for path in made:
        assert in_order(path)

    film = data / "talk.mp4"
    await site.run("recording", "compose", home, str(film))
    with av.open(str(film)) as composed:
        assert [stream.type for stream in composed.streams] == ["video", "audio"]
        length = (composed.duration or 0) / av.time_base
        pictures = sum(1 for _ in composed.decode(video=0))
    assert length > 2 * TALK_S
    assert abs(pictures / 20 - length) < 1


def oldest_first(parts: list[Path], data: Path) -> list[Path]:
    return sorted(parts, key=lambda part: ReadPart(part, master(data)).started_at)


def master(data: Path) -> MasterKey:
    """The key that a site for development keeps."""
    return MasterKey.read((data / "recording-master.key").read_text())


def in_order(path: Path) -> bool:
    """Whether a file has a length, and every track's times only rise."""
    with av.open(str(path)) as made:
        times: dict[int, list[int]] = {}
        for packet in made.demux():
            if packet.size and packet.pts is not None:
                times.setdefault(packet.stream.index, []).append(packet.pts)
        rises = [each == sorted(set(each)) for each in times.values()]
        return bool(made.duration) and len(times) == len(made.streams) and all(rises)


def last_sound(part: Path, data: Path) -> datetime:
    """When the last sound of the mother was that is on the disk."""
    read = ReadPart(part, master(data))
    ends = [
        file.begins_at + timedelta(milliseconds=read.length_ms(file))
        for file in read.files
        if file.role == "visitor"
    ]
    return max(ends)
