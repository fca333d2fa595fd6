from __future__ import annotations

from datetime import date, timedelta

import pytest

from remote_court.errors import Forbidden
from remote_court.hearings.enter_party import BadLanguage
from remote_court.hearings.entering import Needed
from remote_court.hearings.name_official import (
    LicenceEntered,
    LicenceOver,
    OfficialDraft,
    UnknownProvince,
    end_licence,
    name_official,
)
from remote_court.hearings.officials import OfficialKind
from remote_court.people import Role
from tests.hearings.branch import newcomer

K = OfficialKind


async def name(court, actor=None, **draft):
    hq = actor or await court.world.staff(Role.HQ_PLANNER, None)
    values = {"kind": K.INTERPRETER, "licence": "م-۱۲", "languages": ("ku", "ckb")}
    wanted = OfficialDraft(**(values | draft))
    return await name_official(court.world.session, hq, newcomer(), wanted, now=court.now)


async def test_headquarters_enter_an_interpreter_and_the_end_of_the_licence(court):
    hq = await court.world.staff(Role.HQ_PLANNER, None)
    made = await name(court, hq, provinces=("11",), valid_to=date(2027, 3, 20))
    assert (made.languages, made.provinces) == (["ku", "ckb"], ["11"])
    await end_licence(court.world.session, hq, made.id, last=court.now.date(), now=court.now)
    assert made.valid_to == court.now.date()
    assert len(await court.acts("official.entered")) == 1


async def test_a_licence_is_entered_once(court):
    await name(court)
    with pytest.raises(LicenceEntered):
        await name(court)
    await name(court, kind=K.EXPERT, fields=("خط",))


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ({"languages": ()}, Needed),
        ({"kind": K.EXPERT}, Needed),
        ({"languages": ("Kurdish",)}, BadLanguage),
        ({"valid_to": date(2026, 11, 23)}, LicenceOver),
        ({"provinces": ("77",)}, UnknownProvince),
        ({"licence": " "}, Needed),
    ],
)
async def test_a_licence_that_is_not_whole_is_refused(court, draft, kind):
    with pytest.raises(kind):
        await name(court, **draft)


async def test_nobody_else_enters_one(court):
    for actor in (court.judge, court.clerk):
        with pytest.raises(Forbidden):
            await name(court, actor, valid_to=court.now.date() + timedelta(days=9))
