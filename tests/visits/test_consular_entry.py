from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.errors import Forbidden, NotFound, RuleRefused
from remote_court.people import AccountStatus, Role, SanaAccount
from remote_court.people.inmates import Inmate
from remote_court.scheduling.models import Reservation
from remote_court.visits.bans import BanKind, VisitBan
from remote_court.visits.barred import barred
from remote_court.visits.consular_entry import (
    AlreadyWithdrawn,
    Draft,
    NotForeign,
    PaperMissing,
    enter,
    withdraw_papers,
)
from remote_court.visits.entering import OneselfIsNoVisitor, ReasonMissing, WrongTerm
from remote_court.visits.models import VisitKind
from remote_court.visits.move import Target, move
from remote_court.visits.name_interpreter import NoInterpreter, NotTheirOwn
from remote_court.visits.speech_entry import mark
from tests.visits.stage import (
    SUNDAY,
    acts,
    booked,
    letters,
    places_of,
    rules_of,
    status_of,
    visit_of,
)
from tests.world import FREE_START, make_world

PAPERS = {"mfa_letter": "م-۱۲", "prosecutor_general": "د-۳۴"}


@pytest.fixture
async def world(session):
    made = await make_world(session)
    made.inmate.nationality, made.inmate.speaks_persian = "AF", False
    await session.flush()
    return made


@pytest.fixture
async def consul(world):
    return await world.person("جان", "اسمیت", nationality="AF", speaks_persian=False)


@pytest.fixture
async def recorded(world, consul, noon):
    return await record(world, consul, noon)


async def record(world, consul, noon, *, papers=PAPERS, first=SUNDAY, last=SUNDAY, actor=None):
    draft = Draft(consul.id, papers, first, last)
    rules = await rules_of(world, noon)
    officer = actor or world.officer
    return await enter(world.session, officer, world.inmate.id, draft, now=noon, policy=rules)


async def visit(world, consul, noon, **more):
    wish = {"kind": VisitKind.CONSULAR, "actor": world.clerk, "consent": "signature"} | more
    return await booked(world, noon, consul, **wish)


async def convict(world, noon, yes=True, actor=None):
    await mark(
        world.session,
        actor or world.officer,
        world.inmate.id,
        security_convict=yes,
        reference="دادنامه ۹",
        now=noon,
    )


async def test_the_desk_books_a_consul_once_the_prison_has_the_papers(world, consul, noon):
    with pytest.raises(NotFound):
        await visit(world, consul, noon)
    papers = await record(world, consul, noon)
    made = await visit(world, consul, noon)
    assert made.status == "booked"
    row = await visit_of(world, made.id)
    assert (row.kind, row.operator_id) == (VisitKind.CONSULAR, world.clerk.person_id)
    (act,) = await acts(world, "consular_papers.entered")
    assert (act.subject_id, act.detail["papers"]) == (papers.id, sorted(PAPERS))
    assert "م-۱۲" not in str(act.detail)


async def test_papers_hold_on_their_days_only(world, consul, noon, recorded):
    later = FREE_START + timedelta(days=1)
    with pytest.raises(RuleRefused) as refused:
        await visit(world, consul, noon, starts_at=later)
    assert [r.code for r in refused.value.reasons] == ["no-consular-papers"]


async def test_every_paper_that_the_policy_asks_for_is_needed(world, consul, noon):
    with pytest.raises(PaperMissing) as missing:
        await record(world, consul, noon, papers={"mfa_letter": "م-۱۲", "prosecutor_general": " "})
    assert missing.value.where == "prosecutor_general"
    inmate = await world.session.get(Inmate, world.inmate.id)
    inmate.on_remand = True
    with pytest.raises(PaperMissing) as missing:
        await record(world, consul, noon)
    assert missing.value.where == "handling_judge"
    await record(world, consul, noon, papers=PAPERS | {"handling_judge": "ق-۵"})
    assert (await visit(world, consul, noon)).status == "booked"


async def test_a_citizen_has_no_consul_and_terms_are_in_order(world, consul, noon):
    with pytest.raises(WrongTerm):
        await record(world, consul, noon, last=SUNDAY - timedelta(days=1))
    world.inmate.nationality = "IR"
    with pytest.raises(NotForeign):
        await record(world, consul, noon)


