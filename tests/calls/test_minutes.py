from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.interval import Interval
from remote_court.calls.minutes import Course, Presence, tally
from tests.world import NOON

ROLES = frozenset({"visitor", "inmate"})
PLANNED = timedelta(minutes=20)


def at(minutes: float):
    return NOON + timedelta(minutes=minutes)


def course(*, opened=0.0, closed=20.0, ends=20.0, here=(), pauses=()) -> Course:
    return Course(
        planned=PLANNED,
        starts_at=NOON,
        opened_at=at(opened),
        closed_at=at(closed),
        ends_at=at(ends),
        required=ROLES,
        presences=[Presence(role, Interval(at(a), at(b)), left) for role, a, b, left in here],
        pauses=[Interval(at(a), at(b)) for a, b in pauses],
    )


WHOLE = (("visitor", -5, 20, "ended"), ("inmate", -1, 20, "ended"))


@pytest.mark.parametrize(
    ("went", "lost_minutes", "cause"),
    [
        (course(here=WHOLE), 0, None),
        (
            course(
                opened=3,
                closed=23,
                ends=23,
                here=(("visitor", 3, 23, "ended"), ("inmate", 0, 23, "ended")),
            ),
            0,
            None,
        ),
        (
            course(
                opened=15,
                closed=30,
                ends=30,
                here=(("visitor", 15, 30, "ended"), ("inmate", 0, 30, "ended")),
            ),
            5,
            "late_visitor",
        ),
        (
            course(
                opened=14,
                closed=30,
                ends=30,
                here=(("visitor", 0, 30, "ended"), ("inmate", 14, 30, "ended")),
            ),
            4,
            "late_inmate",
        ),
        (course(here=WHOLE, pauses=((5, 9),)), 4, "supervisor_pause"),
        (
            course(closed=12, here=(("visitor", 0, 12, "ended"), ("inmate", 0, 12, "ended"))),
            8,
            "supervisor_end",
        ),
        (
            course(
                here=(
                    ("visitor", 0, 7, "lost"),
                    ("visitor", 10, 20, "ended"),
                    ("inmate", 0, 20, "ended"),
                )
            ),
            3,
            "network",
        ),
        (
            course(
                here=(
                    ("visitor", 0, 7, "worker_lost"),
                    ("visitor", 9, 20, "ended"),
                    ("inmate", 0, 7, "worker_lost"),
                    ("inmate", 8, 13, "lost"),
                    ("inmate", 14, 20, "ended"),
                )
            ),
            3,
            "media_server",
        ),
        (
            course(here=(("visitor", 0, 11, "left"), ("inmate", 0, 20, "ended"))),
            9,
            "left_early",
        ),
        (
            course(
                here=(
                    ("visitor", 0, 5, "left"),
                    ("visitor", 6, 20, "ended"),
                    ("inmate", 0, 20, "ended"),
                )
            ),
            1,
            "network",
        ),
        (
            course(closed=25, ends=25, here=(("visitor", 0, 25, None), ("inmate", 0, 25, None))),
            0,
            None,
        ),
    ],
)
def test_lost_minutes_and_what_they_were_lost_to(went, lost_minutes, cause):
    counted = tally(went)
    assert counted.lost == timedelta(minutes=lost_minutes)
    assert next(iter(counted.causes), None) == cause


minutes = st.floats(-10, 40, allow_nan=False).map(lambda m: round(m, 2))
spans = st.tuples(minutes, minutes).map(sorted).filter(lambda pair: pair[1] - pair[0] >= 0.02)


@given(
    here=st.lists(
        st.tuples(
            st.sampled_from(sorted(ROLES)),
            spans,
            st.sampled_from(["left", "lost", "ended", "shutdown"]),
        ),
        max_size=8,
    ),
    pauses=st.lists(spans, max_size=3),
    live=spans,
)
def test_talked_and_lost_never_pass_what_was_there(here, pauses, live):
    went = course(
        opened=live[0],
        closed=live[1],
        ends=live[1],
        here=[(role, a, b, left) for role, (a, b), left in here],
        pauses=pauses,
    )
    counted = tally(went)
    assert timedelta(0) <= counted.talked <= went.closed_at - went.opened_at
    assert timedelta(0) <= counted.lost <= PLANNED
    assert counted.lost == max(PLANNED - counted.talked, timedelta(0))
    assert all(cost > timedelta(0) for cost in counted.causes.values())
    assert list(counted.causes.values()) == sorted(counted.causes.values(), reverse=True)
