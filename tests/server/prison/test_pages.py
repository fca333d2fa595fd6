from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from remote_court.identifiers import synthetic_national_id
from remote_court.people import Person, Role
from remote_court.scheduling.models import Session
from remote_court.visits import mandate_entry
from remote_court.visits.bans import VisitBan
from remote_court.visits.kinships import Kinship, KinshipKind
from remote_court.visits.models import VisitKind
from tests.visits import stage
from tests.world import grant

JALALI_SUNDAY = "1405/09/08"


@pytest.fixture
def inside(database, world):
    """Run steps of the world in a transaction of their own."""

    class Inside:
        async def __aenter__(self):
            self.context = database.transaction()
            return replace(world, session=await self.context.__aenter__())

        async def __aexit__(self, *error):
            await self.context.__aexit__(*error)

    return Inside


@pytest.fixture
def root(world):
    return f"/prisons/{world.prison.id}"


@pytest.fixture
def file(world, root):
    return f"{root}/inmates/{world.inmate.id}"


async def status(database, visit_id):
    async with database.transaction() as session:
        return (await session.get(Session, visit_id)).status


async def test_every_page_opens_in_both_languages(officer, world, root, file, inside, noon):
    async with inside() as w:
        cousin = await w.relative(KinshipKind.COUSIN)
        asked = await stage.booked(w, noon, cousin)
    pages = [
        root,
        f"{root}?day={JALALI_SUNDAY}",
        f"{root}/requests",
        f"{root}/requests/{asked.id}",
        f"{root}/inmates",
        f"{root}/inmates?q=%DA%AF%D9%84",
        file,
        *(
            f"{file}/{form}"
            for form in ("kinship", "permit", "mandate", "ban", "language", "security", "papers")
        ),
        f"{file}/ban?kind=judicial",
        f"{file}/ban?kind=disciplinary",
        f"{file}/whereabouts",
        f"{root}/booths",
        f"{root}/booths/{world.booths[0].id}/withdraw",
        f"{root}/hours",
    ]
    for language in ("en", "fa"):
        officer.cookies.set("lang", language, domain="127.0.0.1")
        for page in pages:
            shown = await officer.get(page)
            assert shown.status_code == 200, (page, shown.text)
            assert f'lang="{language}"' in shown.text


async def test_the_day_list_shows_who_comes_when_and_where(officer, world, root, inside, noon):
    async with inside() as w:
        visit = await stage.booked(w, noon)
    assert "no visits on this day" in (await officer.get(root)).text
    shown = (await officer.get(f"{root}?day={JALALI_SUNDAY}")).text
    for text in (f'id="visit-{visit.id}"', "09:30", world.mother.name, "Booth 1", "Azadi office"):
        assert text in shown
    assert "Ward 3" in shown


async def test_another_prison_is_not_there_and_families_are_refused(
    officer, world, root, as_person, inside
):
    async with inside() as w:
        other = await stage.another_prison(w)
    assert (await officer.get(f"/prisons/{other.id}")).status_code == 404
    mother = await as_person(world.mother.id)
    assert (await mother.get(root)).status_code == 403


async def test_a_request_is_approved_with_the_permit(officer, root, inside, noon, send, database):
    async with inside() as w:
        asked = await stage.booked(w, noon, await w.relative(KinshipKind.COUSIN))
    listed = (await officer.get(f"{root}/requests")).text
    assert "Cousin" in listed
    page = f"{root}/requests/{asked.id}"
    empty = await send(officer, page, f"{page}/approve", issuer="prison_warden", reference="")
    assert empty.status_code == 422
    assert "Enter the number and date of the document" in empty.text
    done = await send(officer, page, f"{page}/approve", issuer="prison_warden", reference="12/3")
    assert (done.status_code, done.headers["location"]) == (303, f"{root}/requests")
    assert await status(database, asked.id) == "booked"
    assert "has been answered" in (await officer.get(page)).text


async def test_a_request_is_refused_with_a_reason(officer, root, inside, noon, send, database):
    async with inside() as w:
        asked = await stage.booked(w, noon, await w.relative(KinshipKind.FRIEND))
    page = f"{root}/requests/{asked.id}"
    assert (await send(officer, page, f"{page}/reject", reason=" ")).status_code == 422
    assert (await send(officer, page, f"{page}/reject", reason="دور")).status_code == 303
    assert await status(database, asked.id) == "rejected"


@pytest.mark.parametrize(
    "words", ["گلپایگانی", "علی‌رضا", "عليرضا", "T-", synthetic_national_id(0), "۹۹۹۰۰۰۰۰۰۷"]
)
async def test_inmates_are_found_by_name_number_and_identity(officer, root, world, words):
    shown = (await officer.get(f"{root}/inmates", params={"q": words})).text
    found = f"/inmates/{world.inmate.id}" in shown
    assert found is (words != "۹۹۹۰۰۰۰۰۰۷" or synthetic_national_id(0) == "9990000007")


