"""Sittings over HTTP: offered, listed, looked at, moved, adjourned, cancelled; refused in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio

from remote_court.db import Database
from remote_court.people import Role
from tests.hearings.court import CourtWorld, make_court
from tests.hearings.times import LAWFUL, at
from tests.server.visits.conftest import call, clock
from tests.world import make_world

__all__ = ["call", "clock"]
DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def here(database: Database) -> CourtWorld:
    """A small court behind a site whose clock stands at noon."""
    async with database.transaction() as session:
        return await make_court(await make_world(session))


def wish(here: CourtWorld, **changes):
    return {
        "case_id": str(here.case.id),
        "starts_at": LAWFUL.isoformat(),
        "bench": [{"person_id": str(here.judge.person_id), "seat": "presiding_judge"}],
        "order": "رسیدگی از راه دور انجام شود.",
    } | changes


async def listed(here, call, **changes):
    answer = await call(here.clerk.person_id, "POST", "/hearings", json=wish(here, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


def asked(here, **more):
    return {"case_id": here.case.id, "presiding_judge_id": here.judge.person_id} | more


async def test_the_earliest_lawful_times_are_offered_with_places_and_reasons(here, call):
    clerk = here.clerk.person_id
    answer = await call(clerk, "GET", "/hearings/slots", params=asked(here, limit=2))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    first, second = found["items"]
    assert (first["starts_at"], first["ends_at"]) == (
        "2026-11-30T07:30:00+03:30", "2026-11-30T07:55:00+03:30"
    )  # fmt: skip
    assert second["starts_at"] == "2026-11-30T07:45:00+03:30"
    places = {one["party_id"]: one for one in first["places"]}
    mine = places[str(here.defendant.id)]
    assert mine["place"] == {"id": str(here.world.office.id), "name": "Azadi office"}
    assert (mine["km"], mine["role"], mine["site"]) == (0.0, "defendant", "office")
    (why,) = first["why_not_earlier"]
    assert why == {
        "from": "2026-11-24",
        "to": "2026-11-29",
        "code": "clear-days",
        "message": why["message"],
        "citation": "Civil Procedure Code, art. 64",
    }
    assert "8 Azar 1405" in why["message"]
    assert {(e["earliest"], e["assumed"]) for e in found["earliest_lawful"]} == {
        ("2026-11-30", True)
    }
    assert found["next"] is None


async def test_a_party_can_be_asked_for_at_one_office_or_in_the_courtroom(here, call):
    clerk = here.clerk.person_id
    params = asked(
        here,
        mode="hybrid",
        party=[f"{here.plaintiff.id}:office:{here.world.office.id}",
               f"{here.defendant.id}:courtroom"],
    )  # fmt: skip
    answer = await call(clerk, "GET", "/hearings/slots", params=params)
    (one, other) = answer.json()["items"][0]["places"]
    assert (one["site"], other["site"], other["place"]) == ("office", "courtroom", None)
    refused = await call(clerk, "GET", "/hearings/slots", params=params | {"mode": "remote"})
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/listing-refused"
    assert [r["code"] for r in refused.json()["reasons"]] == ["courtroom-needs-hybrid"]


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 21},
        {"from": "2026-11-01"},
        {"from": "9999-12-31"},
        {"to": "9999-12-31"},
        {"forum": "family_court"},
        {"minutes": 3},
        {"minutes": 10**30},
        {"party": "1:moon"},
        {"party": "999999999"},
        {"presiding_judge_id": "x"},
    ],
)
async def test_what_cannot_be_asked_is_422(here, call, params):
    clerk = here.clerk.person_id
    answer = await call(clerk, "GET", "/hearings/slots", params=asked(here) | params)
    assert answer.status_code == 422, answer.text


async def test_list_look_move_adjourn_and_cancel(here, call):
    clerk = here.clerk.person_id
    made = await listed(here, call)
    assert (made["status"], made["number"], made["date_no"], made["forum"]) == (
        "provisional", 1, 1, "civil_court"
    )  # fmt: skip
    assert made["branch"] == {
        "id": str(here.branch.id), "name": "Sadr court complex", "number": 12
    }  # fmt: skip
    assert made["series"] == []
    looked = (await call(clerk, "GET", f"/hearings/{made['id']}")).json()
    assert looked == {key: value for key, value in made.items() if key != "series"}
    path = f"/hearings/{made['id']}"
    to = {"starts_at": at(9, 15, 10).isoformat(), "reason": "بیماری قاضی"}
    moved = await call(clerk, "POST", f"{path}/move", json=to)
    assert (moved.status_code, moved.json()["date_no"]) == (200, 2)
    assert moved.json()["starts_at"] == "2026-12-06T10:00:00+03:30"
    why = {"code": "witness_absent", "next_starts_at": at(9, 22, 10).isoformat()}
    adjourned = (await call(clerk, "POST", f"{path}/adjourn", json=why)).json()
    assert (adjourned["status"], adjourned["adjournment"]) == ("adjourned", "witness_absent")
    following = adjourned["following"]
    assert (following["number"], following["follows_id"]) == (2, made["id"])
    assert adjourned["latest"] == "2027-01-23"
    path = f"/hearings/{following['id']}"
    cancelled = await call(clerk, "POST", f"{path}/cancel", json={"reason": "سازش طرفین"})
    assert (cancelled.json()["status"], cancelled.json()["reason"]) == ("cancelled", "سازش طرفین")
    again = await call(clerk, "POST", f"{path}/cancel", json={"reason": "سازش"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")


async def test_a_date_inside_the_gap_is_refused_with_each_recipient_s_day_and_the_article(
    here, call
):
    early = wish(here, starts_at=at(9, 8, 9).isoformat())
    answer = await call(here.clerk.person_id, "POST", "/hearings", json=early)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/unlawful-date")
    assert problem["earliest_for_all"] == "2026-11-30"
    assert len(problem["earliest_lawful"]) == 3
    assert problem["earliest_lawful"][0] == {
        "person_id": problem["earliest_lawful"][0]["person_id"],
        "role": problem["earliest_lawful"][0]["role"],
        "earliest": "2026-11-30",
        "served_on": None,
        "assumed": True,
        "method": "sana",
        "citation": "Civil Procedure Code, art. 64",
    }
    (reason,) = problem["reasons"]
    assert reason["citation"] == "Civil Procedure Code, art. 64"
    assert "Monday 9 Azar 1405" in reason["message"]


async def test_a_series_is_listed_at_once(here, call):
    more = [(LAWFUL + DAY).isoformat(), (LAWFUL + 2 * DAY).isoformat()]
    made = await listed(here, call, also_at=more)
    assert [one["number"] for one in made["series"]] == [2, 3]
    assert made["series"][0]["follows_id"] == made["id"]


async def test_a_taken_hour_is_409_with_the_next_times_and_their_places(here, call):
    await listed(here, call)
    answer = await call(here.clerk.person_id, "POST", "/hearings", json=wish(here, order=""))
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/slot-taken")
    first = problem["alternatives"][0]
    assert first["starts_at"] == "2026-11-30T07:30:00+03:30"
    offices = {one["office_id"] for one in first["places"]}
    assert offices == {str(here.world.office.id)}


async def test_the_same_key_lists_once(here, call):
    first = await call(here.clerk.person_id, "POST", "/hearings", json=wish(here), key="once-only")
    second = await call(here.clerk.person_id, "POST", "/hearings", json=wish(here), key="once-only")
    assert (first.status_code, first.content) == (201, second.content)


async def test_another_judge_takes_a_seat(here, call, database):
    made = await listed(here, call)
    async with database.transaction() as session:
        here.world.session = session
        other = await here.new_judge()
    who = {"from": str(here.judge.person_id), "to": str(other.person_id), "reason": "مرخصی"}
    path = f"/hearings/{made['id']}/reassign"
    answer = await call(here.clerk.person_id, "POST", path, json=who)
    assert [one["person_id"] for one in answer.json()["bench"]] == [str(other.person_id)]


async def test_a_party_sees_their_own_part_and_a_stranger_nothing(here, call):
    made = await listed(here, call)
    path = f"/hearings/{made['id']}"
    mine = await call(here.defendant.person_id, "GET", path)
    assert [one["person_id"] for one in mine.json()["parties"]] == [str(here.defendant.person_id)]
    assert mine.json()["bench"] == made["bench"]
    judge = await call(here.judge.person_id, "GET", path)
    assert len(judge.json()["parties"]) == 3
    stranger = await call(here.world.mother.id, "GET", path)
    assert stranger.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/hearings/slots", None),
        ("GET", "/hearings/clashes", None),
        ("POST", "/hearings", "wish"),
        ("POST", "/hearings/{id}/move", {"starts_at": LAWFUL.isoformat(), "reason": "x"}),
        ("POST", "/hearings/{id}/adjourn", {"code": "quorum"}),
        ("POST", "/hearings/{id}/cancel", {"reason": "x"}),
        ("POST", "/hearings/{id}/reassign", {"from": "1", "to": "2", "reason": "x"}),
    ],
)
async def test_only_the_case_s_own_court_may(here, call, database, method, path, body):
    made = await listed(here, call)
    async with database.transaction() as session:
        here.world.session = session
        other = await here.world.staff(Role.COURT_CLERK, (await here.new_branch()).id)
    path = path.replace("{id}", made["id"])
    more = {"params": asked(here, branch_id=here.branch.id)} if method == "GET" else {
        "json": wish(here) if body == "wish" else body
    }  # fmt: skip
    for who, status in [
        (other.person_id, 404),
        (here.plaintiff.person_id, 403),
        (here.world.clerk.person_id, 403),
    ]:
        assert (await call(who, method, path, **more)).status_code == status


async def test_who_is_expected_twice_is_listed(here, call):
    clerk = here.clerk.person_id
    params = {"branch_id": here.branch.id}
    answer = await call(clerk, "GET", "/hearings/clashes", params=params)
    assert answer.json() == {"items": [], "next": None}
    for wrong in ({"to": "2026-11-01"}, {"to": "2027-11-01"}, {"from": "9999-12-31"}):
        answer = await call(clerk, "GET", "/hearings/clashes", params=params | wrong)
        assert answer.status_code == 422


async def test_a_far_or_naive_moment_is_422(here, call):
    clerk = here.clerk.person_id
    for start in ("9999-12-31T09:00:00+03:30", "2026-11-30T09:00:00"):
        answer = await call(clerk, "POST", "/hearings", json=wish(here, starts_at=start))
        assert answer.status_code == 422
