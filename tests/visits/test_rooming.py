from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.interval import Interval
from remote_court.scheduling.availability import Taken
from remote_court.visits.rooming import Guest, Host, rooming

EIGHT = datetime(2026, 11, 29, 4, 30, tzinfo=UTC)
STEP_FREE = frozenset({"step_free"})


def at(quarter: int, quarters: int = 2) -> Interval:
    start = EIGHT + timedelta(minutes=15 * quarter)
    return Interval(start, start + timedelta(minutes=15 * quarters))


def test_a_step_free_room_is_kept_for_who_needs_it() -> None:
    guests = [Guest(1, at(0)), Guest(2, at(0), STEP_FREE)]
    hosts = [Host(10, STEP_FREE), Host(11)]
    assert rooming(guests, hosts, []) == {1: 11, 2: 10}


def test_who_needs_a_step_free_room_does_not_get_another() -> None:
    assert rooming([Guest(1, at(0), STEP_FREE)], [Host(11)], []) == {1: None}


def test_two_guests_never_share_a_room_at_once_but_may_follow_each_other() -> None:
    guests = [Guest(1, at(0)), Guest(2, at(1)), Guest(3, at(2))]
    assert rooming(guests, [Host(10)], []) == {1: 10, 2: None, 3: 10}


guests_of = st.lists(
    st.builds(
        lambda at_, length, needs: (at(at_, length), STEP_FREE if needs else frozenset()),
        st.integers(0, 20),
        st.integers(1, 6),
        st.booleans(),
    ),
    max_size=12,
)
hosts_of = st.lists(st.booleans(), max_size=4)
taken_of = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(1, 6)), max_size=6)


@given(guests_of, hosts_of, taken_of)
def test_no_room_is_ever_given_twice(guests, hosts, taken) -> None:
    asked = [Guest(n, reserved, needs) for n, (reserved, needs) in enumerate(guests)]
    rooms = [Host(n, STEP_FREE if f else frozenset()) for n, f in enumerate(hosts)]
    busy = [Taken(n, at(q, length).start, at(q, length).end) for n, q, length in taken]
    given_rooms = rooming(asked, rooms, busy)
    assert set(given_rooms) == {guest.session_id for guest in asked}
    for guest in asked:
        room = given_rooms[guest.session_id]
        if room is None:
            continue
        assert guest.needs <= rooms[room].features
        others = [g.reserved for g in asked if g is not guest and given_rooms[g.session_id] == room]
        others += [Interval(t.start, t.end) for t in busy if t.resource_id == room]
        assert not any(guest.reserved.overlaps(other) for other in others)
