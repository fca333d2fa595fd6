from __future__ import annotations

import pytest

from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.allow_own_device import (
    AllowedAlready,
    NotAllowed,
    allow_own_device,
    revoke_own_device,
)
from remote_court.hearings.enter_party import InPrison, StillListed
from remote_court.hearings.roles import PartyRole, Site
from remote_court.people import Role
from tests.hearings.test_enter_party import listed


async def test_a_judge_of_the_branch_allows_it_and_takes_it_back(court):
    session, case = court.world.session, await court.case()
    party = await court.party(case, PartyRole.WITNESS, site=Site.OWN_DEVICE)
    await allow_own_device(session, court.judge, party.id, now=court.now)
    assert (party.own_device_by, party.own_device_at) == (court.judge.person_id, court.now)
    with pytest.raises(AllowedAlready):
        await allow_own_device(session, court.judge, party.id, now=court.now)
    await revoke_own_device(session, court.judge, party.id, now=court.now)
    assert (party.own_device_by, party.site) == (None, Site.OFFICE)
    with pytest.raises(NotAllowed):
        await revoke_own_device(session, court.judge, party.id, now=court.now)
    assert [a.role for a in await court.acts("own_device.allowed")] == ["judge"]


async def test_neither_a_clerk_nor_another_branchs_judge_allows_it(court):
    session, case = court.world.session, await court.case()
    party = await court.party(case, PartyRole.WITNESS)
    with pytest.raises(Forbidden):
        await allow_own_device(session, court.clerk, party.id, now=court.now)
    elsewhere = await court.world.staff(Role.JUDGE, court.branch.id + 1)
    with pytest.raises(NotFound):
        await allow_own_device(session, elsewhere, party.id, now=court.now)


async def test_a_prisoner_has_no_device_of_their_own(court):
    case = await court.case()
    inmate = await court.party(case, PartyRole.ACCUSED, court.world.inmate, site=Site.PRISON)
    with pytest.raises(InPrison):
        await allow_own_device(court.world.session, court.judge, inmate.id, now=court.now)


async def test_it_is_not_taken_back_from_who_is_listed_by_it(court):
    session, case = court.world.session, await court.case()
    party = await court.party(case, PartyRole.WITNESS)
    await allow_own_device(session, court.judge, party.id, now=court.now)
    await listed(court, case, party, Site.OWN_DEVICE)
    with pytest.raises(StillListed):
        await revoke_own_device(session, court.judge, party.id, now=court.now)
