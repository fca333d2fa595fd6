"""A notice on pages: the recipient's message, the court's forms, and the proof to print."""

from __future__ import annotations

import hashlib
import re

import pytest
from sqlalchemy import select

from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.hearings.models import CourtCase
from remote_court.identifiers import grouped
from remote_court.notices.messages import Message
from remote_court.notices.rebuttals import Rebuttal
from remote_court.notices.service import Method
from remote_court.people import Role


async def signed(at_court, signed_in, person_id):
    return await signed_in(await at_court.who(person_id))


async def message_of(at_court, notice_id) -> Message:
    async with at_court.site.database.transaction() as session:
        notice = await at_court.of(notice_id)
        return (await session.scalars(select(Message).where(Message.id == notice.message_id))).one()


async def test_an_unread_notice_says_that_it_counts_as_served(at_court, signed_in):
    notice_id = await at_court.notice()
    notice = await at_court.of(notice_id)
    browser = await signed(at_court, signed_in, at_court.defendant)
    page = (await browser.get("/inbox")).text
    for words in ("ابلاغیه", notice.number, "از هنگام رسیدن، ابلاغ‌شده به شمار می‌آید"):
        assert words in page
    assert (await at_court.of(notice_id)).viewed_at is None
    opened = (await browser.get(f"/inbox/{notice.message_id}")).text
    assert (await at_court.of(notice_id)).viewed_at is not None
    assert notice.sha256[:32] in opened
    assert f"/notices/{notice_id}/proof.pdf" in opened
    assert "See the visit" not in opened
    assert f"/visits/{notice.session_id}" not in opened
    page = (await browser.get("/inbox")).text
    assert "از هنگام رسیدن" not in page


async def test_the_hash_is_of_what_the_recipient_reads(at_court):
    notice_id = await at_court.notice()
    message = await message_of(at_court, notice_id)
    said = f"{message.subject}\n\n{message.body}".encode()
    assert (await at_court.of(notice_id)).sha256 == hashlib.sha256(said).hexdigest()


@pytest.mark.parametrize("who", ["defendant", "clerk", "judge"])
@pytest.mark.parametrize("locale", ["fa", "en"])
async def test_the_recipient_and_the_court_print_the_proof(at_court, signed_in, who, locale):
    notice_id = await at_court.notice()
    court = at_court.court
    people = {"clerk": court.clerk.person_id, "judge": court.judge.person_id}
    browser = await signed(at_court, signed_in, people.get(who, at_court.defendant))
    browser.cookies.set("lang", locale, domain="127.0.0.1")
    answer = await browser.get(f"/notices/{notice_id}/proof.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"pdfaid" in answer.content


@pytest.mark.parametrize("path", ["/notices/{}", "/notices/{}/proof.pdf"])
async def test_nobody_else_sees_a_notice(at_court, signed_in, client, path):
    notice_id = await at_court.notice()
    court = at_court.court
    async with at_court.site.database.transaction() as session:
        court.world.session = session
        branch = await court.new_branch()
        elsewhere = await court.world.staff(Role.COURT_CLERK, branch.id)
    for person_id in (court.plaintiff.person_id, elsewhere.person_id, court.world.clerk.person_id):
        browser = await signed(at_court, signed_in, person_id)
        assert (await browser.get(path.format(notice_id))).status_code == 404
    assert (await client.get(path.format(notice_id))).status_code == 303
    browser = await signed(at_court, signed_in, court.clerk.person_id)
    assert (await browser.get(path.format(999_999_999))).status_code == 404


async def test_the_recipient_of_a_notice_is_led_to_its_message(at_court, signed_in):
    notice_id = await at_court.notice()
    browser = await signed(at_court, signed_in, at_court.defendant)
    answer = await browser.get(f"/notices/{notice_id}")
    message = (await at_court.of(notice_id)).message_id
    assert (answer.status_code, answer.headers["location"]) == (303, f"/inbox/{message}")


async def test_a_clerk_records_an_officer_s_service(at_court, signed_in, send):
    notice_id = await at_court.notice(Method.OFFICER)
    clerk = await signed(at_court, signed_in, at_court.court.clerk.person_id)
    now = local(at_court.site.now())
    page, action = f"/notices/{notice_id}", f"/notices/{notice_id}/officer"
    assert "ثبت ابلاغ بیرون از سامانه" in (await clerk.get(page)).text
    wrong = await send(clerk, page, action, paper="", day="1405/13/40", at="25:99")
    assert wrong.status_code == 422
    assert wrong.text.count('class="wrong"') == 3
    early = await send(clerk, page, action, paper="۷۱", day="1400/01/05", at="08:30")
    assert early.status_code == 422
    assert "پیش از صدور ابلاغیه است" in early.text
    async with at_court.site.database.transaction() as session:
        notice = await session.get_one(type(await at_court.of(notice_id)), notice_id)
        notice.queued_at = now.replace(hour=0, minute=0, second=0, microsecond=0)
    day, at = jalali.short(now.date(), "fa"), f"{now:%H:%M}"
    done = await send(clerk, page, action, paper="۷۱", day=day, at=at, in_person="1")
    assert (done.status_code, done.headers["location"]) == (303, page)
    notice = await at_court.of(notice_id)
    assert notice.viewed_at == notice.delivered_at is not None
    assert "ثبت ابلاغ بیرون از سامانه" not in (await clerk.get(page)).text
    late = await clerk.post(action, data=await filled(clerk, notice_id, paper="۷۲", day=day, at=at))
    assert late.status_code in {403, 409}


async def filled(browser, notice_id, **fields):
    page = (await browser.get(f"/notices/{notice_id}")).text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)) | fields


