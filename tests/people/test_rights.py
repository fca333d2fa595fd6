from __future__ import annotations

import pytest

from remote_court.people import Actor, Role, grant, open_staff_account, queries, rights


@pytest.fixture
def told(monkeypatch):
    seen = []

    async def watch(session, person_id, by, now):
        seen.append((person_id, by))

    monkeypatch.setattr(rights, "WATCHERS", [])
    rights.watch(watch)
    rights.watch(watch)
    return seen


async def test_who_watches_hears_once_of_a_role_taken_back_and_of_a_suspension(
    session, person, noon, told
):
    operator = Actor(1 + (await person()).id * 0, "", grants=frozenset({(Role.OPERATOR, None)}))
    clerk = await person((Role.OFFICE_CLERK, 7), (Role.PRISON_OFFICER, 8))
    first, _ = await queries.grants(session, clerk.id)
    await grant.revoke(session, operator, first.id, noon)
    assert told == [(clerk.id, operator.person_id)]
    await open_staff_account.suspend(session, operator, clerk.id, noon)
    assert told == [(clerk.id, operator.person_id)] * 2
    await open_staff_account.restore(session, operator, clerk.id, noon)
    assert len(told) == 2
