from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from remote_court.audit.chain import GENESIS, canonical, link

ENTRY = {
    "id": 5,
    "tx": 77,
    "at": datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
    "actor_id": 3,
    "role": "office_clerk",
    "place_id": 9,
    "act": "visit.booked",
    "subject_kind": "visit",
    "subject_id": 12,
    "detail": {"b": "ب", "a": 1},
}


def test_the_bytes_do_not_depend_on_the_order_of_keys_or_on_the_zone():
    tehran = timezone(timedelta(hours=3, minutes=30))
    shuffled = dict(reversed(ENTRY.items())) | {"at": ENTRY["at"].astimezone(tehran)}
    shuffled["detail"] = {"a": 1, "b": "ب"}
    assert canonical(1, shuffled) == canonical(1, ENTRY)


def test_a_link_depends_on_the_place_and_on_the_link_before():
    one = link(GENESIS, 1, ENTRY)
    assert len({one, link(GENESIS, 2, ENTRY), link(one, 1, ENTRY)}) == 3