async def test_a_clerk_records_a_publication(at_court, signed_in, send):
    notice_id = await at_court.notice(Method.PUBLICATION)
    clerk = await signed(at_court, signed_in, at_court.court.clerk.person_id)
    page, today = f"/notices/{notice_id}", local(at_court.site.now()).date()
    action, day = f"{page}/publication", jalali.short(today, "fa")
    assert (await send(clerk, page, action, newspaper="", on=day)).status_code == 422
    assert (await send(clerk, page, action, newspaper="حمایت ۶۰۱", on=day)).status_code == 303
    assert (await at_court.of(notice_id)).published_on == today
    assert "حمایت ۶۰۱" in (await clerk.get(page)).text


async def test_a_rebuttal_goes_from_the_recipient_to_the_judge_and_back(at_court, signed_in, send):
    notice_id = await at_court.notice()
    message = f"/inbox/{(await at_court.of(notice_id)).message_id}"
    reader = await signed(at_court, signed_in, at_court.defendant)
    said = await send(reader, message, f"/notices/{notice_id}/rebuttal", said="اینترنت قطع بود")
    assert said.status_code == 303
    assert "در انتظار قاضی" in (await reader.get(message)).text
    async with at_court.site.database.transaction() as session:
        rebuttal = (await session.scalars(select(Rebuttal))).one()
    page = f"/notices/{notice_id}"
    clerk = await signed(at_court, signed_in, at_court.court.clerk.person_id)
    assert "آیا ثابت شده است؟" not in (await clerk.get(page)).text
    judge = await signed(at_court, signed_in, at_court.court.judge.person_id)
    action = f"{page}/rebuttals/{rebuttal.id}"
    assert (await send(judge, page, action, accepted="maybe", decision="x")).status_code == 422
    held = await send(judge, page, action, accepted="yes", decision="ثابت است")
    assert held.status_code == 303
    shown = (await reader.get(message)).text
    assert "پذیرفته شد" in shown
    assert "ثابت است" in shown
    proof = await reader.get(f"/notices/{notice_id}/proof.pdf")
    assert proof.status_code == 200


async def test_the_page_of_a_notice_names_no_more_of_the_case_than_its_number(at_court, signed_in):
    notice_id = await at_court.notice()
    clerk = await signed(at_court, signed_in, at_court.court.clerk.person_id)
    page = (await clerk.get(f"/notices/{notice_id}")).text
    async with at_court.site.database.transaction() as session:
        case = await session.get_one(CourtCase, at_court.court.case.id)
    number = grouped((await at_court.of(notice_id)).number)
    assert number in page
    assert case.subject not in page
