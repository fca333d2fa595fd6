from __future__ import annotations

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from remote_court.errors import NotFound
from remote_court.hearings import diary_import
from remote_court.hearings.diary_import import (
    CaseImport,
    NothingToApply,
    State,
    apply,
    carry_out,
    examine,
    importer,
    submit,
)
from remote_court.hearings.models import CaseParty, CourtCase, Representation
from remote_court.hearings.roles import PartyRole, Site
from remote_court.people import Person
from tests.hearings.branch import make_court
from tests.hearings.files import HEADINGS, NUMBER, book, person, rows, table
from tests.world import make_world


async def examined(court, content):
    return (await examine(court.world.session, court.branch.id, content, court.now))[0]


async def faults(court, lines, headings=HEADINGS):
    found = await examined(court, table(lines, headings))
    return [(fault.line, fault.column) for fault in found.faults]


def line(**changes):
    """The first line of the file, changed."""
    told = dict(zip(HEADINGS, rows()[0], strict=True)) | changes
    return tuple(told[name] for name in HEADINGS)


@pytest.mark.parametrize("mark", [",", ";"])
async def test_a_file_says_what_it_would_change(court, mark):
    changes = (await examined(court, table(mark=mark))).changes
    assert (changes.new_cases, changes.new_parties, changes.new_people) == (1, 3, 3)
    assert (changes.new_representations, changes.nothing) == (1, False)
    assert await court.world.session.scalar(select(func.count()).select_from(CourtCase)) == 0


async def test_a_workbook_says_the_same(court):
    assert (await examined(court, book(rows()))).changes == (await examined(court, table())).changes


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([line(**{"شماره پرونده": "۱۲"})], [(2, "case_number")]),
        ([line(**{"شماره پرونده": ""})], [(2, "case_number")]),
        ([line(موضوع="")], [(2, "subject")]),
        ([line(**{"کد ملی": "1234567890"})], [(2, "national_id")]),
        ([line(سمت="قهرمان")], [(2, "role")]),
        ([line(سمت="")], [(2, "role")]),
        ([line(نام="")], [(2, "given_name")]),
        ([line(**{"تاریخ تولد": "1360"})], [(2, "born_on")]),
        ([line(دفترها="99999")], [(2, "offices")]),
        ([line(نیازها="تخت")], [(2, "needs")]),
        ([line(بازداشتی="شاید")], [(2, "custody")]),
        ([line(موضوع="=1+1")], [(2, "subject"), (2, "subject")]),
        ([line(), line()], [(3, "national_id")]),
        ([line(), line(موضوع="دیگر", سمت="شاهد")], [(3, "subject")]),
        ([line(**{"از طرف": person(1), "سند نمایندگی": "x"})], [(2, "speaks_for")]),
        ([*rows()[:2], (*rows()[2][:8], person(9), *rows()[2][9:])], [(4, "speaks_for")]),
        ([*rows()[:2], (*rows()[2][:9], "", *rows()[2][10:])], [(4, "paper")]),
        ([line(سمت="", موضوع="", نام="۷")], [(2, "role")]),
    ],
)
async def test_every_error_is_found_with_its_line_and_column(court, lines, where):
    found = await faults(court, lines)
    assert set(where) <= set(found)
    assert {place for place in found if place[0] != where[0][0]} <= set(where)


async def test_headings_that_are_unknown_missing_or_there_twice_are_told(court):
    found = await faults(court, [("1", "2", "3", "4")], ("موضوع", "قد", "سمت", "نقش"))
    assert set(found) == {(1, "قد"), (1, "نقش"), (1, "case_number")}


async def test_a_third_lawyer_in_a_file_is_one_too_many(court):
    lawyers = [
        (NUMBER, "", person(n), "وکیل", "صدر", "1350/1/1", "زن", "وکیل", person(1), f"و-{n}", "",
         "", "")
        for n in (3, 4, 5)
    ]  # fmt: skip
    assert await faults(court, [*rows()[:2], *lawyers]) == [(6, "speaks_for")]


