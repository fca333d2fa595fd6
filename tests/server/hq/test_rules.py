"""Headquarters reads the rules and changes one from a day on."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from remote_court import policy
from remote_court.audit import AuditEntry
from remote_court.people import Role
from remote_court.policy import defaults
from remote_court.server.hq.rule_words import NAMES

KEY = "visit.duration_min.electronic"
URL = f"/hq/rules/{KEY}"
CHANGE = {
    "value": "۲۵",
    "first": "1405/10/01",
    "citation_fa": "بخشنامه ۱۲۳ مورخ ۱۴۰۵/۰۸/۳۰",
    "citation_en": "Circular 123",
}
FIRST = date(2026, 12, 22)


@pytest.fixture
async def planner(as_role):
    return await as_role(Role.HQ_PLANNER)


async def amended(database) -> object:
    async with database.transaction() as session:
        policy.shelf.SHELF.clear()
        return (await policy.current(session, FIRST)).integer(KEY)


def test_every_rule_has_a_name():
    assert {rule.key for rule in defaults()} == set(NAMES)


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_the_list_shows_each_rule_with_value_and_source(planner, language):
    planner.cookies.set("lang", language, domain="127.0.0.1")
    shown = (await planner.get("/hq/rules")).text
    assert shown.count('href="/hq/rules/') >= len(NAMES)
    assert ("۲۰ دقیقه" if language == "fa" else "20 minutes") in shown
    assert ("ماده ۲۵۴" if language == "fa" else "Prisons Bylaw (2021), art. 254") in shown


async def test_rules_are_found_by_name_and_source(planner):
    found = (await planner.get("/hq/rules?q=video+length")).text
    assert "Length of a video visit" in found
    assert "Length of a lawyer" not in found
    assert "No rule was found" in (await planner.get("/hq/rules?q=unicorn")).text


async def test_a_change_is_shown_before_it_is_made_and_then_recorded(planner, database, send):
    check = await send(planner, f"{URL}/amend", **CHANGE)
    assert check.status_code == 200
    assert "20 minutes" in check.text
    assert "25 minutes" in check.text
    assert "Circular 123" in check.text
    assert await amended(database) == 20
    done = await send(planner, f"{URL}/amend", **CHANGE, verb="confirm")
    assert (done.status_code, done.headers["location"]) == (303, f"{URL}?changed=1")
    assert await amended(database) == 25
    shown = (await planner.get(done.headers["location"])).text
    assert "The rule was changed." in shown
    assert "To come" in shown
    assert "پویا نقشه‌کش" in shown
    async with database.transaction() as session:
        (entry,) = await session.scalars(
            select(AuditEntry).where(AuditEntry.act == "policy.amended")
        )
    assert (entry.subject_kind, entry.role) == ("policy", "hq_planner")
    assert (entry.detail["was"], entry.detail["becomes"]) == (20, 25)
    assert entry.detail["from"] == "2026-12-22"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"citation_fa": ""}, "This is needed."),
        ({"first": "1405/08/01"}, "A rule changes from today on"),
        ({"first": "soon"}, "not a date of the solar calendar"),
        ({"value": "long"}, "Enter a whole number."),
        ({"value": "300"}, "Choose between 5 and 240."),
        ({"value": "40"}, "A visit cannot last longer than it keeps its places"),
        ({"province": "99"}, "Something in what you entered is not right"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(planner, database, send, wrong, message):
    answer = await send(planner, f"{URL}/amend", **(CHANGE | wrong), verb="confirm")
    assert answer.status_code == 422
    assert message in answer.text
    assert await amended(database) == 20


async def test_a_rule_changes_once_a_day(planner, send):
    assert (await send(planner, f"{URL}/amend", **CHANGE, verb="confirm")).status_code == 303
    again = await send(planner, f"{URL}/amend", **CHANGE, verb="confirm")
    assert again.status_code == 422
    assert "This rule already changes on that day." in again.text


@pytest.mark.parametrize(
    ("key", "fields", "shown"),
    [
        ("visit.book_ahead_days", {"value": "3", "most": "21"}, "3 to 21 days"),
        ("visit.child_needs_adult", {"value": "no"}, "No"),
        ("visit.remind_before_h", {"value": "۴۸، ۳"}, "48, 3"),
        ("calendar.hours.start", {"value": "۸:۰۰"}, "08:00"),
        ("visit.relatives_auto", {"value": ["spouse", "grandchild"]}, "spouse, grandchild"),
        ("visit.slot_step_min", {"value": "30"}, "30 minutes"),
    ],
)
async def test_each_kind_of_value_is_read_and_shown(planner, send, key, fields, shown):
    answer = await send(planner, f"/hq/rules/{key}/amend", **(CHANGE | fields))
    assert answer.status_code == 200, answer.text
    assert shown in answer.text


@pytest.mark.parametrize("rule", ["visit.nonsense", "x"])
async def test_there_is_no_page_of_a_rule_that_is_none(planner, rule):
    assert (await planner.get(f"/hq/rules/{rule}")).status_code == 404
    assert (await planner.get(f"/hq/rules/{rule}/amend")).status_code == 404


async def test_rules_of_every_unit_have_a_form(planner):
    one_of_each = {rule.unit: rule.key for rule in defaults()}
    for key in (*one_of_each.values(), "visit.slot_step_min"):
        assert (await planner.get(f"/hq/rules/{key}/amend")).status_code == 200, key


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR])
async def test_only_headquarters_changes_rules(as_role, role):
    other = await as_role(role)
    assert (await other.get("/hq/rules")).status_code == 403
    assert (await other.get(f"{URL}/amend")).status_code == 403
