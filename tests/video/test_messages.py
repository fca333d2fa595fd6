"""The words of the protocol, read from anybody."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.errors import Forbidden, Invalid, Reason, Refusal, RuleRefused
from remote_court.video import messages
from remote_court.video.refusals import BadMessage, MessageTooLong

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(anything)
def test_any_json_is_a_message_or_a_refusal(value: Any) -> None:
    try:
        assert messages.decode(json.dumps(value)) == value
    except BadMessage:
        assert not (isinstance(value, dict) and isinstance(value.get("type"), str))


@given(st.text())
def test_any_text_is_a_message_or_a_refusal(text: str) -> None:
    with suppress(BadMessage):
        messages.decode(text)


def test_a_long_message_is_not_read() -> None:
    with pytest.raises(MessageTooLong):
        messages.decode('{"type": "' + "a" * messages.LONGEST + '"}')


def test_a_deep_message_does_no_harm() -> None:
    with pytest.raises(BadMessage):
        messages.decode("[" * 60_000)


@given(st.dictionaries(st.sampled_from(["ticket", "resume", "sdp", "sources", "muted"]), anything))
def test_any_join_is_read_or_refused(message: dict[str, Any]) -> None:
    with suppress(BadMessage):
        assert messages.Join.read(message).sdp == message["sdp"]


READERS = {
    "text": lambda m: messages.text(m, "x"),
    "flag": lambda m: messages.flag(m, "x"),
    "number": lambda m: messages.number(m, "x"),
    "names": lambda m: messages.names(m, "x"),
    "sizes": lambda m: messages.sizes(m, "x"),
    "minutes": lambda m: messages.minutes({"minutes": m["x"]}),
}


@pytest.mark.parametrize("reader", READERS)
@given(value=anything)
def test_any_member_is_read_or_refused(reader: str, value: Any) -> None:
    with suppress(BadMessage):
        READERS[reader]({"x": value})


def test_sizes_are_pixels_by_person() -> None:
    found = messages.sizes({"sizes": {"p1": [320, 180.5], "p2": [0, 0]}}, "sizes")
    assert found == {"p1": (320, 180), "p2": (0, 0)}


@pytest.mark.parametrize(
    "one", [[1], [1, 2, 3], [-1, 5], ["1", 2], [1e9, 1], [float("nan"), 1], None, {}]
)
def test_what_is_no_size_is_not_understood(one: object) -> None:
    with pytest.raises(BadMessage):
        messages.sizes({"sizes": {"p1": one}}, "sizes")


@pytest.mark.parametrize("minutes", [0, -5, 1.5, 241, None, "5", True])
def test_only_whole_minutes_are_understood(minutes: object) -> None:
    with pytest.raises(BadMessage):
        messages.minutes({"minutes": minutes})
    assert messages.minutes({"minutes": 10}) == 10


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        (Forbidden(), "forbidden", ""),
        (BadMessage(where="sdp"), "bad-message", "sdp"),
        (Invalid(where="minutes"), "invalid", "minutes"),
    ],
)
def test_a_refusal_is_told_as_a_problem(error: Refusal, code: str, detail: str) -> None:
    problem = messages.problem(error)
    assert problem["type"] == f"/problems/{code}"
    assert (problem["code"], problem["detail"]) == (code, detail)
    assert problem["title"] == error.message


def test_a_rule_that_refuses_gives_its_reasons() -> None:
    refusal = RuleRefused([Reason("too-long", "Too long.", "art-1")])
    assert messages.problem(refusal)["reasons"][0]["citation"] == "art-1"


def test_figures_may_leave_out_what_they_do_not_know() -> None:
    figures = messages.figures({"rtt_ms": 20, "frames_decoded": 7.0, "loss_ratio": None})
    assert (figures.rtt_ms, figures.frames_decoded, figures.loss_ratio) == (20, 7, None)
