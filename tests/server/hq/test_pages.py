from __future__ import annotations

import re
from datetime import timedelta

import pytest

from remote_court import audit, outbox
from remote_court.audit import Act
from remote_court.calls.models import MediaWorker, Recording
from remote_court.outbox import OutboxRow
from remote_court.people import Role
from remote_court.scheduling.models import Session


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_the_map_shows_every_province_and_office(as_role, world, language):
    planner = await as_role(Role.HQ_PLANNER)
    planner.cookies.set("lang", language, domain="127.0.0.1")
    shown = await planner.get("/hq")
    assert shown.status_code == 200, shown.text
    assert shown.text.count("h0") >= 1
    assert 'href="/hq/provinces/11"' in shown.text
    assert ("سیستان و بلوچستان" if language == "fa" else "Sistan and Baluchestan") in shown.text
    assert "style=" not in shown.text


async def test_a_province_lists_its_offices_and_an_office_its_rooms(as_role, world):
    planner = await as_role(Role.HQ_PLANNER)
    listed = await planner.get("/hq/provinces/11")
    assert "Azadi office" in listed.text
    assert (await planner.get("/hq/provinces/99")).status_code == 404
    shown = await planner.get(f"/hq/offices/{world.office.id}")
    assert shown.status_code == 200
    assert "Room 1" in shown.text
    assert (await planner.get("/hq/offices/1")).status_code == 404


async def test_the_operator_sees_a_recording_that_should_run_and_does_not(
    as_role, world, database, noon
):
    operator = await as_role(Role.OPERATOR)
    assert "is not being written" not in (await operator.get("/operator")).text
    async with database.transaction() as work:
        told = Session(
            kind="visit",
            status="booked",
            starts_at=noon,
            ends_at=noon + timedelta(minutes=20),
            created_at=noon,
        )
        work.add(told)
        await work.flush()
        row = Recording(
            session_id=told.id,
            ordered_by=world.mother.id,
            role="prison_officer",
            reason="x",
            started_at=noon,
            told_at=noon,
            keep_until=noon,
            alarmed_at=noon,
            trouble="No space left on device",
            octets=5 * 2**20,
        )
        work.add(row)
    shown = (await operator.get("/operator")).text
    assert "A recording that should run is not being written" in shown
    assert "No space left on device" in shown
    assert "5 MiB" in shown


async def test_the_operator_sees_what_runs_and_what_was_given_up(
    as_role, world, database, noon, send
):
    operator = await as_role(Role.OPERATOR)
    empty = (await operator.get("/operator")).text
    assert "No media worker has registered" in empty
    async with database.transaction() as session:
        session.add(
            MediaWorker(id="w1", url="ws://x", udp_port=1, rooms=2, peers=5, lease_until=noon)
        )
        await outbox.put(session, outbox.row("letter", noon, kind="booked"))
        session.add(
            OutboxRow(
                topic="letter",
                payload={},
                due_at=noon,
                attempts=12,
                last_error="no route",
                gave_up_at=noon,
            )
        )
    shown = (await operator.get("/operator")).text
    assert "No media worker is running" in shown
    assert "Gone within the last hour" in shown
    assert "Lost" in shown
    assert "no route" in shown
    (retry,) = re.findall(r'action="(/operator/outbox/\d+/retry)"', shown)
    assert (await send(operator, "/operator", retry)).status_code == 303
    assert "no route" not in (await operator.get("/operator")).text
    assert (await send(operator, "/operator", retry)).status_code == 404


async def test_the_auditor_finds_entries_and_sees_their_seals(as_role, world, database, noon):
    auditor = await as_role(Role.AUDITOR)
    async with database.transaction() as session:
        acts = [Act("visit.booked", "visit", n, actor_id=world.clerk.person_id) for n in range(70)]
        await audit.record(session, noon, *acts, Act("ban.entered", "ban", 3))
    shown = (await auditor.get("/audit?limit=50")).text
    assert shown.count('id="entry-') == 50
    assert "Waits" in shown
    async with database.transaction() as session:
        await audit.seal(session, noon)
    found = (await auditor.get("/audit?kind=visit&subject=12")).text
    assert found.count('id="entry-') == 1
    assert "Sealed" in found
    assert world.clerk.name in found
    assert (await auditor.get("/audit?act=ban.")).text.count('id="entry-') == 1
    assert (await auditor.get("/audit?day=1405/09/03&limit=100")).text.count('id="entry-') >= 71
    assert "Nothing was found" in (await auditor.get("/audit?day=1405/09/04")).text
    assert (await auditor.get("/audit?day=yesterday")).status_code == 422
    more = re.search(r'href="(\?[^"]*cursor=[^"]+)"', shown)
    assert more
    after = await auditor.get("/audit" + more[1].replace("&amp;", "&"))
    assert after.text.count('id="entry-') >= 20


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.AUDITOR, "/hq"),
        (Role.AUDITOR, "/operator"),
        (Role.HQ_PLANNER, "/operator"),
        (Role.OPERATOR, "/audit"),
        (Role.HQ_PLANNER, "/audit"),
    ],
)
async def test_each_page_is_for_its_own_role(as_role, role, page):
    assert (await (await as_role(role)).get(page)).status_code == 403
