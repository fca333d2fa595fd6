from datetime import timedelta

from remote_court.people import codes, rate, sessions, sweeps
from remote_court.people.answers import Answer, Asked, claim, keep


async def test_what_matters_no_more_is_forgotten_once(session, noon, person):
    who = await person()
    await sessions.open_session(session, who.id, noon)
    await sessions.open_token(session, who.id, noon)
    await codes.issue(session, who.id, "sign-in", b"key", noon)  # counts itself as well
    asked = Asked(who.id, "a-key-of-mine", b"hash")
    await claim(session, asked, noon)
    await keep(session, asked, Answer(201, b"{}"))
    assert await sweeps.forget(session, noon) == 0
    later = noon + timedelta(days=3)
    assert await sweeps.forget(session, later) == 5
    assert await sweeps.forget(session, later) == 0
    assert timedelta(days=3) > rate.KEPT_FOR
