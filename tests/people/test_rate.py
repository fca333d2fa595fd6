from datetime import timedelta

import pytest

from remote_court.people import rate
from remote_court.people.rate import Limit
from remote_court.people.refusals import TooManyAttempts

THREE = Limit("door", 3, timedelta(minutes=10))


async def test_the_fourth_try_in_a_window_is_refused(session, noon):
    for _ in range(3):
        await rate.take(session, THREE, "me", noon)
    with pytest.raises(TooManyAttempts) as refused:
        await rate.take(session, THREE, "me", noon)
    assert timedelta() < refused.value.wait <= THREE.window
    await rate.take(session, THREE, "you", noon)
    await rate.take(session, THREE, "me", noon + THREE.window)


async def test_looking_counts_nothing(session, noon):
    for _ in range(5):
        await rate.need_room(session, THREE, "me", noon)


async def test_old_windows_are_forgotten(session, noon):
    await rate.take(session, THREE, "me", noon)
    assert await rate.forget_old(session, noon + timedelta(hours=1)) == 0
    assert await rate.forget_old(session, noon + timedelta(days=2)) == 1
