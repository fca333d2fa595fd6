"""An operator's page of outages: what is known, and the form for further ones."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.notices.outages import Outage
from remote_court.people import Role

GOOD = {
    "day": "1405/09/02", "from": "8:30", "until_day": "۱۴۰۵/۰۹/۰۲", "until": "۰۹:۱۵",
    "reason": "قطع فیبر",
}  # fmt: skip


async def test_an_operator_enters_an_outage(site, person, signed_in, send):
    operator = await signed_in(await person((Role.OPERATOR, None), demo=True))
    assert "موردی شناخته نشده است." in (await operator.get("/operator/outages")).text
    assert (await send(operator, "/operator/outages", **GOOD)).status_code == 303
    async with site.database.transaction() as session:
        entered = (await session.scalars(select(Outage))).one()
    assert (entered.ended_at - entered.started_at).total_seconds() == 45 * 60
    page = (await operator.get("/operator/outages")).text
    assert "قطع فیبر" in page


@pytest.mark.parametrize(
    "wrong",
    [{"until": "08:30"}, {"until_day": "1405/09/01"}, {"reason": " "}, {"day": "1405/13/01"},
     {"from": "8h"}, {"from": "08:30+01:00"}],
)  # fmt: skip
async def test_a_form_that_is_wrong_comes_back(site, person, signed_in, send, wrong):
    operator = await signed_in(await person((Role.OPERATOR, None), demo=True))
    answer = await send(operator, "/operator/outages", **(GOOD | wrong))
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    async with site.database.transaction() as session:
        assert (await session.scalars(select(Outage))).all() == []


async def test_nobody_else_enters_outages(person, signed_in):
    auditor = await signed_in(await person((Role.AUDITOR, None), demo=True))
    assert (await auditor.get("/operator/outages")).status_code == 403
