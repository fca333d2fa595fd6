"""The whole story in Persian, on a telephone: booked, received, seen and heard, ended, recorded."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from remote_court.audit.entries import AuditEntry, AuditSeal
from remote_court.calls.models import Attendance, Call, CallStatus, SupervisionAct
from remote_court.db import Database
from remote_court.identifiers import grouped
from remote_court.notices.messages import Message, MessageKind
from remote_court.scheduling.models import Session
from remote_court.visits.models import Visit, VisitVisitor
from remote_court.visits.status import Status
from tests.browser.figures import counting, receives, stands_still
from tests.browser.house import (
    PATIENCE_MS,
    PATIENCE_S,
    House,
    book_by_wizard,
    opened,
    receive_at_the_desk,
    sign_in,
    submit,
)
from tests.browser.stage import SIZES
from tests.world import FREE_START

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)
STEPS = (
    "visit.held",
    "visit.booked",
    "visit.checked_in",
    "call.opened",
    "call.pause",
    "call.resume",
    "call.end",
    "visit.completed",
    "call.closed",
)
TO_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


async def telephone(browser: Browser, url: str) -> Page:
    context = await browser.new_context(viewport=SIZES[390], locale="fa")
    return await opened(await counting(context), url)


async def test_a_mother_books_is_received_and_talks_with_her_son_until_the_supervisor_ends_it(
    house: House, browser: Browser, database: Database
) -> None:
    mother = await telephone(browser, house.origin)
    visit_id = await booked(house, mother)
    async with database.transaction() as session:
        code = (await session.get_one(Visit, visit_id)).tracking_code

    await house.set_clock(FREE_START - 12 * MINUTE)
    officer = await telephone(browser, house.origin)
    booth = await paired_booth(house, browser, officer, visit_id)
    desk = await telephone(browser, house.origin)
    await receive_at_the_desk(desk, house, grouped(code).translate(TO_PERSIAN))

    await house.set_clock(FREE_START - MINUTE / 6)
    await entered(house, mother, visit_id)
    await expect(booth.locator("#talk")).to_be_visible(timeout=PATIENCE_MS)
    watch = await opened_by_the_supervisor(house, officer, visit_id)
    await expect(mother.locator("#clock")).to_be_visible(timeout=PATIENCE_MS)
    for screen, people in ((mother, 1), (booth, 1), (watch, 2)):
        await receives(screen, people)
    await expect(mother.locator(".role.supervisor")).to_be_visible()

    await paused_and_resumed(mother, booth, watch)
    await watch.locator("#end-reason").fill("پایان زودهنگام به درخواست بند")
    await watch.locator("form[data-verb=end] button").click()
    for screen in (mother, booth, watch):
        await expect(screen.locator("#after-text")).to_contain_text(
            "پایان زودهنگام به درخواست بند", timeout=PATIENCE_MS
        )

    await everything_is_sealed(database)
    await the_record_is_right(house, database, visit_id)
    await mother.goto(f"{house.origin}/visits/{visit_id}")
    await expect(mother.locator("main")).to_contain_text("برگزار شده")
    await expect(mother.locator("dl.facts")).to_contain_text("۱۹")
    await mother.goto(f"{house.origin}/inbox")
    await expect(mother.locator("main")).to_contain_text("نوبت")


async def booked(house: House, mother: Page) -> int:
    """She signs in and walks the wizard; the page tells her the code."""
    await sign_in(mother, house, house.world.mother.id)
    visit_id = await book_by_wizard(mother, house)
    await expect(mother.locator(".notice.good")).to_contain_text("نوبت شما ثبت شد")
    await expect(mother.locator("h1")).to_contain_text("یکشنبه ۸ آذر ۱۴۰۵")
    return visit_id


async def paired_booth(house: House, browser: Browser, officer: Page, visit_id: int) -> Page:
    """The officer makes a code for the visit's booth, and the screen there is paired by it."""
    async with house.site.database.transaction() as session:
        booth_id = (await session.get_one(Visit, visit_id)).booth_id
    await sign_in(officer, house, house.world.officer.person_id)
    await officer.goto(f"{house.origin}/units/{booth_id}/devices")
    await submit(officer.locator(f"form[action='/units/{booth_id}/devices/codes'] button"))
    booth = await telephone(browser, f"{house.origin}/kiosk")
    await booth.locator("#code").fill(await officer.locator(".spoken").inner_text())
    await booth.locator("#label").fill("نمایشگر کابین")
    await submit(booth.locator("main form button"))
    await expect(booth.locator("#next")).to_contain_text("۰۹:۳۰", timeout=PATIENCE_MS)
    return booth


