"""The table of rules, and what its constraints refuse."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from remote_court.db import violates
from remote_court.policy import Confidence, PolicyValue, Unit


def row(noon, first=date(2026, 1, 1), last=None, **other):
    columns = {
        "key": "visit.hold_min",
        "value": 10,
        "unit": Unit.MINUTES,
        "citation": "ضابطه",
        "citation_en": "rule",
        "confidence": Confidence.DESIGN,
        "effective_from": first,
        "effective_to": last,
        "entered_at": noon,
    }
    return PolicyValue(**columns | other)


@pytest.mark.parametrize(
    ("first", "last", "other", "allowed"),
    [
        (date(2026, 6, 30), None, {}, False),
        (date(2026, 7, 1), None, {}, True),
        (date(2025, 1, 1), date(2025, 12, 31), {}, True),
        (date(2025, 1, 1), date(2026, 1, 1), {}, False),
        (date(2026, 3, 1), None, {"province_code": "20"}, True),
        (date(2026, 3, 1), None, {"key": "visit.grace_min"}, True),
    ],
)
async def test_two_values_of_a_rule_never_hold_on_one_day(
    session, noon, first, last, other, allowed
):
    session.add(row(noon, last=date(2026, 6, 30)))
    await session.flush()
    session.add(row(noon, first, last, **other))
    if allowed:
        await session.flush()
        return
    with pytest.raises(IntegrityError) as caught:
        await session.flush()
    assert violates(caught.value, "policy_value_no_overlap")


async def test_a_value_does_not_end_before_it_begins(session, noon):
    session.add(row(noon, date(2026, 1, 2), date(2026, 1, 1)))
    # The range of the exclusion constraint refuses it before the check is asked.
    with pytest.raises(DBAPIError):
        await session.flush()
