"""A country with something on every page, and a browser signed in as anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playwright.async_api import Browser, BrowserContext, async_playwright
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import clock, policy
from remote_court.calendars.week import Week
from remote_court.clock import local
from remote_court.notices.messages import Message, MessageKind
from remote_court.people import AccountStatus, Actor, Person, Role, SanaAccount
from remote_court.people.sessions import open_session
from remote_court.visits.bans import BanKind, VisitBan
from remote_court.visits.book import book
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.permits import Mandate, Permit, PermitIssuer
from remote_court.visits.request import Request
from remote_court.visits.slots import Search, slots
from tests.browser import chromium
from tests.browser.court import make_bench
from tests.browser.minutes import make_minutes
from tests.calls.scene import Scene, make_scene
from tests.calls.stack import Stack

SIZES = {390: {"width": 390, "height": 844}, 1280: {"width": 1280, "height": 900}}


@dataclass
class Cast:
    """Who can be signed in, by role, and the ids that addresses name."""

    scene: Scene
    people: dict[str, int]
    ids: dict[str, int] = field(default_factory=dict)


async def make_cast(session: AsyncSession) -> Cast:
    """A visit for right now, one to come, a held one, a request, a ban, a permit, a mandate."""
    now = clock.now().replace(microsecond=0)
    scene = await make_scene(session, start=now - timedelta(seconds=5))
    world = scene.world
    staff = {
        role: (await world.staff(role, place)).person_id
        for role, place in (
            (Role.HQ_PLANNER, None),
            (Role.AUDITOR, None),
            (Role.OPERATOR, None),
        )
    }
    bench = await make_bench(world, now)
    written, closed = await make_minutes(bench, now)
    cousin = await world.relative(KinshipKind.COUSIN)
    sister = await world.relative(KinshipKind.SIBLING)
    lawyer = await world.person("پریسا", "وکیلی")
    await world.relative(KinshipKind.CHILD, born_on=(now - timedelta(days=3000)).date())
    newcomer = await world.person("نگین", "تازه‌وارد")
    account = await session.get_one(SanaAccount, newcomer.id)
    account.status, account.activated_at = AccountStatus.PENDING, None
    entered = {"entered_by": world.officer.person_id, "entered_at": now}
    permit = Permit(
        inmate_id=world.inmate.id,
        visitor_id=lawyer.id,
        issuer=PermitIssuer.PRISON_WARDEN,
        reference="۱۴۰۵/۱۲",
        valid_from=now.date(),
        valid_to=now.date() + timedelta(days=60),
        **entered,
    )
    mandate = Mandate(inmate_id=world.inmate.id, lawyer_id=lawyer.id, reference="و-۱۲۳", **entered)
    other = await world.another_inmate()
    ban = VisitBan(
        inmate_id=other.id,
        kind=BanKind.JUDICIAL,
        reference="۱۴۰۵/۷۷",
        starts_on=now.date(),
        ends_on=now.date() + timedelta(days=30),
        **entered,
    )
    paper = ConsularPapers(
        inmate_id=world.inmate.id,
        visitor_id=lawyer.id,
        papers={"mfa_letter": "م-۷۷", "prosecutor_general": "د-۸۸"},
        valid_from=now.date(),
        valid_to=now.date() + timedelta(days=60),
        **entered,
    )
    session.add_all([permit, mandate, ban, paper])
    await session.flush()
    free = await times(session, scene, world.mother, now)
    coming = await booked(session, scene, world.mother, free[0], now)
    request = await booked(session, scene, cousin, free[1], now)
    held = await booked(session, scene, sister, free[2], now, held=True)
    message = Message(
        person_id=world.mother.id,
        session_id=scene.visit_id,
        kind=MessageKind.BOOKED,
        locale="fa",
        subject="نوبت شما ثبت شد",
        body="نوبت ملاقات شما ثبت شد.",
        created_at=now,
    )
    session.add(message)
    await session.flush()
    return Cast(
        scene,
        {
            "family": world.mother.id,
            "sister": sister.id,
            "office_clerk": world.clerk.person_id,
            "office_manager": world.manager.person_id,
            "prison_officer": world.officer.person_id,
            "judge": bench.court.judge.person_id,
            "court_clerk": bench.court.clerk.person_id,
            **{role.value: person for role, person in staff.items()},
        },
        {
            "visit": scene.visit_id,
            "coming": coming,
            "request": request,
            "held": held,
            "inmate": world.inmate.id,
            "other_inmate": other.id,
            "office": world.office.id,
            "prison": world.prison.id,
            "room": world.rooms[0].id,
            "booth": world.booths[0].id,
            "person": sister.id,
            "newcomer": newcomer.id,
            "mother": world.mother.id,
            "permit": permit.id,
            "mandate": mandate.id,
            "ban": ban.id,
            "paper": paper.id,
            "message": message.id,
            "branch": bench.court.branch.id,
            "case": bench.case.id,
            "party": bench.plaintiff.id,
            "representation": bench.paper.id,
            "sitting": bench.sitting,
            "written": written,
            "closed": closed,
            "import": bench.file,
            "notice": bench.notice.id,
            "notice_message": bench.notice.message_id,
        },
    )


async def times(session: AsyncSession, scene: Scene, who: Person, now: datetime) -> list[datetime]:
    """A free start of each of the coming weeks, none of this."""
    rule = await policy.current(session, now.date())
    search = Search(
        inmate_id=scene.world.inmate.id,
        office_id=scene.world.office.id,
        visitor_ids=(who.id,),
        first=now.date() + timedelta(days=9),
        last=now.date() + timedelta(days=27),
    )
    found = await slots(session, search, now, rule)
    by_week = {Week.of(local(slot.starts_at).date()): slot.starts_at for slot in found}
    return list(by_week.values())


async def booked(
    session: AsyncSession,
    scene: Scene,
    who: Person,
    at: datetime,
    now: datetime,
    *,
    held: bool = False,
) -> int:
    """Book by the real use case."""
    rule = await policy.current(session, at.date())
    wish = Request(
        inmate_id=scene.world.inmate.id,
        office_id=scene.world.office.id,
        starts_at=at,
        visitor_ids=(who.id,),
        booked_for=who.id,
        held=held,
    )
    actor = Actor(who.id, who.name, "fa", frozenset({(Role.FAMILY, None)}))
    return (await book(session, actor, wish, now, rule)).id


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A real Chromium with a fake camera and microphone."""
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(
            executable_path=chromium.found(), args=chromium.arguments()
        )
        yield opened
        await opened.close()


async def signed_in(
    stack: Stack, browser: Browser, person_id: int | None, locale: str, width: int, **more: object
) -> BrowserContext:
    """A browser window in a language, in which somebody (or nobody) is signed in."""
    context = await browser.new_context(viewport=SIZES[width], locale=locale, **more)  # type: ignore[arg-type]
    cookies = [{"name": "lang", "value": locale, "url": stack.origin}]
    if person_id is not None:
        async with stack.site.database.transaction() as session:
            word = await open_session(session, person_id, clock.now())
        cookies.append({"name": "rc_session", "value": word, "url": stack.origin})
    await context.add_cookies(cookies)  # type: ignore[arg-type]
    return context
