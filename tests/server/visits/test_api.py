from __future__ import annotations

from datetime import timedelta

from tests.world import FREE_START


def wish(world, **changes):
    return {
        "inmate_id": str(world.inmate.id),
        "office_id": str(world.office.id),
        "starts_at": FREE_START.isoformat(),
        "visitor_ids": [str(world.mother.id)],
    } | changes


async def test_a_mother_sees_her_son_and_who_may_come(world, call):
    answer = await call(world.mother.id, "GET", "/inmates")
    assert answer.json()["items"] == [
        {
            "id": str(world.inmate.id),
            "name": world.inmate.name,
            "prison": {"id": str(world.prison.id), "name": "Tehran prison"},
            "visitors": [
                {
                    "id": str(world.mother.id),
                    "name": world.mother.name,
                    "is_me": True,
                    "adult": True,
                }
            ],
        }
    ]


async def test_slots_are_on_the_quarter_hour_and_inside_the_window(world, call):
    params = {"inmate_id": world.inmate.id, "office_id": world.office.id}
    items = (await call(world.mother.id, "GET", "/visits/slots", params=params)).json()["items"]
    assert items[0]["starts_at"] == "2026-11-26T07:30:00+03:30"
    assert items[0]["ends_at"] == "2026-11-26T07:50:00+03:30"
    assert {item["free"] for item in items} == {2}
    assert {item["starts_at"][14:16] for item in items} == {"00", "15", "30", "45"}
    assert max(item["starts_at"] for item in items) == "2026-12-22T13:30:00+03:30"


async def test_book_then_look_then_move_then_cancel(world, call):
    mother = world.mother.id
    booked = await call(mother, "POST", "/visits", json=wish(world))
    assert booked.status_code == 201
    made = booked.json()
    assert made["status"] == "booked"
    assert made["ends_at"] == "2026-11-29T09:50:00+03:30"
    assert made["office"] == {"id": str(world.office.id), "name": "Azadi office"}
    looked = await call(mother, "GET", f"/visits/{made['id']}")
    assert looked.json()["visitors"][0]["name"] == world.mother.name
    later = (FREE_START + timedelta(hours=1)).isoformat()
    moved = await call(mother, "POST", f"/visits/{made['id']}/move", json={"starts_at": later})
    assert moved.json()["starts_at"] == "2026-11-29T10:30:00+03:30"
    cancelled = await call(mother, "POST", f"/visits/{made['id']}/cancel", json={"reason": "ill"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = await call(mother, "POST", f"/visits/{made['id']}/cancel", json={})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    mine = (await call(mother, "GET", "/visits")).json()
    assert [item["id"] for item in mine["items"]] == [made["id"]]
    assert (await call(mother, "POST", "/visits", json=wish(world))).status_code == 201


async def test_the_same_key_gives_the_same_answer(world, call):
    first = await call(world.mother.id, "POST", "/visits", json=wish(world), key="once-and-only")
    second = await call(world.mother.id, "POST", "/visits", json=wish(world), key="once-and-only")
    assert (first.status_code, first.content) == (201, second.content)
    other = wish(world, visitor_ids=["1"])
    reused = await call(world.mother.id, "POST", "/visits", json=other, key="once-and-only")
    assert reused.status_code == 422


async def test_a_taken_place_is_409_with_the_nearest_alternatives(world, call):
    await call(world.mother.id, "POST", "/visits", json=wish(world))
    lost = await call(world.mother.id, "POST", "/visits", json=wish(world))
    problem = lost.json()
    assert (lost.status_code, problem["type"]) == (409, "/problems/slot-taken")
    assert problem["alternatives"][0] == {
        "starts_at": "2026-11-29T08:30:00+03:30",
        "ends_at": "2026-11-29T08:50:00+03:30",
        "office_id": str(world.office.id),
    }


async def test_a_refusal_lists_every_reason_with_its_citation(world, call):
    soon = wish(world, starts_at="2026-11-24T15:05:00+03:30")
    refused = await call(world.mother.id, "POST", "/visits", json=soon)
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (422, "/problems/rule-refused")
    assert [reason["code"] for reason in problem["reasons"]] == [
        "outside-booking-window",
        "not-on-a-start",
        "closed-then",
    ]
    assert problem["reasons"][0]["citation"] == "House rule; no figure for it was found in the law"


async def test_what_is_anothers_is_404(world, call, database):
    made = (await call(world.mother.id, "POST", "/visits", json=wish(world))).json()
    async with database.transaction() as session:
        world.session = session
        stranger = await world.person()
    for path in (f"/visits/{made['id']}", "/visits/999999"):
        assert (await call(stranger.id, "GET", path)).status_code == 404
    moved = {"starts_at": FREE_START.isoformat()}
    assert (
        await call(stranger.id, "POST", f"/visits/{made['id']}/move", json=moved)
    ).status_code == 404
    assert (
        await call(stranger.id, "POST", f"/visits/{made['id']}/cancel", json={})
    ).status_code == 404


async def test_staff_find_an_inmate_by_national_id_at_their_own_place_only(world, call, database):
    async with database.transaction() as session:
        world.session = session
        other = await world.staff("prison_officer", 1)
    query = {"national_id": world.inmate.national_id}
    found = await call(world.officer.person_id, "GET", "/inmates", params=query)
    assert [one["id"] for one in found.json()["items"]] == [str(world.inmate.id)]
    elsewhere = await call(other.person_id, "GET", "/inmates", params=query)
    assert elsewhere.json() == {"items": [], "next": None}, "as if nobody had this number"
    assert (await call(world.mother.id, "GET", "/inmates", params=query)).status_code == 403