async def test_a_prisoner_attends_from_the_prison_unless_the_file_says_otherwise(court):
    inmate = court.world.inmate
    mine = {
        "کد ملی": inmate.national_id, "نام": inmate.given_name, "نام خانوادگی": inmate.family_name,
        "سمت": "متهم",
    }  # fmt: skip
    found = await examined(court, table([line(**mine)]))
    (part,) = found.cases[0].parts.values()
    assert (found.faults, part.draft.site) == ([], Site.PRISON)
    assert await faults(court, [line(**mine | {"نام": "دیگری"})]) == [(2, "given_name")]


async def test_another_branchs_case_is_not_taken_over(court):
    case = await court.case("140592000000000001")
    case.branch_id += 1
    await court.world.session.flush()
    assert await faults(court, [line()]) == [(2, "case_number")]


@pytest_asyncio.fixture
async def sent(database, noon):
    """A court whose rows stay, and the file it sent."""
    async with database.transaction() as session:
        court = await make_court(await make_world(session), noon)
        job = await submit(session, court.clerk, court.branch.id, "دفتر.csv", table(), noon)
    return court, job.id


async def job_of(database, import_id):
    async with database.transaction() as session:
        return await session.get(CaseImport, import_id)


async def test_a_file_is_written_in_one_act_and_the_same_file_again_changes_nothing(
    database, noon, sent
):
    court, import_id = sent
    async with database.transaction() as session:
        await apply(session, court.clerk, import_id)
    async with database.transaction() as session:
        assert await importer(database)(session, noon) == 1
    job = await job_of(database, import_id)
    assert (job.state, job.rows_done, job.content) == (State.DONE, 3, None)
    async with database.transaction() as session:
        (case,) = await session.scalars(select(CourtCase))
        assert (case.case_number, case.subject) == ("140592000000000001", "مطالبهٔ مهر")
        parties = {p.role: p for p in await session.scalars(select(CaseParty))}
        assert parties[PartyRole.PLAINTIFF].office_ids == [court.world.office.id]
        assert parties[PartyRole.PLAINTIFF].needs == ["step_free"]
        (paper,) = await session.scalars(select(Representation))
        assert paper.client_id == parties[PartyRole.PLAINTIFF].id
        again = await submit(session, court.clerk, court.branch.id, "دفتر.csv", table(), noon)
        assert (again.state, again.changes["unchanged"]) == (State.READY, 4)
        assert not any(n for name, n in again.changes.items() if name != "unchanged")
        court.world.session = session
        (act,) = await court.acts("diary.imported")
        assert (act.actor_id, act.detail["new_parties"]) == (court.clerk.person_id, 3)


async def test_what_fails_in_the_middle_leaves_nothing_behind(database, noon, sent):
    court, import_id = sent
    async with database.transaction() as session:
        await apply(session, court.clerk, import_id)
        # Since it was tried out, somebody else entered the last of its people by another name.
        session.add(
            Person(
                national_id=person(3), given_name="دیگری", family_name="دیگر", gender="male",
                born_on=noon.date(),
            )
        )  # fmt: skip
    assert await carry_out(database, import_id, noon) == 1
    assert (await job_of(database, import_id)).state is State.FAILED
    async with database.transaction() as session:
        assert list(await session.scalars(select(CourtCase))) == []


async def test_only_one_node_writes_a_file_and_a_killed_ones_is_done_anew(database, noon, sent):
    court, import_id = sent
    async with database.transaction() as session:
        await apply(session, court.clerk, import_id)
        with pytest.raises(NothingToApply):
            await apply(session, court.clerk, import_id)
    async with database.transaction() as holder:
        key = {"key": diary_import.LOCK_SPACE + import_id}
        assert await holder.scalar(diary_import.TRY_LOCK, key)
        assert await carry_out(database, import_id, noon) == 0
        await diary_import._progress(database, import_id, 2)
    assert (await job_of(database, import_id)).state is State.RUNNING
    assert await carry_out(database, import_id, noon) == 1
    assert (await job_of(database, import_id)).state is State.DONE


async def test_another_branch_neither_sends_nor_applies(database, noon, sent):
    court, import_id = sent
    async with database.transaction() as session:
        with pytest.raises(NotFound):
            await apply(session, court.other_clerk, import_id)
        with pytest.raises(NotFound):
            await submit(session, court.other_clerk, court.branch.id, "x", table(), noon)
