from datetime import timedelta

import pytest

from remote_court.people import Role, sessions
from remote_court.people.tokens import hashed


async def test_a_browser_is_known_by_one_query(session, noon, person):
    who = await person((Role.OFFICE_CLERK, 7), (Role.JUDGE, 9))
    token = await sessions.open_session(session, who.id, noon)
    actor = await sessions.by_session(session, hashed(token), noon)
    assert actor.person_id == who.id
    assert actor.name == "مریم رضایی"
    assert actor.grants == {(Role.FAMILY, None), (Role.OFFICE_CLERK, 7), (Role.JUDGE, 9)}
    assert actor.must_enrol
    assert await sessions.by_token(session, hashed(token), noon) is None


@pytest.mark.parametrize(
    ("minutes", "touched", "known"), [(59, 0, True), (60, 0, False), (100, 50, True)]
)
async def test_an_idle_hour_ends_a_session(session, noon, person, minutes, touched, known):
    token = await sessions.open_session(session, (await person()).id, noon)
    if touched:
        await sessions.touch(session, hashed(token), noon + timedelta(minutes=touched))
    then = noon + timedelta(minutes=minutes)
    assert (await sessions.by_session(session, hashed(token), then) is not None) is known


async def test_no_session_outlives_its_longest_day(session, noon, person):
    token = await sessions.open_session(session, (await person()).id, noon)
    for hour in range(1, 13):
        await sessions.touch(session, hashed(token), noon + timedelta(minutes=59 * hour))
    end = noon + sessions.LONGEST
    assert await sessions.by_session(session, hashed(token), end) is None
    assert await sessions.forget_expired(session, end) == 1


async def test_who_is_not_active_is_nobody(session, noon, person):
    who = await person(status="pending")
    token = await sessions.open_token(session, who.id, noon)
    assert await sessions.by_token(session, hashed(token), noon) is None
