from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.places import DayClosure, Office, Unit, WeeklyHours
from remote_court.scheduling.models import Session

DAY = "1405/09/08"


@pytest.fixture
def base(world) -> str:
    return f"/offices/{world.office.id}/manage"


async def status_of(database, visit_id: int) -> str:
    async with database.transaction() as session:
        return (await session.get(Session, visit_id)).status


async def test_a_room_is_added_and_edited(manager, base, send, database, world):
    answer = await send(
        manager,
        f"{base}/rooms/new",
        name_fa="اتاق تازه",
        name_en="New room",
        features=["camera", "step_free"],
    )
    assert answer.status_code == 303
    async with database.transaction() as session:
        room = (await session.scalars(select(Unit).where(Unit.name_en == "New room"))).one()
    assert (room.number, room.features) == (3, ["step_free", "camera"])
    await send(manager, f"{base}/rooms/{room.id}", name_fa="اتاق ۳", name_en="Room 3")
    async with database.transaction() as session:
        assert (await session.get(Unit, room.id)).features == []


async def test_a_room_without_a_name_comes_back_with_what_is_wrong(manager, base, send):
    answer = await send(manager, f"{base}/rooms/new", name_fa="", name_en="X")
    assert answer.status_code == 422
    assert "A name is needed" in answer.text


async def test_closing_a_room_first_shows_what_it_touches(manager, base, send, booked, database):
    made = [await booked(), await booked()]
    page = f"{base}/rooms/{made[0].room_id}/close"
    fields = {"day": DAY, "from": "8:00", "until": "۱۲:۰۰", "reason": "تعمیر"}
    preview = await send(manager, page, **fields)
    assert preview.status_code == 200
    assert "Must be rebooked" in preview.text
    assert await status_of(database, made[0].id) == "booked"
    done = await send(manager, page, **fields, confirmed="1")
    assert done.headers["location"] == f"{base}?done=closed&moved=0&lost=1"
    assert await status_of(database, made[0].id) == "displaced"
    overview = (await manager.get(done.headers["location"])).text
    assert "1 visit must be rebooked" in overview
    assert "تعمیر" in overview
    waiting = (
        await manager.get(f"{base.removesuffix('/manage').replace('offices', 'desk')}/displaced")
    ).text
    assert f"/visits/{made[0].id}/move" in waiting


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "yesterday"},
        {"from": "25:00"},
        {"until": "7:00"},
        {"reason": " "},
        {"until_day": "1410/01/01"},
    ],
)
async def test_a_closure_that_cannot_be_is_said_in_the_form(manager, base, send, world, wrong):
    fields = {"day": DAY, "from": "8:00", "until": "12:00", "reason": "تعمیر"} | wrong
    answer = await send(manager, f"{base}/rooms/{world.rooms[0].id}/close", **fields)
    assert answer.status_code == 422


async def test_a_room_is_withdrawn_and_returned(manager, base, send, world, booked, database):
    made = await booked()
    page = f"{base}/rooms/{made.room_id}/withdraw"
    preview = await send(manager, page, reason="خراب")
    assert "Moves" in preview.text
    done = await send(manager, page, reason="خراب", confirmed="1")
    assert "moved=1" in done.headers["location"]
    back = await send(manager, base, f"{base}/rooms/{made.room_id}/return")
    assert "done=returned" in back.headers["location"]


async def test_a_block_is_lifted_from_the_overview(manager, base, send, world):
    fields = {"day": DAY, "from": "8:00", "until": "12:00", "reason": "تعمیر", "confirmed": "1"}
    await send(manager, f"{base}/rooms/{world.rooms[0].id}/close", **fields)
    overview = (await manager.get(base)).text
    block = overview.split("/manage/blocks/")[1].split("/")[0]
    done = await send(manager, base, f"{base}/blocks/{block}/lift")
    assert "done=opened" in done.headers["location"]
    assert "/manage/blocks/" not in (await manager.get(base)).text


async def test_a_day_is_closed_and_opened_again(manager, base, send, booked, database):
    made = await booked()
    page = f"{base}/days/close"
    preview = await send(manager, page, day=DAY, reason="برف")
    assert "Must be rebooked" in preview.text
    await send(manager, page, day=DAY, reason="برف", confirmed="1")
    assert await status_of(database, made.id) == "displaced"
    again = await send(manager, page, day=DAY, reason="برف", confirmed="1")
    assert (again.status_code, "already closed" in again.text) == (422, True)
    done = await send(manager, base, f"{base}/days/2026-11-29/reopen")
    assert "done=reopened" in done.headers["location"]
    async with database.transaction() as session:
        assert (await session.scalars(select(DayClosure))).all() == []


async def test_hours_are_changed_from_a_day_on(manager, base, send, booked, database, world):
    made = await booked()
    hours = {
        f"{what}_{day}": at
        for day in range(6)
        for what, at in (("opens", "10:00"), ("closes", "14:00"))
    }
    preview = await send(manager, f"{base}/hours", valid_from=DAY, opens_6="", closes_6="", **hours)
    assert "Must be rebooked" in preview.text
    done = await send(
        manager, f"{base}/hours", valid_from=DAY, opens_6="", closes_6="", confirmed="1", **hours
    )
    assert "lost=1" in done.headers["location"]
    assert await status_of(database, made.id) == "displaced"
    async with database.transaction() as session:
        rows = (
            await session.scalars(
                select(WeeklyHours).where(WeeklyHours.place_id == world.office.id)
            )
        ).all()
    assert sum(row.valid_to is None for row in rows) == 6
    assert "From Sunday 8 Azar 1405" in (await manager.get(base)).text


@pytest.mark.parametrize("wrong", [{"opens_0": "9"}, {"closes_0": "06:00"}, {"valid_from": ""}])
async def test_hours_that_cannot_be_come_back(manager, base, send, wrong):
    fields = {"valid_from": DAY, "opens_0": "08:00", "closes_0": "12:00"} | wrong
    answer = await send(manager, f"{base}/hours", **fields)
    assert answer.status_code == 422


async def test_the_offices_details_are_changed(manager, base, send, database, world):
    fields = {
        "name_fa": "دفتر نو",
        "name_en": "New office",
        "address_fa": "",
        "address_en": "",
        "phone": "021123",
    }
    assert (await send(manager, f"{base}/details", **fields)).status_code == 303
    async with database.transaction() as session:
        assert (await session.get(Office, world.office.id)).name_en == "New office"
    assert (await send(manager, f"{base}/details", **fields | {"name_en": ""})).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/rooms/new",
        "/rooms/{room}",
        "/rooms/{room}/close",
        "/rooms/{room}/withdraw",
        "/days/close",
        "/hours",
        "/details",
    ],
)
async def test_only_the_manager_of_the_office_manages_it(clerk, manager, base, world, path):
    url = base + path.format(room=world.rooms[0].id)
    assert (await manager.get(url)).status_code == 200
    assert (await clerk.get(url)).status_code == 403
