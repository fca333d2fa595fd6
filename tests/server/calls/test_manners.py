"""What a client writes in headers and fragments, read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from remote_court.calls import refusals
from remote_court.server.calls import manners
from remote_court.server.statuses import STATUS

WHIP = Path(__file__).parents[3] / "docs" / "whip.md"


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        ("*/*", True),
        ("application/sdp", True),
        (" APPLICATION/SDP ; q=0.2", True),
        ("application/*;q=1", True),
        ("application/sdp;q=0", False),
        ("application/json", False),
        ("text/*", False),
        ("", False),
    ],
)
def test_an_item_of_accept_takes_sdp_or_not(wish: str, wanted: bool):
    assert manners.is_wanted(wish) is wanted


@pytest.mark.parametrize("text", ["", "\r\n", "hello", "a", "a=x\r\nhello", "1=2", "=a"])
def test_what_is_no_sdp_is_no_fragment(text: str):
    with pytest.raises(manners.BadFragment):
        manners.need_fragment(text)


@pytest.mark.parametrize("text", ["a=end-of-candidates", "m=audio 9 X 0\r\na=mid:0\r\n", "a=x\n"])
def test_lines_of_sdp_are_one(text: str):
    manners.need_fragment(text)


def test_each_relay_is_a_link_of_its_own():
    server = {"urls": ["turn:a?transport=udp", "turns:b"], "username": "9:p", "credential": "c="}
    assert list(manners.links([server])) == [
        f'<{url}>; rel="ice-server"; username="9:p"; credential="c="; credential-type="password"'
        for url in server["urls"]
    ]
    assert list(manners.links([])) == []


def test_the_page_about_whip_tells_the_statuses_that_there_are():
    known = {kind.code: status for kind, status in STATUS.items()}
    told = {
        code: [int(status) for status in row[1].split(", ")]
        for row in re.finditer(r"^\| ([\d, ]+) \| (.*) \|$", WHIP.read_text(), re.MULTILINE)
        for code in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row[2])
    }
    assert refusals.NoWorker.code in told
    for code, statuses in told.items():
        assert known[code] in statuses, code
    own = {kind.code for kind in STATUS if kind.__module__ == manners.__name__}
    assert own <= told.keys()
