"""The seeded country is what the plan says, and its people live by the rules."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import select, text

from remote_court import policy
from remote_court.calendars.interval import Interval
from remote_court.clock import local
from remote_court.db import Database
from remote_court.demo import marker
from remote_court.demo.seed import PASSWORD, seed
from remote_court.demo.seed.facts import cities, plans
from remote_court.errors import RuleRefused
from remote_court.identifiers import FidaCode, NationalId, parse_tracking_code
from remote_court.people import Actor, Person, Role
from remote_court.people.accounts import SanaAccount
from remote_court.people.demo import accounts, one_of_each
from remote_court.people.inmates import Inmate
from remote_court.people.passwords import matches
from remote_court.people.sessions import grants_of
from remote_court.places import Audience, Office, Unit
from remote_court.scheduling.opening import openings
from remote_court.visits.book import book
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.foreign import papers_needed
from remote_court.visits.models import Visit, VisitVisitor
from remote_court.visits.request import Request
from remote_court.visits.slots import Search, slots
from tests.demo.conftest import INMATES, TUESDAY, Country, value


async def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    async with database.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_offices_are_spread_as_the_plan_says(seeded: Database):
    found = await rows(seeded, "SELECT province_code, count(*) FROM office GROUP BY 1 ORDER BY 1")
    assert found == [(plan.province, plan.offices) for plan in plans()]
    assert sum(plan.offices for plan in plans()) == 2017
    assert len(plans()) == len(cities()) == 31


async def test_every_office_has_one_to_four_rooms_and_every_prison_two_to_fourteen_booths(
    seeded: Database,
):
    query = "SELECT kind, min(n), max(n), count(*) FROM (SELECT kind, count(*) n FROM unit GROUP BY kind, pool_id) GROUP BY 1 ORDER BY 1"  # noqa: E501
    booths, rooms = await rows(seeded, query)
    assert rooms == ("room", 1, 4, 2017)
    assert booths[0] == "booth"
    assert 2 <= booths[1] <= booths[2] <= 14
    assert booths[3] == 250


async def test_kinds_hours_courts_and_inmates_are_there(seeded: Database):
    assert await value(seeded, "SELECT count(DISTINCT kind) FROM office") == 3
    assert await value(seeded, "SELECT count(*) FROM branch") == 8000
    assert await value(seeded, "SELECT count(*) FROM inmate") == INMATES + 4
    assert await value(seeded, "SELECT count(DISTINCT audience) FROM weekly_hours") == 3
    without = "SELECT count(*) FROM (SELECT id FROM office UNION ALL SELECT id FROM prison) p WHERE NOT EXISTS (SELECT FROM weekly_hours h WHERE h.place_id = p.id)"  # noqa: E501
    assert await value(seeded, without) == 0
    assert await value(seeded, "SELECT count(*) FROM visit_ban") > 0
    assert await value(seeded, "SELECT count(*) FROM permit") > 0
    assert await value(seeded, "SELECT count(*) FROM kinship WHERE sighted_at IS NULL") > 0


async def test_every_number_is_valid_and_nobody_s(seeded: Database):
    for national, fida in await rows(seeded, "SELECT national_id, fida_code FROM person"):
        if national:
            assert NationalId(str(national)).value.startswith("999")
        else:
            assert FidaCode(str(fida)).value.startswith("999")
    for (code,) in await rows(seeded, "SELECT tracking_code FROM visit"):
        assert parse_tracking_code(str(code)) == code


async def test_nobody_visits_an_inmate_twice_a_week(seeded: Database):
    query = """
        SELECT count(*) FROM (SELECT inmate_id, week FROM visit v JOIN session s ON s.id = v.id
            WHERE v.kind = 'family' AND (s.status <> 'cancelled' OR v.counts_as_used)
            GROUP BY 1, 2 HAVING count(*) > 1)
    """
    assert await value(seeded, query) == 0


async def test_the_fortnight_is_as_full_as_the_allowances_permit(seeded: Database):
    query = """
        SELECT count(DISTINCT v.inmate_id) FROM visit v JOIN session s ON s.id = v.id
        WHERE v.week = '2026-11-28' AND s.status IN ('booked', 'requested')
    """
    assert await value(seeded, query) > 0.8 * INMATES


async def test_every_booked_visit_keeps_to_the_hours_of_both_places(seeded: Database):
    query = """
        SELECT v.office_id, v.prison_id, lower(r.during), upper(r.during),
            array_agg(DISTINCT p.gender) FILTER (WHERE w.adult)
        FROM visit v JOIN session s ON s.id = v.id
        JOIN reservation r ON r.session_id = v.id AND r.resource_id = v.room_id
        JOIN visit_visitor w ON w.visit_id = v.id JOIN person p ON p.id = w.person_id
        WHERE s.starts_at > '2026-11-24' GROUP BY v.id, 1, 2, 3, 4 ORDER BY v.id
    """
    found = await rows(seeded, query)
    async with seeded.sessions() as session:
        for office_id, prison_id, start, end, genders in Random(1).sample(found, 150):
            day = local(start).date()
            places = await openings(session, [office_id, prison_id], day, day)
            whom = {Audience.ANYONE}
            if len(genders) == 1:
                whom.add(Audience.WOMEN if genders == ["female"] else Audience.MEN)
            assert places.allow(Interval(start, end), day, whom)


async def test_visits_take_only_rooms_and_booths_of_their_places_that_are_in_service(
    seeded: Database,
):
    query = """
        SELECT count(*) FROM visit v
        JOIN unit r ON r.id = v.room_id JOIN unit b ON b.id = v.booth_id
        WHERE r.pool_id <> v.office_id OR b.pool_id <> v.prison_id OR NOT r.in_service
    """
    assert await value(seeded, query) == 0


async def test_boards_and_statistics_look_alive(seeded: Database):
    by_status = "SELECT status, count(*) FROM session WHERE kind = 'visit' GROUP BY 1"
    statuses = dict(await rows(seeded, by_status))
    assert set(statuses) == {"booked", "requested", "completed", "no_show", "cancelled"}
    assert statuses["completed"] > 5 * statuses["no_show"]
    completed = """
        SELECT count(*) FROM visit v JOIN session s ON s.id = v.id AND s.status = 'completed'
        WHERE v.checked_in_at IS NULL OR v.opened_at IS NULL OR v.closed_at IS NULL
           OR NOT EXISTS (SELECT FROM call c WHERE c.session_id = v.id AND c.status = 'closed')
           OR (SELECT count(*) FROM attendance a WHERE a.session_id = v.id) <> 2
    """
    assert await value(seeded, completed) == 0
    still = (
        "SELECT count(*) FROM session WHERE status = 'booked' AND ends_at <= '2026-11-24T06:40Z'"
    )
    assert await value(seeded, still) == 0


async def test_listed_accounts_are_of_every_role_and_know_their_place(seeded: Database):
    async with seeded.sessions() as session:
        for role in Role:
            lines = await accounts(session, role, 50)
            assert len({line.person_id for line in lines}) == len(lines) >= 12
            account = await session.get_one(SanaAccount, lines[0].person_id)
            assert await matches(account.password_hash, PASSWORD)
            assert lines[0].otp == account.demo_code == "140500"
        assert [line.role for line in await one_of_each(session)] == list(Role)
        for role in (Role.OFFICE_CLERK, Role.OFFICE_MANAGER, Role.PRISON_OFFICER, Role.FAMILY):
            assert len(await accounts(session, role, 60)) == 50
        clerk, manager = [
            (await accounts(session, role, 1))[0]
            for role in (Role.OFFICE_CLERK, Role.OFFICE_MANAGER)
        ]
        assert clerk.place_en == manager.place_en


async def test_nobody_else_has_a_password(seeded: Database):
    query = """
        SELECT count(*) FROM sana_account a
        WHERE password_hash IS NOT NULL
          AND NOT EXISTS (SELECT FROM demo_account d WHERE d.person_id = a.person_id)
    """
    assert await value(seeded, query) == 0


async def test_fifty_families_may_visit_one_man_and_each_somebody_of_their_own(seeded: Database):
    async with seeded.sessions() as session:
        families = [line.person_id for line in await accounts(session, Role.FAMILY, 50)]
    query = """
        SELECT k.inmate_id, count(*), min(i.weekly_visits) FROM kinship k
        JOIN inmate i ON i.person_id = k.inmate_id AND i.status = 'held'
        WHERE k.visitor_id = ANY ('{ids}') AND k.sighted_at IS NOT NULL GROUP BY 1 ORDER BY 2 DESC
    """.replace("ids", ",".join(map(str, families)))
    shared, *own = await rows(seeded, query)
    assert shared[1] == 50
    assert int(str(shared[2])) > 5000
    assert len(own) == 50
    future = """
        SELECT count(*) FROM visit_visitor w JOIN session s ON s.id = w.visit_id
        WHERE w.person_id = ANY ('{ids}') AND s.starts_at > '2026-11-24'
    """.replace("ids", ",".join(map(str, families)))
    assert await value(seeded, future) == 0


async def test_a_listed_family_books_the_man_they_share_and_their_own(seeded: Database):
    """Every rule is asked, as for anybody: kinship, allowance, hours, window."""
    async with seeded.sessions() as session, session.begin():
        mother, other = (await accounts(session, Role.FAMILY, 2))[:2]
        office = await session.scalar(select(Office).where(Office.in_service).limit(1))
        assert office is not None
        inmates = "SELECT inmate_id FROM kinship WHERE visitor_id = :id ORDER BY 1"
        for line in (mother, other):
            actor = Actor(line.person_id, line.name, "fa", grants_of(()))
            for (inmate,) in (await session.execute(text(inmates), {"id": line.person_id})).all():
                found = await slots(
                    session,
                    Search(
                        inmate_id=inmate,
                        office_id=office.id,
                        visitor_ids=(line.person_id,),
                        first=TUESDAY.date(),
                        last=TUESDAY.date().replace(month=12, day=20),
                    ),
                    TUESDAY,
                    await policy.current(session, TUESDAY.date()),
                )
                free = [slot for slot in found if slot.free]
                request = Request(
                    inmate_id=inmate,
                    office_id=office.id,
                    starts_at=free[0].starts_at,
                    visitor_ids=(line.person_id,),
                    booked_for=line.person_id,
                )
                rule = await policy.current(session, local(free[0].starts_at).date())
                assert (await book(session, actor, request, TUESDAY, rule)).status == "booked"


async def test_a_lawyer_has_mandates(seeded: Database):
    async with seeded.sessions() as session:
        lawyer = (await accounts(session, Role.LAWYER, 1))[0]
        actor = Actor(lawyer.person_id, lawyer.name, "fa", grants_of(("lawyer:0",)))
    assert actor.holds(Role.LAWYER)
    assert await value(seeded, f"SELECT count(*) FROM mandate WHERE lawyer_id = {lawyer.person_id}")


async def test_the_staff_shown_first_work_at_three_places_and_begin_at_the_first(seeded: Database):
    async with seeded.sessions() as session:
        for role in (Role.OFFICE_CLERK, Role.OFFICE_MANAGER, Role.PRISON_OFFICER):
            line = (await accounts(session, role, 1))[0]
            held = (
                "SELECT place_id FROM role_grant WHERE person_id = :id AND role = :role ORDER BY 1"
            )
            values = {"id": line.person_id, "role": role.value}
            first, *more = (await session.scalars(text(held), values)).all()
            kind = "prison" if role is Role.PRISON_OFFICER else "office"
            named = text(f"SELECT name_en FROM {kind} WHERE id = :id")
            assert (await session.scalar(named, {"id": first}), len(more)) == (line.place_en, 2)


async def test_the_first_officer_holds_a_foreigner_with_a_consul_and_a_security_convict(
    seeded: Database,
):
    async with seeded.sessions() as session, session.begin():
        officer = (await accounts(session, Role.PRISON_OFFICER, 1))[0]
        prison = "SELECT min(place_id) FROM role_grant WHERE person_id = :id"
        place = await session.scalar(text(prison), {"id": officer.person_id})
        papers = (await session.scalars(select(ConsularPapers))).one()
        visited = await session.get_one(Inmate, papers.inmate_id)
        convict = (await session.scalars(select(Inmate).where(Inmate.security_convict))).one()
        assert {visited.prison_id, convict.prison_id} == {place}
        rule = await policy.current(session, TUESDAY.date())
        assert set(papers_needed(visited.on_remand, rule)) == set(papers.papers)
        person = await session.get_one(Person, convict.person_id)
        assert (person.nationality, person.speaks_persian) == ("AF", False)


async def test_new_rows_go_on_after_the_seed_s_numbers(seeded: Database):
    async with seeded.transaction() as session:
        person = await session.scalar(select(Person).limit(1))
        assert person is not None
        unit = await session.scalar(select(Unit).order_by(Unit.id.desc()).limit(1))
        assert unit is not None
        fresh = Unit(
            kind=unit.kind, pool_id=unit.pool_id, number=99, name_fa="x", name_en="x", features=[],
            in_service=True,
        )  # fmt: skip
        session.add(fresh)
        await session.flush()
        assert fresh.id > await session.scalar(text("SELECT max(id) FROM person"))


async def test_the_same_dice_give_the_same_country(country: Country, database: Database):
    await seed(database, TUESDAY, lambda _: None, inmates=INMATES)
    fingerprint = "SELECT md5(string_agg(p::text, ',' ORDER BY p.id)) FROM person p"
    of_visits = "SELECT md5(string_agg(v::text, ',' ORDER BY v.id)) FROM visit v"
    from tests.conftest import within

    first = Database(within(country.server, country.name))
    for query in (fingerprint, of_visits):
        assert await value(first, query) == await value(database, query)
    await first.close()


async def test_progress_is_told(country: Country):
    assert [stage.what for stage in country.stages][-1] == "analysing"
    copied = [stage for stage in country.stages if stage.what == "copying"]
    assert copied[-1].done == copied[-1].total > 50_000


async def test_the_seed_leaves_its_mark(seeded: Database, database: Database):
    async with seeded.engine.connect() as connection:
        assert await marker.seeded_at(connection) == TUESDAY
        assert not await marker.empty(connection)
    async with database.engine.connect() as connection:
        assert await marker.seeded_at(connection) is None
        assert await marker.empty(connection)


async def test_a_stranger_is_still_refused(seeded: Database):
    async with seeded.sessions() as session:
        mother = (await accounts(session, Role.FAMILY, 1))[0]
        office = await session.scalar(select(Office.id).limit(1))
        assert office is not None
        own = select(VisitVisitor.visit_id).where(VisitVisitor.person_id == mother.person_id)
        stranger = await session.scalar(
            select(Visit.inmate_id).where(Visit.id.not_in(own)).limit(1)
        )
        assert stranger is not None
        sister = (await accounts(session, Role.FAMILY, 2))[1]
        shared = "SELECT min(inmate_id) FROM kinship WHERE visitor_id = :a AND inmate_id IN (SELECT inmate_id FROM kinship WHERE visitor_id = :b)"  # noqa: E501
        both = {"a": mother.person_id, "b": sister.person_id}
        inmate = await session.scalar(text(shared), both)
        lawyer = (await accounts(session, Role.LAWYER, 1))[0]
        request = Request(
            inmate_id=int(inmate or 0),
            office_id=office,
            starts_at=TUESDAY.replace(day=28, hour=6, minute=0),
            visitor_ids=(mother.person_id, lawyer.person_id),
            booked_for=mother.person_id,
        )
        actor = Actor(mother.person_id, mother.name, "fa", grants_of(()))
        rule = await policy.current(session, TUESDAY.date())
        with pytest.raises(RuleRefused) as refused:
            await book(session, actor, request, TUESDAY, rule)
    assert [reason.code for reason in refused.value.reasons] == ["not-on-the-list"]
