from __future__ import annotations

import pytest
from sqlalchemy import text

from remote_court.calendars.interval import Interval
from remote_court.errors import NotFound, RuleRefused
from remote_court.scheduling.hold import SlotTaken
from remote_court.visits.drop_holds import NONE
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.matter import wish_of
from remote_court.visits.permits import Mandate, Permit, PermitIssuer
from remote_court.visits.request import Request, times
from remote_court.visits.whereabouts import line_up, prison_of, whereabouts
from tests.visits.stage import SUNDAY, booked, rules_of
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


HELD_LOCKS = text(
    """
    SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    """
)


async def locked(world) -> set[int]:
    return set(await world.session.scalars(HELD_LOCKS))


async def lined_up(world, person):
    request = Request(
        inmate_id=world.inmate.id,
        office_id=world.office.id,
        starts_at=FREE_START,
        visitor_ids=(person.id,),
        booked_for=person.id,
    )
    when = times(request.kind, request.starts_at, await rules_of(world, NOON))
    place = await line_up(world.session, request, when, NONE, NOON)
    return place, wish_of(request, when, place.prison_id, person.id)


async def test_lining_up_locks_all_that_the_wish_touches_and_draws_its_number(village):
    place, wanted = await lined_up(village, village.mother)
    assert place.prison_id == village.prison.id
    assert await locked(village) == set(wanted.lock_keys())
    again, _ = await lined_up(village, village.mother)
    assert again.visit_id > place.visit_id


async def test_who_comes_too_late_or_is_a_stranger_does_not_stand_in_line(village):
    await booked(village, NOON)
    before = await locked(village)
    sister, stranger = await village.person(), await village.person()
    await tie(village, sister, "kin")
    with pytest.raises(SlotTaken):
        await lined_up(village, sister)
    with pytest.raises(NotFound):
        await lined_up(village, stranger)
    assert await locked(village) == before
