from __future__ import annotations

import pytest

from remote_court.errors import NotFound
from remote_court.hearings import represent as room
from remote_court.hearings.entering import Needed
from remote_court.hearings.forums import Forum
from remote_court.hearings.represent import (
    NotAClient,
    NotASpeaker,
    OtherSide,
    SpeaksAlready,
    TooManyLawyers,
    cap,
    represent,
)
from remote_court.hearings.roles import PartyRole
from remote_court.policy import Policy
from remote_court.policy.shipped import defaults
from tests.world import NOON

RULE = Policy.at(defaults(), NOON.date())
P = PartyRole


async def speak(court, case, speaker, client, paper="وکالت‌نامهٔ ۱۲"):
    return await represent(
        court.world.session, court.clerk, case.id, speaker.id, client.id, paper,
        now=court.now, policy=court.rule,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("forum", "grave", "client", "most"),
    [
        (Forum.CIVIL, False, P.PLAINTIFF, 2),
        (Forum.FAMILY, False, P.DEFENDANT, 2),
        (Forum.CRIMINAL_TWO, False, P.ACCUSED, 2),
        (Forum.CRIMINAL_ONE, False, P.ACCUSED, 3),
        (Forum.REVOLUTIONARY, False, P.ACCUSED, 2),
        (Forum.REVOLUTIONARY, True, P.ACCUSED, 3),
        (Forum.PROSECUTION, False, P.ACCUSED, 1),
        (Forum.PROSECUTION, False, P.COMPLAINANT, None),
    ],
)
def test_each_court_has_its_number_of_lawyers(forum, grave, client, most):
    found = cap(forum, client, grave=grave, policy=RULE)
    assert (found[0] if found else None) == most


async def test_a_third_lawyer_before_a_civil_court_is_refused_with_the_article(court):
    case = await court.case()
    client = await court.party(case, P.PLAINTIFF)
    lawyers = [await court.party(case, P.LAWYER) for _ in range(3)]
    first, _ = [await speak(court, case, lawyer, client) for lawyer in lawyers[:2]]
    with pytest.raises(TooManyLawyers) as refused:
        await speak(court, case, lawyers[2], client)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.citation) == ("too-many-lawyers", "lawyers_max.civil")
    assert reason.source["en"] == "Civil Procedure Code, art. 31"
    await room.end(court.world.session, court.clerk, first.id, now=court.now)
    await speak(court, case, lawyers[2], client)
    with pytest.raises(NotFound):
        await room.end(court.world.session, court.clerk, first.id, now=court.now)


async def test_a_guardian_does_not_count_as_a_lawyer(court):
    case = await court.case()
    client = await court.party(case, P.PLAINTIFF)
    for role in (P.LAWYER, P.LAWYER, P.GUARDIAN):
        await speak(court, case, await court.party(case, role), client)


async def test_only_a_lawyer_or_guardian_of_the_case_speaks_for_a_party_of_it(court):
    case, other = await court.case(), await court.case("140591000000000002")
    lawyer, client = await court.party(case, P.LAWYER), await court.party(case, P.PLAINTIFF)
    witness, stranger = await court.party(case, P.WITNESS), await court.party(other, P.LAWYER)
    for speaker in (witness, stranger):
        with pytest.raises(NotASpeaker):
            await speak(court, case, speaker, client)
    with pytest.raises(NotAClient):
        await speak(court, case, lawyer, witness)
    with pytest.raises(Needed):
        await speak(court, case, lawyer, client, " ")
    await speak(court, case, lawyer, client)
    with pytest.raises(SpeaksAlready):
        await speak(court, case, lawyer, client)


async def test_a_lawyer_does_not_speak_for_both_sides(court):
    case = await court.case()
    lawyer = await court.party(case, P.LAWYER)
    mine, also = await court.party(case, P.PLAINTIFF), await court.party(case, P.PLAINTIFF)
    against = await court.party(case, P.DEFENDANT)
    await speak(court, case, lawyer, mine)
    await speak(court, case, lawyer, also)
    with pytest.raises(OtherSide):
        await speak(court, case, lawyer, against)
