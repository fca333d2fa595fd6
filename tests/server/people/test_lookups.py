"""Whoever looks somebody up leaves a line: who, as what, where, and whom; never a number."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.identifiers import synthetic_national_id
from remote_court.people import Person, Role
from tests.world import make_world

NOBODY = synthetic_national_id(9999)


@pytest.fixture
async def world(site):
    async with site.database.transaction() as session:
        return await make_world(session)


async def lines(site) -> list[AuditEntry]:
    async with site.database.transaction() as session:
        query = select(AuditEntry).where(AuditEntry.act == "person.looked_up")
        return list(await session.scalars(query.order_by(AuditEntry.id)))


async def staff(site, world, role, place_id):
    async with site.database.transaction() as session:
        world.session = session
        actor = await world.staff(role, place_id)
        return await person_of(session, actor.person_id)


async def person_of(session, person_id):
    return await session.get(Person, person_id)


async def test_a_clerks_search_is_written_down_found_or_not(site, world, signed_in, send):
    clerk = await staff(site, world, Role.OFFICE_CLERK, world.office.id)
    desk, page = await signed_in(clerk), f"/desk/{world.office.id}/walk-in"
    assert (await send(desk, page, identifier=world.mother.national_id)).status_code == 303
    for _ in range(2):
        assert (await send(desk, page, identifier=NOBODY)).status_code == 422
    found, *missed = await lines(site)
    assert (found.actor_id, found.role, found.place_id, found.subject_id) == (
        clerk.id,
        "office_clerk",
        world.office.id,
        world.mother.id,
    )
    assert [line.subject_id for line in missed] == [None, None]
    assert missed[0].detail["sought"] == missed[1].detail["sought"] != found.detail["sought"]
    for line in (found, *missed):
        for number in (NOBODY, world.mother.national_id):
            assert number not in str(line.detail)


async def test_an_officers_search_by_name_says_whom_it_showed(site, world, signed_in):
    officer = await staff(site, world, Role.PRISON_OFFICER, world.prison.id)
    browser = await signed_in(officer)
    page = f"/prisons/{world.prison.id}/inmates"
    assert (await browser.get(page)).status_code == 200
    assert await lines(site) == []
    word = world.inmate.family_name
    assert (await browser.get(page, params={"q": word})).status_code == 200
    (line,) = await lines(site)
    assert (line.role, line.place_id) == ("prison_officer", world.prison.id)
    assert world.inmate.id in line.detail["found"]
    assert word not in str(line.detail)


async def test_an_officer_who_types_a_number_into_a_refused_form_is_written_down(
    site, world, signed_in, send
):
    officer = await staff(site, world, Role.PRISON_OFFICER, world.prison.id)
    browser = await signed_in(officer)
    page = f"/prisons/{world.prison.id}/inmates/{world.inmate.id}/mandate"
    for number in (world.mother.national_id, NOBODY):
        answer = await send(browser, page, national_id=number, reference="")
        assert answer.status_code == 422
    assert [line.subject_id for line in await lines(site)] == [world.mother.id, None]


async def test_headquarters_and_programs_are_written_down_too(site, world, signed_in, bearer, send):
    planner = await staff(site, world, Role.HQ_PLANNER, None)
    browser = await signed_in(planner)
    await send(browser, "/staff", "/staff/find", identifier=world.mother.national_id)
    clerk = await staff(site, world, Role.OFFICE_CLERK, world.office.id)
    program = await bearer(clerk)
    number = world.inmate.national_id
    answer = await program.get("/api/v1/inmates", params={"national_id": number})
    assert [item["id"] for item in answer.json()["items"]] == [str(world.inmate.id)]
    first, second = await lines(site)
    assert (first.role, first.subject_id) == ("hq_planner", world.mother.id)
    assert (second.role, second.place_id, second.subject_id) == (
        "office_clerk",
        world.office.id,
        world.inmate.id,
    )


async def test_who_opens_a_persons_page_by_its_address_is_written_down(site, world, signed_in):
    clerk = await staff(site, world, Role.OFFICE_CLERK, world.office.id)
    browser = await signed_in(clerk)
    page = f"/desk/{world.office.id}/walk-in/{world.mother.id}"
    assert (await browser.get(page)).status_code == 200
    async with site.database.transaction() as session:
        query = select(AuditEntry).where(AuditEntry.act == "person.viewed")
        (line,) = await session.scalars(query)
    assert (line.actor_id, line.role, line.place_id, line.subject_id, line.detail) == (
        clerk.id,
        "office_clerk",
        world.office.id,
        world.mother.id,
        {},
    )
