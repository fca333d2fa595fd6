"""Who may hear of a branch's events and where: its own people, at addresses that can be."""

from __future__ import annotations

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.errors import Forbidden, NotFound
from remote_court.notices.webhooks import (
    MOST,
    PURPOSE,
    BadAddress,
    BadEvent,
    BadSecret,
    Event,
    TooManyWebhooks,
    Wanted,
    check,
    of_place,
    register,
    remove,
)
from remote_court.people import Role, vault
from tests.hearings.court import CourtWorld, make_court
from tests.sharing import rolled_back, shared_database, village

__all__ = ["rolled_back", "shared_database", "village"]
KEY, SECRET, URL = b"a key of ours", "sixteen characters", "https://cases.court.example/in"


@pytest_asyncio.fixture
async def court(village) -> CourtWorld:
    return await make_court(village)


def wanted(court: CourtWorld, **changes: object) -> Wanted:
    values = {"place_id": court.branch.id, "url": URL, "secret": SECRET, "events": list(Event)}
    return Wanted(**(values | changes))


async def test_a_secret_is_kept_locked(court, noon):
    made = await register(court.session, court.clerk, wanted(court), KEY, noon)
    assert SECRET not in made.secret
    assert vault.unlock(KEY, PURPOSE, made.secret, noon) == SECRET
    act = select(AuditEntry).where(AuditEntry.act == "webhook.registered")
    entry = (await court.session.scalars(act)).one()
    assert (entry.place_id, entry.detail) == (court.branch.id, {})


@pytest.mark.parametrize(
    ("url", "plain_http", "good"),
    [
        (URL, False, True),
        ("https://[2001:db8::1]:8443/in?a=b", False, True),
        ("http://cases.court.example/in", False, False),
        ("http://cases.court.example/in", True, True),
        ("ftp://cases.court.example/in", True, False),
        ("https://", False, False),
        ("https:///in", False, False),
        ("https://me:word@cases.court.example/", False, False),
        ("https://cases.court.example:99999/", False, False),
        ("https://[::1", False, False),
        ("https://cases.court.example/a b", False, False),
        ("https://cases.court.example/\r\nX-A: b", False, False),
        ("https://دادگاه.example/", False, False),
        ("https://cases.court.example/" + "a" * 500, False, False),
    ],
)
def test_an_address_is_https_and_carries_no_password(url: str, plain_http: bool, good: bool):
    asked = Wanted(1, url, SECRET, [Event.HEARING_LISTED])
    if good:
        check(asked, plain_http=plain_http)
    else:
        with pytest.raises(BadAddress):
            check(asked, plain_http=plain_http)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"secret": "x" * 15}, BadSecret), ({"secret": "x" * 201}, BadSecret),
     ({"events": []}, BadEvent)],
)  # fmt: skip
async def test_what_cannot_be_is_refused(court, noon, changes, refusal):
    with pytest.raises(refusal):
        await register(court.session, court.clerk, wanted(court, **changes), KEY, noon)


async def test_only_the_branch_s_own_people_register_and_remove(court, noon):
    made = await register(court.session, court.judge, wanted(court), KEY, noon)
    elsewhere = await court.world.staff(Role.COURT_CLERK, (await court.new_branch()).id)
    for actor, refusal in ((elsewhere, NotFound), (court.world.clerk, Forbidden)):
        with pytest.raises(refusal):
            await register(court.session, actor, wanted(court), KEY, noon)
        with pytest.raises(refusal):
            await remove(court.session, actor, made.id, noon)
    await remove(court.session, court.clerk, made.id, noon)
    assert await of_place(court.session, court.branch.id) == []
    with pytest.raises(NotFound):
        await remove(court.session, court.clerk, made.id, noon)


async def test_a_branch_has_a_few_at_most(court, noon):
    for _ in range(MOST):
        await register(court.session, court.clerk, wanted(court), KEY, noon)
    with pytest.raises(TooManyWebhooks):
        await register(court.session, court.clerk, wanted(court), KEY, noon)
