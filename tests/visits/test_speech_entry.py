from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.people import Role
from remote_court.visits.entering import AlreadySo, ReferenceNeeded
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import VisitKind
from remote_court.visits.permits import Mandate
from remote_court.visits.speech_entry import enter_language, mark
from tests.visits.stage import acts, booked, channels, letters, visit_of
from tests.visits.test_consular_entry import record
from tests.world import FREE_START, make_world


@pytest.fixture
async def world(session):
    made = await make_world(session)
    made.inmate.nationality, made.inmate.speaks_persian = "AF", False
    await session.flush()
    return made


async def convict(world, noon, yes=True, reference="دادنامه ۹"):
    return await mark(
        world.session,
        world.officer,
        world.inmate.id,
        security_convict=yes,
        reference=reference,
        now=noon,
    )


async def language(world, noon, *, persian):
    return await enter_language(
        world.session, world.officer, world.inmate.id, persian=persian, now=noon
    )


async def consular(world, noon, **more):
    consul = await world.person("جان", "اسمیت", nationality="AF", speaks_persian=False)
    await record(world, consul, noon)
    wish = {"kind": VisitKind.CONSULAR, "actor": world.clerk, "consent": "signature"} | more
    return await booked(world, noon, consul, **wish)


async def needs(world, visit):
    return (await visit_of(world, visit.id)).needs_interpreter


async def test_a_mark_needs_its_judgment_and_is_made_once(world, noon):
    with pytest.raises(ReferenceNeeded):
        await convict(world, noon, reference=" ")
    await convict(world, noon)
    with pytest.raises(AlreadySo):
        await convict(world, noon)
    await convict(world, noon, yes=False)
    first, last = await acts(world, "inmate.security_convict")
    assert (first.detail["security_convict"], last.detail["security_convict"]) == (True, False)


async def test_who_holds_a_convicts_visit_is_asked_for_a_name_and_learns_no_reason(world, noon):
    family = await booked(world, noon)
    visit = await consular(world, noon, starts_at=FREE_START + timedelta(hours=1))
    assert (await needs(world, family), await needs(world, visit)) == (True, False)
    assert sorted(await convict(world, noon)) == sorted([family.id, visit.id])
    assert await needs(world, visit)
    told = await letters(world, "moved")
    assert {t["session_id"] for t in told} == {family.id, visit.id}
    assert [t["params"] for t in told] == [{"companion": True}] * 2
    assert {f"office:{world.office.id}", f"prison:{world.prison.id}"} <= await channels(world)
    await convict(world, noon, yes=False)
    assert (await needs(world, family), await needs(world, visit)) == (True, False)
    assert len(await letters(world, "moved")) == 2


async def test_who_has_named_somebody_is_not_asked_again(world, noon):
    interpreter = await world.person("نگین", "مترجم")
    named = {"actor": world.clerk, "consent": "signature", "interpreter_id": interpreter.id}
    await booked(world, noon, **named)
    assert await convict(world, noon) == []


async def test_a_lawyers_visit_is_followed_by_nobody(world, noon):
    lawyer = await world.person("داریوش", "وکیلی")
    entry = {"entered_by": world.officer.person_id, "entered_at": noon, "reference": "۱"}
    mandate = Mandate(inmate_id=world.inmate.id, lawyer_id=lawyer.id, **entry)
    world.session.add(mandate)
    await world.session.flush()
    visit = await booked(world, noon, lawyer, kind=VisitKind.LAWYER)
    assert await convict(world, noon) == []
    assert not await needs(world, visit)


async def test_booked_visits_follow_the_prisoners_language(world, noon):
    world.inmate.speaks_persian = True
    await world.session.flush()
    visit = await booked(world, noon)
    assert not await needs(world, visit)
    assert await language(world, noon, persian=False) == [visit.id]
    assert await needs(world, visit)
    assert await language(world, noon, persian=False) == []
    assert await language(world, noon, persian=True) == []
    assert not await needs(world, visit)
    assert [a.role for a in await acts(world, "inmate.language")] == [Role.PRISON_OFFICER] * 3


async def test_a_visitor_without_persian_keeps_the_interpreter(world, noon):
    cousin = await world.relative(KinshipKind.SIBLING)
    cousin.speaks_persian = False
    await world.session.flush()
    visit = await booked(world, noon, cousin)
    await language(world, noon, persian=True)
    assert await needs(world, visit)
