from __future__ import annotations

import pytest
from sqlalchemy import insert

from remote_court.places import Office, OfficeKind

API = "/api/v1/offices"


async def test_an_office_is_listed_in_the_readers_language(client, world):
    for locale, name in (("en", "Azadi office"), ("fa", "دفتر آزادی")):
        answer = await client.get(API, headers={"accept-language": locale})
        listed = answer.json()
        assert listed["next"] is None
        assert listed["items"][0] | {"lat": 0, "lon": 0} == {
            "id": str(world.office.id),
            "name": name,
            "province": "سیستان و بلوچستان" if locale == "fa" else "Sistan and Baluchestan",
            "city": "زاهدان" if locale == "fa" else "Zahedan",
            "address": "خیابان آزادی، پلاک ۱۲" if locale == "fa" else "12 Azadi St",
            "rooms": 2,
            "step_free": True,
            "distance_m": None,
            "lat": 0,
            "lon": 0,
        }


@pytest.mark.parametrize(
    ("query", "count"),
    [("province=11", 1), ("province=23", 0), ("q=ازادي", 1), ("q=nowhere", 0), ("q=zahedan", 1)],
)
async def test_offices_are_filtered(client, world, query, count):
    assert len((await client.get(f"{API}?{query}")).json()["items"]) == count


async def test_one_office_and_none(client, world):
    assert (await client.get(f"{API}/{world.office.id}")).json()["rooms"] == 2
    assert (await client.get(f"{API}/999999")).status_code == 404


@pytest.mark.parametrize("near", ["", "&near=29.5,60.8"])
async def test_pages_follow_each_other(client, world, database, near):
    async with database.transaction() as session:
        rows = [
            {
                "code": f"x{n}",
                "name_fa": f"دفتر {n}",
                "name_en": f"Office {n}",
                "kind": OfficeKind.FIXED,
                "province_code": "23",
                "city_fa": "تهران",
                "city_en": "Tehran",
                "address_fa": "",
                "address_en": "",
                "phone": "",
                "lat": 35.0 + n / 10,
                "lon": 51.0,
            }
            for n in range(6)
        ]
        await session.execute(insert(Office), rows)
    seen, cursor = [], ""
    for _ in range(4):
        page = (await client.get(f"{API}?limit=2{near}{cursor}")).json()
        seen += [item["name"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("bad", ["near=x", "near=1000,2", "cursor=zzz", "limit=0"])
async def test_what_cannot_be_read_is_422(client, world, bad):
    assert (await client.get(f"{API}?{bad}")).status_code == 422
