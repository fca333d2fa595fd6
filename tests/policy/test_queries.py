from __future__ import annotations

from datetime import date

from remote_court.policy import Amendment, Citation, amend, queries, seed_defaults


async def test_the_latest_value_of_a_rule_stands_first_and_provinces_last(session, noon):
    await seed_defaults(session, noon)
    key, order = "visit.hold_min", Citation("دستور ۱", "Order 1")
    await amend(session, Amendment(key, 15, date(2026, 12, 22), order), noon, entered_by=None)
    own = Amendment(key, 20, date(2026, 12, 22), order, "23")
    await amend(session, own, noon, entered_by=None)
    found = await queries.history(session, key)
    assert [(row.value, row.province_code) for row in found] == [(15, None), (10, None), (20, "23")]
