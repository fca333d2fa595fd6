"""Whoever writes a letter, writes one that can be told: every verb, for real, to the inbox."""

from __future__ import annotations

from datetime import date, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from remote_court.calendars.interval import Interval
from remote_court.notices.messages import MessageKind
from remote_court.outbox import OutboxRow
from remote_court.people import AccountStatus, Grant, Role, SanaAccount, generator
from remote_court.people.codes import issue
from remote_court.people.inmates import InmateStatus
from remote_court.people.open_staff_account import renew_password
from remote_court.people.set_password import reset_password
from remote_court.people.verify_identity import Document, verify_identity
from remote_court.scheduling.models import Session
from remote_court.visits import ban_entry, closures, inmate_moves
from remote_court.visits.bans import BanKind
from remote_court.visits.booths import withdraw as withdraw_booth
from remote_court.visits.cancel import cancel
from remote_court.visits.decide import Approval, approve, lapse_requests, reject
from remote_court.visits.displace import Closing
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.move import Target, move
from remote_court.visits.permits import PermitIssuer
from remote_court.visits.reseat import reseat
from remote_court.visits.sweeps import no_shows
from tests.notices.post import Post
from tests.visits.stage import another_prison, booked, rules_of, visit_of
from tests.world import FREE_START, make_world

MORNING = Interval(FREE_START - timedelta(hours=1), FREE_START + timedelta(hours=2))
STORIES = {}
OF_HEARINGS = {
    MessageKind.LISTED,
    MessageKind.CONFIRMED,
    MessageKind.ADJOURNED,
    MessageKind.LATE,
    MessageKind.MINUTES,
    MessageKind.NOTICE,
}


def story(*kinds: MessageKind):
    """A story whose reader gets letters of these kinds."""

    def keep(tell):
        STORIES[tell.__name__] = (tell, kinds)
        return tell

    return keep


@story(MessageKind.BOOKED)
async def a_booking(world, noon):
    await booked(world, noon)


@story(MessageKind.BOOKED, MessageKind.CANCELLED)
async def cancelled_by_the_family(world, noon):
    visit = await booked(world, noon)
    actor, rule = world.actor(world.mother), await rules_of(world, noon)
    await cancel(world.session, actor, visit.id, "بیماری", noon, rule)


@story(MessageKind.BOOKED, MessageKind.CANCELLED)
async def cancelled_by_the_office(world, noon):
    visit = await booked(world, noon)
    await cancel(world.session, world.clerk, visit.id, "تعمیر", noon, await rules_of(world, noon))


@story(MessageKind.BOOKED, MessageKind.MOVED)
async def moved_by_the_family(world, noon):
    visit = await booked(world, noon)
    to = Target(FREE_START + timedelta(hours=1))
    actor, rule = world.actor(world.mother), await rules_of(world, noon)
    await move(world.session, actor, visit.id, to, noon, rule)


@story(MessageKind.BOOKED, MessageKind.MOVED)
async def given_another_room(world, noon):
    visit = await booked(world, noon)
    kept = (await visit_of(world, visit.id)).room_id
    other = next(room.id for room in world.rooms if room.id != kept)
    await reseat(world.session, world.clerk, visit.id, other, noon)


@story(MessageKind.BOOKED, MessageKind.DISPLACED)
async def displaced_by_a_closure(world, noon):
    visit = await booked(world, noon)
    kept = (await visit_of(world, visit.id)).room_id
    for room in sorted((r.id for r in world.rooms), key=lambda room: room == kept):
        closing = Closing(world.office.id, (room,), MORNING, "نشت آب")
        await closures.close_room(world.session, world.manager, closing, noon)


@story(MessageKind.BOOKED, MessageKind.DISPLACED)
async def displaced_by_booths_withdrawn(world, noon):
    visit = await booked(world, noon)
    kept = (await visit_of(world, visit.id)).booth_id
    for booth in sorted((b.id for b in world.booths), key=lambda booth: booth == kept):
        await withdraw_booth(world.session, world.officer, booth, "تعمیر", noon)


@story(MessageKind.BOOKED, MessageKind.DISPLACED)
async def the_inmate_is_in_hospital(world, noon):
    await booked(world, noon)
    status, inmate = InmateStatus.HOSPITAL, world.inmate.id
    await inmate_moves.leave(world.session, world.officer, inmate, status, now=noon)


@story(MessageKind.BOOKED, MessageKind.MOVED)
async def the_inmate_is_in_another_prison(world, noon):
    await booked(world, noon)
    prison, rule = await another_prison(world), await rules_of(world, noon)
    await inmate_moves.move(
        world.session, world.officer, world.inmate.id,
        prison_id=prison.id, ward="2", now=noon, policy=rule,
    )  # fmt: skip


