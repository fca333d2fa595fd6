"""Cases and parties over the pages: entered, refused beside the field, and never another's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.hearings.models import CaseParty, CourtCase, Representation
from remote_court.identifiers import synthetic_national_id
from remote_court.people import Person, Role
from tests.server.hearings.bench import as_person, bench, clerk, judge

__all__ = ["as_person", "bench", "clerk", "judge"]
CASE = {"case_number": "۱۴۰۵۹۱۰۰۰۰۰۰۰۰۰۰۷۷", "subject": "تخلیه"}
PARTY = {"role": "witness", "site": "office", "address": "known", "language": "fa"}


@pytest.fixture
def root(bench):
    return f"/court/{bench.court.branch.id}"


@pytest.fixture
def case(bench, root):
    return f"{root}/cases/{bench.case.id}"


async def rows(database, query):
    async with database.transaction() as session:
        return list(await session.scalars(query))


async def test_a_case_is_registered_found_and_corrected(clerk, root, send, database):
    entered = await send(clerk, f"{root}/cases/new", **CASE, custody="1")
    assert entered.status_code == 303
    page = await clerk.get(entered.headers["location"])
    assert "140591000000000077" in page.text
    found = await clerk.get(f"{root}/cases", params={"q": "تخليه"})
    assert "140591000000000077" in found.text
    assert "140591000000000001" not in found.text
    corrected = await send(clerk, f"{entered.headers['location']}/correct", subject="تخلیهٔ ید")
    assert corrected.status_code == 303
    (kept,) = await rows(
        database, select(CourtCase).where(CourtCase.case_number == "140591000000000077")
    )
    assert (kept.subject, kept.custody) == ("تخلیهٔ ید", False)


async def test_everything_that_is_wrong_with_a_case_is_said_at_once(clerk, root, send):
    wrong = {"case_number": "12", "sub_row": "12345", "limitation_on": "yesterday"}
    refused = await send(clerk, f"{root}/cases/new", **wrong)
    assert refused.status_code == 422
    for field in ("case_number", "sub_row", "subject", "limitation_on"):
        assert f'id="{field}-error"' in refused.text
    again = await send(clerk, f"{root}/cases/new", case_number="140591000000000001", subject="x")
    assert again.status_code == 422
    assert "This case is registered already" in again.text


async def test_who_is_new_is_asked_for_as_the_document_says(clerk, case, send, database):
    number = synthetic_national_id(700)
    asked = await send(clerk, f"{case}/parties/new", **PARTY, national_id=number)
    assert asked.status_code == 422
    assert 'id="born_on"' in asked.text
    card = {
        "given_name": "نسرین", "family_name": "بهرامی", "gender": "female", "born_on": "1360/1/5",
    }  # fmt: skip
    entered = await send(clerk, f"{case}/parties/new", **PARTY, **card, national_id=number)
    assert entered.headers["location"] == case
    (person,) = await rows(database, select(Person).where(Person.national_id == number))
    looked = await rows(database, select(AuditEntry).where(AuditEntry.act == "person.looked_up"))
    assert len(looked) == 2
    assert number not in str([entry.detail for entry in looked])
    (party,) = await rows(database, select(CaseParty).where(CaseParty.person_id == person.id))
    shown = await clerk.get(case)
    assert "نسرین بهرامی" in shown.text
    assert number not in shown.text
    left = await send(clerk, f"{case}/parties/{party.id}/leave")
    assert left.headers["location"] == case
    assert "No longer in the case" in (await clerk.get(case)).text


async def test_a_third_lawyer_is_refused_with_the_article(clerk, case, bench, send, database):
    for n in (701, 702):
        card = {"given_name": "الف", "family_name": "ب", "gender": "male", "born_on": "1350/1/1"}
        lawyer = PARTY | {"role": "lawyer", "national_id": synthetic_national_id(n)}
        assert (await send(clerk, f"{case}/parties/new", **lawyer, **card)).status_code == 303
    lawyers = await rows(database, select(CaseParty).where(CaseParty.role == "lawyer"))
    speak = {"party": bench.plaintiff.id, "paper": "و-۷"}
    page = f"{case}/representation/new"
    first = await send(clerk, page, speaker=lawyers[1].id, **speak)
    assert first.status_code == 303
    refused = await send(clerk, page, speaker=lawyers[2].id, **speak)
    assert refused.status_code == 422
    assert "A party has at most 2 lawyers before this court." in refused.text
    assert "Civil Procedure Code, art. 31" in refused.text
    ended = await send(clerk, f"{case}/representation/{bench.paper.id}/end")
    assert ended.headers["location"] == case
    (paper,) = await rows(
        database, select(Representation).where(Representation.id == bench.paper.id)
    )
    assert paper.ended_at is not None


async def test_only_the_judge_allows_an_own_device(clerk, judge, case, bench, send):
    page = f"{case}/parties/{bench.plaintiff.id}/own-device"
    assert "Only a judge of this branch" in (await clerk.get(page)).text
    assert (await send(clerk, page)).status_code == 403
    assert (await send(judge, page)).headers["location"] == case
    assert "Own device allowed" in (await judge.get(case)).text
    assert (await send(judge, page, revoke="1")).headers["location"] == case


async def test_another_branch_sees_nothing_of_it(bench, as_person, root, case):
    other = await as_person(bench.court.other_clerk.person_id)
    elsewhere = f"/court/{bench.court.branch.id + 1}/cases/{bench.case.id}"
    for page in (root, case, f"{root}/diary", f"{root}/hearings/{bench.sitting}", elsewhere):
        assert (await other.get(page)).status_code == 404, page
    family = await as_person(bench.court.world.mother.id)
    assert (await family.get(case)).status_code == 403


async def test_headquarters_enter_an_interpreter(bench, as_person, send, database, site):
    async with database.transaction() as session:
        bench.court.world.session = session
        hq = await bench.court.world.staff(Role.HQ_PLANNER, None)
    browser = await as_person(hq.person_id)
    fields = {
        "national_id": bench.court.world.mother.national_id, "kind": "interpreter",
        "licence": "م-۹۹", "languages": "az, tr", "provinces": "11",
    }  # fmt: skip
    entered = await send(browser, "/hq/officials/new", **fields)
    assert entered.headers["location"] == "/hq/officials"
    found = await browser.get("/hq/officials", params={"q": "az"})
    assert "م-۹۹" in found.text
    again = await send(browser, "/hq/officials/new", **fields)
    assert "is entered already" in again.text