async def test_a_long_list_goes_on_page_by_page(officer, root, inside):
    async with inside() as w:
        for _ in range(4):
            await w.another_inmate()
    seen: list[str] = []
    url = f"{root}/inmates?limit=2"
    for _ in range(3):
        shown = (await officer.get(url)).text
        seen += re.findall(r'inmates/(\d+)"><bdi>', shown)
        more = re.search(r'href="(\?[^"]*cursor=[^"]+)"', shown)
        url = f"{root}/inmates{more[1]}&limit=2".replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 5
    assert not url


async def test_a_relative_is_entered_with_the_document(officer, file, inside, send):
    async with inside() as w:
        sister = await w.person("سارا", "گلپایگانی")
    wrong = await send(
        officer,
        f"{file}/kinship",
        national_id=sister.national_id,
        kind="sibling",
        evidence="marriage_deed",
    )
    assert wrong.status_code == 422
    assert "does not prove this relation" in wrong.text
    nobody = await send(
        officer,
        f"{file}/kinship",
        national_id=synthetic_national_id(900),
        kind="sibling",
        evidence="birth_certificate",
    )
    assert "Nobody with this number" in nobody.text
    done = await send(
        officer,
        f"{file}/kinship",
        national_id=sister.national_id,
        kind="sibling",
        evidence="birth_certificate",
    )
    assert done.status_code == 303
    shown = (await officer.get(file)).text
    assert sister.name in shown
    assert "Brother or sister" in shown


async def test_a_claim_is_proven_from_the_file(officer, file, inside, send):
    async with inside() as w:
        sister = await w.person("سارا", "گلپایگانی")
        claim = await w.tie(sister, KinshipKind.SIBLING, sighted=False)
    assert "Claimed, not proven" in (await officer.get(file)).text
    done = await send(
        officer,
        f"{file}/kinship?kinship={claim.id}",
        f"{file}/kinship",
        kind="sibling",
        evidence="birth_certificate",
    )
    assert done.status_code == 303
    assert "Claimed, not proven" not in (await officer.get(file)).text


async def test_a_permit_is_entered_and_taken_back(officer, file, inside, send):
    async with inside() as w:
        friend = await w.person("سارا", "دوست")
    typed = {"national_id": friend.national_id, "reference": "5", "first": "1405/09/03"}
    wrong = await send(
        officer, f"{file}/permit", **typed, issuer="handling_judge", last="1405/10/03"
    )
    assert wrong.status_code == 422
    assert "cannot permit this visit" in wrong.text
    bad_day = await send(officer, f"{file}/permit", **typed, issuer="prison_warden", last="x")
    assert bad_day.status_code == 422
    done = await send(officer, f"{file}/permit", **typed, issuer="prison_warden", last="1405/10/03")
    assert done.status_code == 303
    shown = (await officer.get(file)).text
    assert "Prison warden" in shown
    (end,) = re.findall(r'href="([^"]+/revoke)"', shown)
    assert (await send(officer, end, reason="")).status_code == 422
    assert (await send(officer, end, reason="اشتباه")).status_code == 303
    assert "No permit stands" in (await officer.get(file)).text


async def test_a_ban_shows_what_it_cancels_before_it_does(
    officer, file, inside, noon, send, database, world
):
    async with inside() as w:
        visit = await stage.booked(w, noon)
    page = f"{file}/ban?kind=judicial"
    typed = {"kind": "judicial", "visitor": "", "reference": "98/1", "first": "۱۴۰۵/۰۹/۰۳"}
    refused = await send(officer, page, f"{file}/ban", **typed, last="")
    assert refused.status_code == 422
    assert "for a fixed time" in refused.text
    checked = await send(officer, page, f"{file}/ban", **typed, last="1405/09/20")
    assert checked.status_code == 200
    assert world.mother.name in checked.text
    assert await status(database, visit.id) == "booked"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', checked.text))
    done = await officer.post(f"{file}/ban", data=hidden)
    assert done.status_code == 303
    assert await status(database, visit.id) == "cancelled"
    shown = (await officer.get(file)).text
    (lift,) = re.findall(r'href="([^"]+/lift)"', shown)
    assert (await send(officer, lift, reason="رای")).status_code == 303
    assert "No ban stands" in (await officer.get(file)).text


async def test_a_lawyer_is_registered_and_ended(officer, file, inside, send):
    async with inside() as w:
        person = await w.person("داریوش", "وکیلی")
    typed = {"national_id": person.national_id, "reference": "88"}
    wrong = await send(officer, f"{file}/mandate", **typed)
    assert "not registered as a lawyer" in wrong.text
    async with inside() as w:
        await grant(w.session, person, Role.LAWYER, None)
    assert (await send(officer, f"{file}/mandate", **typed)).status_code == 303
    twice = await send(officer, f"{file}/mandate", **typed)
    assert "is registered already" in twice.text
    (end,) = re.findall(r'href="([^"]+/end)"', (await officer.get(file)).text)
    assert (await send(officer, end, reason="عزل")).status_code == 303


