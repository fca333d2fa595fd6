"""Tickets: what is minted reads back, and nothing else does."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.tickets import (
    ENTRY,
    LONGEST,
    Purpose,
    Ticket,
    TicketExpired,
    TicketForged,
    TicketMisdirected,
    TicketMisused,
    mint,
    verify,
)

KEY = b"the court's key"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TICKET = Ticket.for_entry(
    session_id="s1",
    person_id="p1",
    role="visitor",
    name="مریم احمدی",
    label="مادر",
    audience="w1",
    now=NOON,
)


def check(token: str, **changes: object) -> Ticket:
    facts = {"now": NOON, "purpose": Purpose.JOIN, "audience": "w1", **changes}
    return verify(token, KEY, **facts)  # type: ignore[arg-type]


def test_a_ticket_reads_back_as_it_was() -> None:
    assert check(mint(TICKET, KEY)) == TICKET


@given(st.text(), st.text(), st.sampled_from(Purpose))
def test_any_names_survive(name: str, label: str, purpose: Purpose) -> None:
    ticket = replace(TICKET, name=name, label=label, purpose=purpose)
    token = mint(ticket, KEY)
    assert len(token) > LONGEST or check(token, purpose=purpose) == ticket


def test_a_ticket_lives_five_minutes() -> None:
    token = mint(TICKET, KEY)
    assert check(token, now=NOON + ENTRY - timedelta(seconds=1))
    with pytest.raises(TicketExpired):
        check(token, now=NOON + ENTRY)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"audience": "w2"}, TicketMisdirected),
        ({"purpose": Purpose.RESUME}, TicketMisused),
    ],
)
def test_a_ticket_is_good_for_one_thing(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check(mint(TICKET, KEY), **changes)


def test_the_app_may_read_a_resume_token_of_any_worker() -> None:
    token = mint(TICKET.to_resume(NOON, NOON + timedelta(hours=1)), KEY)
    resumed = check(token, audience=None, purpose=Purpose.RESUME)
    assert (resumed.person_id, resumed.session_id) == ("p1", "s1")
    assert resumed.serial != TICKET.serial


@given(st.integers(0, 200), st.integers(1, 255))
def test_one_changed_character_is_noticed(at: int, change: int) -> None:
    token = mint(TICKET, KEY)
    at %= len(token)
    broken = token[:at] + chr((ord(token[at]) + change) % 256) + token[at + 1 :]
    if broken != token and not token.startswith(broken):
        with suppress(TicketForged):
            assert check(broken) == TICKET  # unused bits at the end of a base64 text


@given(st.text())
def test_nonsense_is_forged(token: str) -> None:
    with pytest.raises(TicketForged):
        check(token)


def test_another_key_does_not_sign_for_us() -> None:
    with pytest.raises(TicketForged):
        check(mint(TICKET, b"another key"))


def test_a_very_long_token_is_not_even_read() -> None:
    with pytest.raises(TicketForged):
        check(mint(replace(TICKET, name="a" * LONGEST), KEY))
