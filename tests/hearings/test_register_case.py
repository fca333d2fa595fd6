from __future__ import annotations

import asyncio
from datetime import date

import pytest

from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.entering import Needed
from remote_court.hearings.models import CourtCase
from remote_court.hearings.register_case import (
    BadArchiveNumber,
    BadCaseNumber,
    BadSubRow,
    CaseDraft,
    CaseExists,
    correct_case,
    faults,
    register_case,
)
from tests.hearings.branch import NUMBER, make_court
from tests.world import make_world


def draft(number=NUMBER, sub_row="1", archive="", subject="مطالبهٔ وجه", **more):
    return CaseDraft.typed(number, sub_row, archive, subject, **more)


async def test_a_number_is_kept_in_ascii_digits_however_it_was_typed(court):
    typed = draft("۱۴۰۵ ۹۱۰۰-۰۰۰۰ ۰۰۰۰۰۱", "۲", "۰۵/۱۲۳-۴", "  مطالبهٔ   وجه ")
    case = await register_case(
        court.world.session, court.clerk, court.branch.id, typed, now=court.now, policy=court.rule
    )
    kept = case.case_number, case.sub_row, case.archive_number, case.subject
    assert kept == ("140591000000000001", "2", "05/123-4", "مطالبهٔ وجه")
    assert [(a.subject_id, a.place_id, a.role) for a in await court.acts("case.registered")] == [
        (case.id, court.branch.id, "court_clerk")
    ]


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"number": "14059100000001"}, BadCaseNumber),
        ({"number": "1405910000000000000001"}, BadCaseNumber),
        ({"number": "14059100000000000x"}, BadCaseNumber),
        ({"sub_row": "1234"}, BadSubRow),
        ({"archive": "پ-۱۲"}, BadArchiveNumber),
        ({"subject": " "}, Needed),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(court, wrong, kind):
    assert [type(fault) for fault in faults(draft(**wrong), court.rule)] == [kind]


async def test_a_number_and_sub_row_are_one_case_in_the_country(court):
    await court.case()
    with pytest.raises(CaseExists):
        await court.case()
    assert (await court.case(NUMBER[:-1] + "2")).id


async def test_another_branch_neither_registers_here_nor_sees_the_case(court):
    session, case = court.world.session, await court.case()
    with pytest.raises(NotFound):
        await register_case(
            session, court.other_clerk, court.branch.id, draft(), now=court.now, policy=court.rule
        )
    with pytest.raises(NotFound):
        await correct_case(
            session, court.other_clerk, case.id, draft(), now=court.now, policy=court.rule
        )
    with pytest.raises(Forbidden):
        await correct_case(
            session, court.world.clerk, case.id, draft(), now=court.now, policy=court.rule
        )


async def test_a_correction_says_which_fields_changed_and_none_leaves_no_line(court):
    case = await court.case()
    better = draft(archive="12", custody=True, limitation_on=date(2027, 3, 1))
    for _ in range(2):
        await correct_case(
            court.world.session, court.judge, case.id, better, now=court.now, policy=court.rule
        )
    assert case.custody
    changed = [a.detail["fields"] for a in await court.acts("case.corrected")]
    assert changed == [["archive_number", "custody", "limitation_on"]]


async def test_of_two_clerks_who_enter_one_case_at_once_one_is_told(database, noon):
    async with database.transaction() as session:
        court = await make_court(await make_world(session), noon)

    async def enter() -> bool:
        try:
            async with database.transaction() as session:
                await register_case(
                    session, court.clerk, court.branch.id, draft(), now=noon, policy=court.rule
                )
        except CaseExists:
            return False
        return True

    assert sorted(await asyncio.gather(*(enter() for _ in range(4)))) == [False] * 3 + [True]
    async with database.transaction() as session:
        assert len((await session.execute(CourtCase.__table__.select())).all()) == 1