async def test_a_release_and_a_stay_in_hospital_are_written_down(
    officer, file, inside, noon, send, database
):
    async with inside() as w:
        visit = await stage.booked(w, noon)
    page = f"{file}/whereabouts"
    assert (await send(officer, page, reason="")).status_code == 422
    assert (await send(officer, page, change="hospital")).status_code == 303
    assert await status(database, visit.id) == "displaced"
    assert "In hospital" in (await officer.get(file)).text
    assert (await send(officer, page, change="back")).status_code == 303
    assert await status(database, visit.id) == "booked"
    assert (await send(officer, page, change="released", reason="")).status_code == 422
    assert (await send(officer, page, change="released", reason="پایان")).status_code == 303
    assert await status(database, visit.id) == "cancelled"


async def test_an_inmate_is_moved_and_gone_from_the_list(officer, root, file, inside, send):
    async with inside() as w:
        other = await stage.another_prison(w)
    page = f"{file}/whereabouts"
    assert (await send(officer, page, change="moved")).status_code == 422
    done = await send(officer, page, change="moved", prison=str(other.id), ward="1")
    assert (done.status_code, done.headers["location"]) == (303, f"{root}/inmates")
    assert (await officer.get(file)).status_code == 404


@pytest.mark.parametrize(
    ("form", "typed", "field"),
    [
        ("kinship", {"kinship": "9" * 40, "kind": "sibling"}, "evidence"),
        ("ban", {"kind": "judicial", "first": JALALI_SUNDAY, "visitor": "x"}, "visitor"),
        ("ban", {"kind": "disciplinary", "first": JALALI_SUNDAY, "sessions": "9" * 40}, None),
        ("whereabouts", {"change": "moved", "prison": "9" * 40}, "prison_id"),
        ("permit", {"issuer": "prison_warden", "first": "1405/13/40", "last": "1405/09/30"}, None),
        ("language", {"speaks": "perhaps"}, "speaks"),
        ("language", {}, "speaks"),
        ("security", {"security": "perhaps", "reference": "1"}, "security"),
    ],
)
async def test_what_no_form_offers_is_an_error_beside_its_field_and_nothing_is_done(
    officer, file, send, form, typed, field, database
):
    refused = await send(officer, f"{file}/{form}", **typed)
    assert refused.status_code == 422
    assert field is None or re.search(rf'href="#[^"]*{field}', refused.text)
    async with database.transaction() as session:
        assert (await session.scalars(select(VisitBan))).all() == []


async def test_what_an_end_cancels_is_shown_before_as_it_is_done(
    as_person, file, inside, noon, send, database, world, site
):
    async with inside() as w:
        lawyer = await w.person("داریوش", "وکیلی")
        await grant(w.session, lawyer, Role.LAWYER, None)
        mandate = await mandate_entry.enter(
            w.session, w.officer, w.inmate.id, lawyer.id, "۸", place_id=w.prison.id, now=noon
        )
        visit = await stage.booked(w, noon, lawyer, kind=VisitKind.LAWYER)
    site.now = lambda: visit.starts_at + timedelta(minutes=2)
    officer = await as_person(world.officer.person_id)
    page = f"{file}/mandates/{mandate.id}/end"
    assert lawyer.name in (await officer.get(page)).text
    assert (await send(officer, page, reason="عزل")).status_code == 303
    assert await status(database, visit.id) == "cancelled"


async def test_the_language_is_written_down(officer, file, send):
    assert (await send(officer, f"{file}/language", speaks="no")).status_code == 303
    assert "an interpreter is needed" in (await officer.get(file)).text


async def test_booths_are_added_withdrawn_and_returned(officer, root, world, inside, noon, send):
    async with inside() as w:
        visit = await stage.booked(w, noon)
    page = f"{root}/booths"
    assert (await send(officer, page, name_fa="", name_en="")).status_code == 422
    assert (await send(officer, page, name_fa="کابین", name_en="Third")).status_code == 303
    assert "Third" in (await officer.get(page)).text
    withdraw = f"{page}/{visit.booth_id}/withdraw"
    assert (await send(officer, withdraw, reason="")).status_code == 422
    assert (await send(officer, withdraw, reason="دوربین")).status_code == 303
    shown = (await officer.get(page)).text
    assert "Withdrawn" in shown
    assert f"/units/{visit.booth_id}/devices" in shown
    back = await send(officer, page, f"{page}/{visit.booth_id}/return")
    assert back.status_code == 303
    assert "Withdrawn" not in (await officer.get(page)).text


