from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.errors import Forbidden, NotFound
from remote_court.people import Role
from remote_court.places.edit_office import EmptyName, OfficeDetails, edit_office
from remote_court.places.features import UnknownFeature
from remote_court.places.queries import offices
from remote_court.places.rooms import (
    ReasonNeeded,
    RoomDraft,
    add_room,
    edit_room,
    put_back,
    take_out,
)
from tests.world import make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


async def last_act(world) -> AuditEntry:
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    return (await world.session.scalars(query)).one()


async def test_a_new_room_gets_the_next_number_and_is_written_down(world, noon):
    draft = RoomDraft(" اتاق ", " Room ", ["screen", "step_free", "screen"])
    room = await add_room(world.session, world.manager, world.office.id, draft, noon)
    assert (room.number, room.name_en, room.features) == (3, "Room", ["step_free", "screen"])
    entry = await last_act(world)
    assert (entry.act, entry.subject_id, entry.place_id) == ("room.added", room.id, world.office.id)


async def test_the_record_says_what_a_room_lost_and_gained(world, noon):
    draft = RoomDraft("اتاق ۲", "Room 2", ["camera"])
    await edit_room(world.session, world.manager, world.rooms[1].id, draft, noon)
    assert (await last_act(world)).detail == {"lost": ["step_free"], "gained": ["camera"]}


async def test_a_room_goes_out_of_service_with_a_reason_and_comes_back(world, noon):
    room_id = world.rooms[0].id
    with pytest.raises(ReasonNeeded):
        await take_out(world.session, world.manager, room_id, " ", noon)
    room = await take_out(world.session, world.manager, room_id, "خراب", noon)
    assert (room.in_service, room.out_of_service_reason) == (False, "خراب")
    room = await put_back(world.session, world.manager, room_id, noon)
    assert (room.in_service, room.out_of_service_reason) == (True, None)


@pytest.mark.parametrize(
    ("names", "features", "refusal"),
    [
        (("", "Room"), [], EmptyName),
        (("ا", " "), [], EmptyName),
        (("ا", "R"), ["pool"], UnknownFeature),
    ],
)
def test_a_room_is_valid_or_not_born(names, features, refusal):
    with pytest.raises(refusal):
        RoomDraft(*names, features)


async def test_only_the_manager_of_the_office_touches_its_rooms(world, noon):
    draft = RoomDraft("ا", "R")
    stranger = await world.staff(Role.OFFICE_MANAGER, world.office.id + 5000)
    for actor, refusal in ((world.clerk, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            await add_room(world.session, actor, world.office.id, draft, noon)
        with pytest.raises(refusal):
            await edit_room(world.session, actor, world.rooms[0].id, draft, noon)
    with pytest.raises(NotFound):
        await edit_room(world.session, world.manager, world.booths[0].id, draft, noon)


async def test_an_office_is_found_by_its_new_name(world, noon):
    details = OfficeDetails("دفتر نو", "Brand new", "نشانی", "Somewhere", "021")
    await edit_office(world.session, world.manager, world.office.id, details, noon)
    assert [line.id for line in (await offices(world.session, q="brand")).items] == [
        world.office.id
    ]
    assert "name_en" in (await last_act(world)).detail["fields"]
