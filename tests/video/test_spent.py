from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.tickets import ENTRY, Ticket
from remote_court.video.refusals import TicketSpent, TooManyEntries
from remote_court.video.spent import Spent

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TICKET = Ticket.for_entry(
    session_id="s1", person_id="p1", role="visitor", name="", label="", audience="w1", now=NOON
)


def issued(serial: str, at: datetime = NOON) -> Ticket:
    return replace(TICKET, serial=serial, issued_at=at, expires_at=at + ENTRY)


def test_a_ticket_is_used_once_for_as_long_as_it_lives():
    spent = Spent()
    spent.spend(issued("a"), NOON)
    for later in (NOON, NOON + ENTRY - timedelta(seconds=1)):
        with pytest.raises(TicketSpent):
            spent.spend(issued("a"), later)
    spent.spend(issued("b"), NOON)


def test_what_has_expired_is_forgotten():
    spent = Spent()
    spent.spend(issued("a"), NOON)
    spent.spend(issued("b", NOON + ENTRY), NOON + ENTRY)
    assert len(spent) == 1


def test_a_ticket_that_lives_longer_keeps_no_other_from_being_forgotten():
    spent = Spent()
    long = replace(issued("long"), expires_at=NOON + 10 * ENTRY)
    spent.spend(long, NOON)
    spent.spend(issued("short"), NOON)
    spent.spend(issued("later", NOON + ENTRY), NOON + ENTRY)
    assert len(spent) == 2
    with pytest.raises(TicketSpent):
        spent.spend(long, NOON + ENTRY)


def test_a_full_memory_lets_nobody_in_and_forgets_nobody():
    spent = Spent(most=2)
    spent.spend(issued("a"), NOON)
    spent.spend(issued("b"), NOON)
    with pytest.raises(TooManyEntries):
        spent.spend(issued("c"), NOON)
    with pytest.raises(TicketSpent):
        spent.spend(issued("a"), NOON)
    spent.spend(issued("c", NOON + ENTRY), NOON + ENTRY)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 400)), max_size=60))
def test_no_living_ticket_is_ever_used_twice(uses):
    spent, used, now = Spent(most=4), {}, NOON
    for serial, wait_s in uses:
        now += timedelta(seconds=wait_s)
        ticket = used.get(serial)
        if ticket is None or ticket.expires_at <= now:
            ticket = issued(f"{serial} {now}", now)
        try:
            spent.spend(ticket, now)
        except (TicketSpent, TooManyEntries):
            continue
        assert used.get(serial) is not ticket
        used[serial] = ticket
        assert len(spent) <= 4