@story(MessageKind.BOOKED, MessageKind.CANCELLED)
async def the_inmate_is_released(world, noon):
    await booked(world, noon)
    await inmate_moves.release(world.session, world.officer, world.inmate.id, "پایان", now=noon)


@story(MessageKind.BOOKED, MessageKind.CANCELLED)
async def a_judge_bans_visits(world, noon):
    await booked(world, noon)
    last = date(2026, 12, 21)
    draft = ban_entry.Draft(BanKind.JUDICIAL, "۱۲۳/۹۸", date(2026, 11, 24), ends_on=last)
    rule = await rules_of(world, noon)
    await ban_entry.enter(
        world.session, world.officer, world.inmate.id, draft, now=noon, policy=rule
    )


async def asked(world, noon):
    world.mother = await world.relative(KinshipKind.COUSIN)
    return await booked(world, noon)


@story(MessageKind.REQUESTED, MessageKind.APPROVED)
async def the_prison_agrees(world, noon):
    visit, rule = await asked(world, noon), await rules_of(world, noon)
    permit = Approval(PermitIssuer.PRISON_WARDEN, "۱۲/۳۴")
    await approve(world.session, world.officer, visit.id, permit, now=noon, policy=rule)


@story(MessageKind.REQUESTED, MessageKind.REFUSED)
async def the_prison_does_not_agree(world, noon):
    visit = await asked(world, noon)
    await reject(world.session, world.officer, visit.id, "مدارک کافی نیست", now=noon)


@story(MessageKind.REQUESTED, MessageKind.LAPSED)
async def the_prison_does_not_answer(world, noon):
    visit = await asked(world, noon)
    over = update(Session).where(Session.id == visit.id).values(hold_until=noon)
    await world.session.execute(over)
    assert await lapse_requests(world.session, noon) == 1


@story(MessageKind.ACCOUNT)
async def an_identity_is_verified(world, noon):
    pending = update(SanaAccount).where(SanaAccount.person_id == world.mother.id)
    await world.session.execute(pending.values(status=AccountStatus.PENDING))
    seen, office = [Document.NATIONAL_CARD], world.office.id
    await verify_identity(world.session, world.clerk, world.mother.id, seen, office, noon)


@story(MessageKind.BOOKED, MessageKind.MISSED)
async def nobody_came(world, noon):
    visit = await booked(world, noon)
    began = noon - timedelta(minutes=30)
    times = {"starts_at": began, "ends_at": began + timedelta(minutes=20)}
    past = update(Session).where(Session.id == visit.id)
    await world.session.execute(past.values(**times))
    assert await no_shows(world.session, noon) == 1


@story(MessageKind.ACCOUNT, MessageKind.ACCOUNT)
async def a_password_and_a_generator_are_changed(world, noon):
    real = update(SanaAccount).where(SanaAccount.person_id == world.mother.id)
    await world.session.execute(real.values(demo_code=None))
    await reset_password(world.session, world.mother.id, "an otter in the rain", noon)
    secret = generator.new_secret()
    code = pyotp.TOTP(secret).at(int(noon.timestamp()))
    await generator.enrol(world.session, world.actor(world.mother), secret, code, b"key", noon)


@story(MessageKind.ACCOUNT)
async def an_operator_gives_a_new_password(world, noon):
    operator = await world.staff(Role.OPERATOR, None)
    world.session.add(
        Grant(person_id=world.mother.id, role=Role.JUDGE, place_id=7, granted_at=noon)
    )
    await world.session.flush()
    await renew_password(world.session, operator, world.mother.id, noon)


@story()
async def codes_are_sent_and_not_kept(world, noon):
    for purpose in ("sign-in", "password"):
        await issue(world.session, world.mother.id, purpose, b"key", noon)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("locale", ["fa", "en"])
async def test_a_story_is_told_in_the_inbox(database, noon, name, locale):
    tell, kinds = STORIES[name]
    async with database.transaction() as session:
        world = await make_world(session)
        await tell(world, noon)
        world.mother.locale = locale
    post = Post(database, world, noon)
    await post.send()
    assert [message.kind for message in await post.messages()] == list(kinds)
    assert {message.locale for message in await post.messages()} <= {locale}
    async with database.transaction() as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.topic == "letter"))
        waiting = [row for row in rows if row.payload["kind"] != "reminder"]
    assert waiting == []


def test_every_kind_of_visits_but_two_has_a_story():
    told = {kind for _, kinds in STORIES.values() for kind in kinds}
    of_visits = set(MessageKind) - OF_HEARINGS
    assert of_visits - told == {MessageKind.REMINDER, MessageKind.CODE}
