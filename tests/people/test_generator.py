from datetime import timedelta

import pyotp
import pytest

from remote_court.people import Actor, generator, queries
from remote_court.people.refusals import CodeRefused

KEY = b"a key of the test"


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_wrong(noon, seconds: int, good: bool):
    secret = generator.new_secret()
    code = pyotp.TOTP(secret).at(noon + timedelta(seconds=seconds))
    assert (generator.step_of(secret, code, noon) is not None) is good


async def test_a_code_is_spent_once_and_never_goes_back(session, noon, person):
    who = await person()
    secret = generator.new_secret()
    code = pyotp.TOTP(secret).at(noon)
    with pytest.raises(CodeRefused):
        await generator.enrol(session, Actor(who.id, who.name), secret, "000", KEY, noon)
    await generator.enrol(session, Actor(who.id, who.name), secret, code, KEY, noon)
    account = await queries.account(session, who.id)
    await session.refresh(account)
    assert secret not in account.totp_secret
    assert not await generator.spend(session, account, code, KEY, noon)
    later = noon + timedelta(seconds=30)
    assert await generator.spend(session, account, pyotp.TOTP(secret).at(later), KEY, later)
    assert not await generator.spend(session, account, pyotp.TOTP(secret).at(later), KEY, later)