async def test_only_officers_of_the_prison_record_papers_and_mark(world, consul, noon, recorded):
    stranger = await world.staff(Role.PRISON_OFFICER, world.prison.id + 9_000)
    for actor, refusal in ((world.clerk, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            await record(world, consul, noon, actor=actor)
        with pytest.raises(refusal):
            await withdraw_papers(world.session, actor, recorded.id, "لغو", now=noon)
        with pytest.raises(refusal):
            await mark(
                world.session,
                actor,
                world.inmate.id,
                security_convict=True,
                reference="۱",
                now=noon,
            )


async def test_papers_taken_back_cancel_the_consuls_visits(world, consul, noon, recorded):
    made = await visit(world, consul, noon)
    with pytest.raises(ReasonMissing):
        await withdraw_papers(world.session, world.officer, recorded.id, " ", now=noon)
    _, cancelled = await withdraw_papers(
        world.session, world.officer, recorded.id, "نامهٔ تازه", now=noon
    )
    assert (cancelled, await status_of(world, made.id)) == ([made.id], "cancelled")
    (told,) = await letters(world, "cancelled")
    assert told["params"]["reason"] == "The papers for this visit were taken back."
    with pytest.raises(AlreadyWithdrawn):
        await withdraw_papers(world.session, world.officer, recorded.id, "باز", now=noon)
    with pytest.raises(NotFound):
        await visit(world, consul, noon)


async def test_who_lost_their_papers_or_is_banned_by_a_judge_is_barred_from_the_call(
    world, consul, noon, recorded
):
    made = await visit_of(world, (await visit(world, consul, noon)).id)
    ban = {"inmate_id": world.inmate.id, "reference": "۱", "starts_on": SUNDAY, "ends_on": SUNDAY}
    entered = {"entered_by": world.officer.person_id, "entered_at": noon}
    by_judge = {"sessions": 1, "confirmed_by_judge": "قاضی اجرا"}
    world.session.add(VisitBan(kind=BanKind.DISCIPLINARY, **ban, **entered, **by_judge))
    await world.session.flush()
    assert await barred(world.session, made, SUNDAY, "23") == frozenset()
    judicial = VisitBan(kind=BanKind.JUDICIAL, **ban, **entered)
    world.session.add(judicial)
    await world.session.flush()
    assert await barred(world.session, made, SUNDAY, "23") == {consul.id}
    judicial.lifted_at = noon
    await world.session.flush()
    await withdraw_papers(world.session, world.officer, recorded.id, "لغو", now=noon)
    assert await barred(world.session, made, SUNDAY, "23") == {consul.id}


async def test_a_security_convicts_consul_comes_with_somebody_who_follows(
    world, consul, noon, recorded
):
    await convict(world, noon)
    with pytest.raises(RuleRefused) as refused:
        async with world.session.begin_nested():
            await visit(world, consul, noon)
    assert [r.code for r in refused.value.reasons] == ["language-companion-needed"]
    interpreter = await world.person("نگین", "مترجم")
    made = await visit(world, consul, noon, interpreter_id=interpreter.id)
    row = await visit_of(world, made.id)
    assert (row.interpreter_id, row.needs_interpreter) == (interpreter.id, True)
    assert interpreter.id in await places_of(world, made.id)


async def test_only_somebody_else_with_an_active_account_follows_a_visit(
    world, consul, noon, recorded
):
    await convict(world, noon)
    for own in (consul.id, world.inmate.id):
        with pytest.raises(NotTheirOwn):
            await visit(world, consul, noon, interpreter_id=own)
    gone = await world.person("نگین", "مترجم")
    (await world.session.get(SanaAccount, gone.id)).status = AccountStatus.SUSPENDED
    for nobody in (gone.id, 2**60):
        with pytest.raises(NoInterpreter):
            await visit(world, consul, noon, interpreter_id=nobody)


async def test_who_follows_moves_with_the_visit(world, consul, noon):
    await record(world, consul, noon, last=SUNDAY + timedelta(days=3))
    await convict(world, noon)
    interpreter = await world.person("نگین", "مترجم")
    made = await visit(world, consul, noon, interpreter_id=interpreter.id)
    target = Target(FREE_START + timedelta(days=1))
    await move(world.session, world.clerk, made.id, target, noon, await rules_of(world, noon))
    during = await world.session.scalar(
        select(Reservation.during).where(Reservation.resource_id == interpreter.id)
    )
    assert during.lower == target.starts_at


async def test_a_visitor_names_no_interpreter_of_their_own(world, noon):
    with pytest.raises(Forbidden):
        await booked(world, noon, interpreter_id=world.clerk.person_id)


async def test_papers_that_others_replace_are_taken_back_without_harm(
    world, consul, noon, recorded
):
    made = await visit(world, consul, noon)
    await record(world, consul, noon, papers={"mfa_letter": "م-۹", "prosecutor_general": "د-۹"})
    _, cancelled = await withdraw_papers(
        world.session, world.officer, recorded.id, "شمارهٔ نادرست", now=noon
    )
    assert (cancelled, await status_of(world, made.id)) == ([], "booked")
    assert await barred(world.session, await visit_of(world, made.id), SUNDAY, "23") == frozenset()


async def test_papers_of_other_days_replace_nothing(world, consul, noon, recorded):
    made = await visit(world, consul, noon)
    monday = SUNDAY + timedelta(days=1)
    await record(world, consul, noon, first=monday, last=monday)
    _, cancelled = await withdraw_papers(
        world.session, world.officer, recorded.id, "نامهٔ تازه", now=noon
    )
    assert cancelled == [made.id]


async def test_nobody_is_their_own_consul(world, noon):
    with pytest.raises(OneselfIsNoVisitor):
        await record(world, world.inmate, noon)
