"""A diary's file over the pages: tried out with all its errors, applied, polled."""

from __future__ import annotations

import re

import pytest

from remote_court.hearings.diary_import import importer
from tests.hearings.files import HEADINGS, NUMBER, rows, table
from tests.server.hearings.bench import as_person, bench, clerk, judge

__all__ = ["as_person", "bench", "clerk", "judge"]


@pytest.fixture
def page(bench):
    return f"/court/{bench.court.branch.id}/import"


async def sent(clerk, page, content, name="diary.csv"):
    form = (await clerk.get(page)).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    return await clerk.post(page, data=hidden, files={"file": (name, content, "text/csv")})


async def test_a_file_is_tried_out_applied_and_seen_to_the_end(
    clerk, page, send, database, site, noon
):
    tried = await sent(clerk, page, table())
    assert tried.status_code == 303, tried.text
    here = tried.headers["location"]
    assert "Write it all" in (await clerk.get(here)).text
    assert (await send(clerk, here, f"{here}/apply")).headers["location"] == here
    waiting = await clerk.get(here)
    assert f'hx-get="{here}/progress"' in waiting.text
    assert "0 of 3 rows are written" in (await clerk.get(f"{here}/progress")).text
    async with database.transaction() as session:
        await importer(database)(session, noon)
    assert "Everything in the file stands in the branch now." in (await clerk.get(here)).text
    found = await clerk.get(page.replace("import", "cases"), params={"q": "مهر"})
    assert "140592000000000001" in found.text
    again = await sent(clerk, page, table())
    assert "This file changes nothing" in (await clerk.get(again.headers["location"])).text


async def test_every_error_stands_in_a_table_with_its_column(clerk, page):
    wrong = [(NUMBER, "", "12", *rows()[0][3:]), ("1", *rows()[0][1:])]
    tried = await sent(clerk, page, table(wrong, HEADINGS))
    shown = (await clerk.get(tried.headers["location"])).text
    assert "The file has errors" in shown
    assert "This is not a valid national ID" in shown
    assert "This is not a case number" in shown
    assert "Write it all" not in shown
    clerk.cookies.set("lang", "fa", domain="127.0.0.1")
    persian = (await clerk.get(tried.headers["location"])).text
    assert "شماره پرونده" in persian


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "neither a CSV file nor an Excel workbook"),
        (b"", "nothing below the line of headings"),
    ],
)
async def test_what_is_no_table_is_refused_beside_the_field(clerk, page, content, said):
    refused = await sent(clerk, page, content)
    assert refused.status_code == 422
    assert said in refused.text
    assert (await sent(clerk, page, b"x", name="")).status_code == 422


async def test_another_branch_sees_no_file(clerk, page, as_person, bench):
    tried = await sent(clerk, page, table())
    other = await as_person(bench.court.other_clerk.person_id)
    assert (await other.get(tried.headers["location"])).status_code == 404
    elsewhere = tried.headers["location"].replace(
        f"/court/{bench.court.branch.id}/", f"/court/{bench.court.branch.id + 1}/"
    )
    assert (await other.get(elsewhere)).status_code == 404
