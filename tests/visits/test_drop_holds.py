from __future__ import annotations

from datetime import timedelta

from remote_court.scheduling import hold
from remote_court.visits.drop_holds import NONE, drop_holds, holds_of
from remote_court.visits.move import confirm
from tests.visits.stage import booked, places_of, rules_of, status_of
from tests.world import FREE_START, NOON

WEEK = timedelta(days=7)


async def test_choosing_again_gives_the_older_hold_up(village):
    first = await booked(village, NOON, held=True)
    again = await booked(village, NOON, held=True, starts_at=FREE_START + timedelta(minutes=15))
    assert await status_of(village, first.id) == "lapsed"
    assert await places_of(village, first.id) == set()
    assert await status_of(village, again.id) == "held"


async def test_booking_outright_leaves_what_is_held_alone(village):
    held = await booked(village, NOON, held=True)
    await booked(village, NOON, starts_at=FREE_START + WEEK)
    assert await status_of(village, held.id) == "held"


async def test_holds_of_a_person_are_theirs_and_only_holds(village):
    sister = await village.relative()
    assert await holds_of(village.session, sister.id) == NONE
    await booked(village, NOON, sister, starts_at=FREE_START + WEEK)
    theirs = await booked(village, NOON, held=True)
    found = await holds_of(village.session, village.mother.id)
    assert found.ids == (theirs.id,)
    assert found.keys == set(await hold.keys_of(village.session, theirs.id))
    assert await holds_of(village.session, sister.id) == NONE


async def test_what_was_confirmed_in_the_meantime_stays(village):
    made = await booked(village, NOON, held=True)
    seen = await holds_of(village.session, village.mother.id)
    rule = await rules_of(village, NOON)
    await confirm(village.session, village.actor(village.mother), made.id, NOON, rule)
    await drop_holds(village.session, seen)
    assert await status_of(village, made.id) == "booked"
    assert len(await places_of(village, made.id)) == 4
