from __future__ import annotations

import pytest

from remote_court.calendars.interval import Interval
from remote_court.errors import NotFound, RuleRefused
from remote_court.scheduling.hold import SlotTaken
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.permits import Mandate, Permit, PermitIssuer
from remote_court.visits.whereabouts import prison_of, whereabouts
from tests.visits.stage import SUNDAY, booked
from tests.world import FREE_START, LONG_AGO, NOON

HALF = Interval(FREE_START, FREE_START.replace(minute=30))


async def tie(world, person, kind: str) -> None:
    officer = world.officer.person_id
    if kind == "kin":
        await world.tie(person, KinshipKind.SIBLING, sighted=False)
    elif kind == "permitted":
        world.session.add(
            Permit(
                inmate_id=world.inmate.id, visitor_id=person.id, reference="1",
                issuer=PermitIssuer.PRISON_WARDEN, valid_from=SUNDAY, valid_to=SUNDAY,
                entered_by=officer, entered_at=LONG_AGO,
                revoked_at=None,
            )
        )  # fmt: skip
    elif kind == "lawyer":
        world.session.add(
            Mandate(
                inmate_id=world.inmate.id, lawyer_id=person.id, reference="1",
                entered_by=officer, entered_at=LONG_AGO,
            )
        )  # fmt: skip
    await world.session.flush()


@pytest.mark.parametrize("kind", ["kin", "permitted", "lawyer"])
async def test_who_is_tied_in_any_way_finds_the_inmate(village, kind):
    person = await village.person()
    await tie(village, person, kind)
    assert await prison_of(village.session, village.inmate.id, [person.id]) == village.prison.id


async def test_a_stranger_finds_nobody(village):
    person = await village.person()
    for inmate in (village.inmate.id, 10**9):
        with pytest.raises(NotFound):
            await prison_of(village.session, inmate, [person.id])


async def test_taken_counts_neither_lapsed_holds_nor_ones_own(village):
    ids = [village.mother.id]
    held = await booked(village, NOON, held=True)
    until = NOON.replace(minute=40)

    async def taken(now=NOON, ignoring=()):
        found = await whereabouts(village.session, village.inmate.id, ids, HALF, now, ignoring)
        return found.taken

    assert await taken()
    assert not await taken(until)
    assert not await taken(ignoring=[held.id])


async def test_beside_a_relative_a_stranger_does_not_learn_whether_the_inmate_is_busy(village):
    stranger = await village.person()
    await booked(village, NOON)
    both = (village.mother.id, stranger.id)
    found = await whereabouts(village.session, village.inmate.id, both, HALF, NOON)
    assert (found.taken, found.all_tied) == (True, False)
    with pytest.raises(RuleRefused) as refused:
        await booked(village, NOON, stranger, visitor_ids=both)
    assert [reason.code for reason in refused.value.reasons] == ["not-on-the-list"]
    with pytest.raises(SlotTaken):
        await booked(village, NOON)