async def test_hours_are_checked_before_they_are_set(officer, root, inside, noon, send, database):
    async with inside() as w:
        visit = await stage.booked(w, noon)
    page = f"{root}/hours"
    week = {
        f"{field}-{day}-0": value
        for day in range(5)
        for field, value in (("opens", "۸:۰۰"), ("closes", "12:00"), ("audience", "men"))
    }
    wrong = await send(officer, page, **(week | {"closes-0-0": "07:00"}), valid_from="1405/09/03")
    assert wrong.status_code == 422
    checked = await send(officer, page, **week, valid_from="1405/09/03")
    assert checked.status_code == 200
    assert "These visits fall outside" in checked.text
    hidden = dict(
        re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', checked.text)
    )
    assert (await officer.post(page, data=hidden)).status_code == 303
    assert await status(database, visit.id) == "displaced"
    assert 'value="08:00"' in (await officer.get(page)).text


def test_sunday_is_the_day_of_the_stage():
    assert date(2026, 11, 29) == stage.SUNDAY


async def test_a_clerk_enters_documents_at_her_own_desk(world, as_person, inside, send, database):
    clerk = await as_person(world.clerk.person_id)
    async with inside() as w:
        sister = await w.person("سارا", "گلپایگانی")
        lawyer = await w.staff(Role.LAWYER, None)
        elsewhere = await stage.another_prison(w)
    page = f"/desk/{world.office.id}/kinship"
    typed = {"national_id": sister.national_id, "kind": "sibling", "evidence": "birth_certificate"}
    wrong = await send(clerk, page, inmate="nobody", **typed)
    assert (wrong.status_code, "No prisoner has this number" in wrong.text) == (422, True)
    done = await send(clerk, page, inmate=f"T-{world.inmate.id}", **typed)
    assert done.status_code == 303
    assert "Saved" in (await clerk.get(done.headers["location"])).text
    async with database.transaction() as session:
        query = select(Kinship).where(Kinship.visitor_id == sister.id)
        assert (await session.scalars(query)).one().sighted_place_id == world.office.id
        advocate = await session.get(Person, lawyer.person_id)
    page = f"/desk/{world.office.id}/mandate"
    typed = {"national_id": advocate.national_id, "reference": "12"}
    assert (await send(clerk, page, inmate=world.inmate.national_id, **typed)).status_code == 303
    again = await send(clerk, page, inmate=world.inmate.national_id, **typed)
    assert "is registered already" in again.text
    assert (await clerk.get(f"/desk/{elsewhere.id}/kinship")).status_code == 404


async def test_a_relative_tells_whom_they_are_related_to(world, as_person, inside, send):
    async with inside() as w:
        sister = await w.person("سارا", "گلپایگانی")
        await grant(w.session, sister, Role.FAMILY, None)
    browser = await as_person(sister.id)
    typed = {"number": f"T-{world.inmate.id}", "kind": "sibling"}
    wrong = await send(browser, "/kinships", **typed, family_name="دیگر")
    assert (wrong.status_code, "has this family name" in wrong.text) == (422, True)
    done = await send(browser, "/kinships", **typed, family_name="گلپایگانی")
    assert done.status_code == 303
    shown = (await browser.get("/kinships")).text
    assert "Birth certificate" in shown


async def test_a_consuls_papers_are_recorded_shown_and_taken_back(
    officer, file, inside, world, send
):
    assert "Record a consul" not in (await officer.get(file)).text
    async with inside() as w:
        consul = await w.person("جان", "اسمیت", nationality="AF", speaks_persian=False)
        (await w.session.get(Person, w.inmate.id)).nationality = "AF"
    assert "Record a consul" in (await officer.get(file)).text
    page = f"{file}/papers"
    entry = {"national_id": consul.national_id, "mfa_letter": "M 12", "first": JALALI_SUNDAY}
    entry["last"] = JALALI_SUNDAY
    short = await send(officer, page, **entry)
    assert short.status_code == 422
    assert "without it there is no consular visit" in short.text
    assert (await send(officer, page, **entry, prosecutor_general="P 3")).status_code == 303
    shown = (await officer.get(file)).text
    assert "M 12" in shown
    assert "جان اسمیت" in shown
    assert "Take consular papers back" in shown
    (end,) = re.findall(rf"{file}/papers/\d+/withdraw", shown)
    assert (await send(officer, end, reason="تمام")).status_code == 303
    assert "M 12" not in (await officer.get(file)).text


async def test_an_officer_marks_a_security_convict_by_the_judgment(officer, file, send):
    page = f"{file}/security"
    assert (await send(officer, page, security="yes", reference="")).status_code == 422
    assert (await send(officer, page, security="yes", reference="9/1")).status_code == 303
    assert re.search(r"Security convict</dt><dd><span[^>]*>Yes", (await officer.get(file)).text)
