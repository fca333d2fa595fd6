"""Service of a sitting for programs: each recipient with instants, method and first lawful day."""

from __future__ import annotations

from remote_court.people import Role
from tests.server.notices.conftest import at_court

__all__ = ["at_court"]


async def ask(at_court, bearer, person_id):
    caller = await bearer(await at_court.who(person_id))
    return await caller.get(f"/api/v1/hearings/{at_court.hearing.id}/service")


async def test_the_branch_reads_how_each_is_served(at_court, bearer):
    notice_id = await at_court.notice()
    for actor in (at_court.court.clerk, at_court.court.judge):
        answer = await ask(at_court, bearer, actor.person_id)
        assert answer.status_code == 200
        told = answer.json()
        assert told["hearing_id"] == str(at_court.hearing.id)
        assert (told["date_no"], told["standing"]) == (1, "provisional")
        by_role = {one["role"]: one for one in told["recipients"]}
        assert set(by_role) == {"plaintiff", "defendant", "lawyer"}
        served = by_role["defendant"]
        notice = await at_court.of(notice_id)
        assert served["notice"] | {"queued_at": None, "delivered_at": None} == {
            "notice_id": str(notice_id), "number": notice.number, "occasion": "listed",
            "method": "sana", "state": "delivered", "queued_at": None, "delivered_at": None,
            "viewed_at": None, "published_on": None,
        }  # fmt: skip
        assert served["notice"]["delivered_at"].endswith("+03:30")
        assert (served["assumed"], by_role["plaintiff"]["assumed"]) == (False, True)
        assert "64" in served["citation"]
        assert by_role["plaintiff"]["notice"] is None
        assert told["earliest_lawful"] >= served["earliest_lawful"]


async def test_nobody_else_reads_it(at_court, bearer, client):
    court = at_court.court
    assert (await ask(at_court, bearer, court.defendant.person_id)).status_code == 403
    async with at_court.site.database.transaction() as session:
        court.world.session = session
        elsewhere = await court.world.staff(Role.JUDGE, (await court.new_branch()).id)
    assert (await ask(at_court, bearer, elsewhere.person_id)).status_code == 404
    address = f"/api/v1/hearings/{at_court.hearing.id}/service"
    assert (await client.get(address)).status_code == 401


async def test_the_branch_s_page_shows_each_with_the_way_to_the_notice(at_court, signed_in):
    notice_id = await at_court.notice()
    clerk = await signed_in(await at_court.who(at_court.court.clerk.person_id))
    page = await clerk.get(f"/hearings/{at_court.hearing.id}/service")
    assert page.status_code == 200
    for words in ("موقت: هنوز به همه ابلاغ نشده است", "خوانده", "هنوز ابلاغیه‌ای نیست",
                  f'href="/notices/{notice_id}"', "اگر امروز ابلاغ شود"):  # fmt: skip
        assert words in page.text
    party = await signed_in(await at_court.who(at_court.defendant))
    assert (await party.get(f"/hearings/{at_court.hearing.id}/service")).status_code == 403