async def entered(house: House, mother: Page, visit_id: int) -> None:
    """She signs in again on the day, tries her devices and enters the waiting room."""
    await sign_in(mother, house, house.world.mother.id)
    await mother.goto(f"{house.origin}/visits")
    await submit(mother.locator(f"main a[href='/call/{visit_id}']"))
    await expect(mother.locator("#check-camera.works")).to_be_visible(timeout=PATIENCE_MS)
    await mother.locator("#enter").click()
    await expect(mother.locator("#talk")).to_be_visible(timeout=PATIENCE_MS)


async def opened_by_the_supervisor(house: House, officer: Page, visit_id: int) -> Page:
    """The officer sees the visit among all of the prison, and opens it."""
    await officer.goto(f"{house.origin}/watch/{house.world.prison.id}")
    tile = officer.locator(f"#visit-{visit_id}")
    await expect(tile).to_contain_text(house.world.inmate.name)
    await submit(tile.locator(f"a[href='/call/{visit_id}?as=supervisor']"))
    return officer


async def paused_and_resumed(mother: Page, booth: Page, watch: Page) -> None:
    await watch.locator("#pause-reason").fill("نظم کابین")
    await watch.locator("form[data-verb=pause] button").click()
    for screen in (mother, booth, watch):
        await expect(screen.locator("#talk-notice")).to_contain_text(
            "نظم کابین", timeout=PATIENCE_MS
        )
    await stands_still(mother, booth, watch)
    await watch.locator("form[data-verb=resume] button").click()
    await expect(mother.locator("#talk-notice")).to_contain_text("ادامه", timeout=PATIENCE_MS)
    for screen, people in ((mother, 1), (booth, 1), (watch, 2)):
        await receives(screen, people)


async def everything_is_sealed(database: Database) -> None:
    """Wait until each entry of the record has its link in the chain."""
    unsealed = select(AuditEntry.id).where(AuditEntry.id.not_in(select(AuditSeal.entry_id)))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with database.transaction() as session:
                if await session.scalar(unsealed.limit(1)) is None:
                    return
            await asyncio.sleep(0.2)


async def the_record_is_right(house: House, database: Database, visit_id: int) -> None:
    """Who came when, what was lost and why, what was done and by whom, what was written."""
    world = house.world
    async with database.transaction() as session:
        told = await session.get_one(Session, visit_id)
        visit = await session.get_one(Visit, visit_id)
        call = await session.get_one(Call, visit_id)
        came = (
            await session.scalars(select(Attendance).where(Attendance.session_id == visit_id))
        ).all()
        verbs = select(SupervisionAct).where(SupervisionAct.session_id == visit_id)
        supervised = (await session.scalars(verbs.order_by(SupervisionAct.id))).all()
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
        seen = await session.get_one(VisitVisitor, (visit_id, world.mother.id))
        letters = (await session.scalars(select(Message))).all()
    assert (told.status, call.status) == (Status.COMPLETED, CallStatus.CLOSED)
    assert visit.checked_in_by == seen.sighted_by == world.clerk.person_id
    assert seen.sighted_document == "national_card"
    who = {"visitor": world.mother.id, "inmate": world.inmate.id}
    who["supervisor"] = world.officer.person_id
    assert {row.role: row.person_id for row in came} == who
    assert call.opened_at is not None
    assert call.closed_at is not None
    for row in came:
        assert row.left_at is not None
        assert FREE_START - MINUTE / 6 <= row.arrived_at <= row.left_at <= call.closed_at
    assert FREE_START <= call.opened_at == visit.opened_at < call.closed_at
    talked = call.closed_at - call.opened_at - timedelta(seconds=call.paused_seconds)
    assert call.paused_seconds >= 1
    assert visit.lost_reason == "supervisor_end"
    assert visit.lost_seconds == pytest.approx((20 * MINUTE - talked).total_seconds(), abs=3)
    assert [(act.verb, act.reason) for act in supervised] == [
        ("pause", "نظم کابین"),
        ("resume", None),
        ("end", "پایان زودهنگام به درخواست بند"),
    ]
    of_visit = [e for e in entries if e.subject_id == visit_id and e.subject_kind != "person"]
    acts = [(entry.act, entry.actor_id) for entry in of_visit]
    assert ("visit.booked", world.mother.id) in acts
    assert ("visit.checked_in", world.clerk.person_id) in acts
    assert ("call.pause", world.officer.person_id) in acts
    assert ("call.end", world.officer.person_id) in acts
    assert [act for act, _ in acts if act in STEPS] == list(STEPS)
    told_her = {letter.kind for letter in letters if letter.person_id == world.mother.id}
    assert MessageKind.BOOKED in told_her
