from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.outbox import OutboxRow
from remote_court.people import codes
from remote_court.people.credentials import OneTimeCode
from remote_court.people.refusals import TooManyAttempts

KEY = b"a key of the test"


async def test_a_code_is_good_once(session, noon, person):
    who = await person()
    code = await codes.issue(session, who.id, "sign-in", KEY, noon)
    assert await codes.redeem(session, who.id, "sign-in", code, KEY, noon)
    assert not await codes.redeem(session, who.id, "sign-in", code, KEY, noon)


async def test_it_is_good_for_its_own_purpose_and_person(session, noon, person):
    who, other = await person(), await person()
    code = await codes.issue(session, who.id, "sign-in", KEY, noon)
    assert not await codes.redeem(session, who.id, "password", code, KEY, noon)
    assert not await codes.redeem(session, other.id, "sign-in", code, KEY, noon)


@pytest.mark.parametrize(("seconds", "good"), [(119, True), (120, False)])
async def test_it_lives_two_minutes(session, noon, person, seconds: int, good: bool):
    who = await person()
    code = await codes.issue(session, who.id, "sign-in", KEY, noon)
    then = noon + timedelta(seconds=seconds)
    assert await codes.redeem(session, who.id, "sign-in", code, KEY, then) is good


async def test_after_five_wrong_tries_the_right_one_is_in_vain(session, noon, person):
    who = await person()
    code = await codes.issue(session, who.id, "sign-in", KEY, noon)
    for _ in range(5):
        assert not await codes.redeem(session, who.id, "sign-in", "x", KEY, noon)
    assert not await codes.redeem(session, who.id, "sign-in", code, KEY, noon)


async def test_a_new_code_voids_the_one_before(session, noon, person):
    who = await person()
    old = await codes.issue(session, who.id, "sign-in", KEY, noon)
    new = await codes.issue(session, who.id, "sign-in", KEY, noon)
    assert old == new or not await codes.redeem(session, who.id, "sign-in", old, KEY, noon)
    assert await codes.redeem(session, who.id, "sign-in", new, KEY, noon)


async def test_only_its_hash_is_kept_and_the_letter_carries_it(session, noon, person):
    who = await person()
    code = await codes.issue(session, who.id, "password", KEY, noon)
    kept = (await session.execute(select(OneTimeCode))).scalar_one()
    assert code.encode() not in bytes(kept.code_hash)
    letter = (await session.execute(select(OutboxRow))).scalar_one()
    assert letter.payload["person_id"] == who.id
    params = letter.payload["params"]
    assert (params["code"], params["purpose"], params["minutes"]) == (code, "password", 2)


async def test_five_codes_in_ten_minutes_are_enough(session, noon, person):
    who = await person()
    for _ in range(5):
        await codes.issue(session, who.id, "sign-in", KEY, noon)
    with pytest.raises(TooManyAttempts):
        await codes.issue(session, who.id, "sign-in", KEY, noon)
