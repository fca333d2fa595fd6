from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from remote_court.scheduling.availability import (
    QUARTER,
    Free,
    Taken,
    bits,
    closed_starts,
    free_starts,
    smeared,
)

MORNING = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROOMS, BOOTHS, PEOPLE = (1, 2, 3), (11, 12), (21, 22)

minutes = st.integers(-90, 400)
lengths = st.integers(1, 200)
taken_rows = st.lists(
    st.builds(
        lambda who, at, length: Taken(who, MORNING + at * MINUTE, MORNING + (at + length) * MINUTE),
        st.sampled_from((*ROOMS, *BOOTHS, *PEOPLE, 99)),
        minutes,
        lengths,
    ),
    max_size=14,
)


def quarters_touched(row: Taken) -> set[int]:
    """By walking over a day's quarters one by one."""
    return {
        n
        for n in range(60)
        if row.start < MORNING + (n + 1) * QUARTER and MORNING + n * QUARTER < row.end
    }


@given(taken_rows)
def test_bits_are_the_quarters_that_a_walk_over_the_day_finds(rows):
    for row in rows:
        found = bits(MORNING, row.start, row.end)
        assert {n for n in range(60) if found >> n & 1} == quarters_touched(row)


@given(taken_rows, st.integers(1, 90), st.sets(st.integers(0, 25), max_size=12))
def test_free_starts_are_what_trying_every_unit_at_every_start_finds(rows, length, at):
    starts = [MORNING + n * QUARTER for n in sorted(at)]
    reserved = length * MINUTE
    whole = -(-reserved // QUARTER) * QUARTER

    def is_free(resource: int, start: datetime) -> bool:
        last = starts[0] + -((starts[0] - (start + whole)) // QUARTER) * QUARTER
        return not any(
            r.resource_id == resource
            and any(start <= starts[0] + n * QUARTER < last for n in touched(r))
            for r in rows
        )

    def touched(row: Taken) -> list[int]:
        base = starts[0]
        return [
            n
            for n in range(60)
            if row.start < base + (n + 1) * QUARTER and base + n * QUARTER < row.end
        ]

    naive = []
    for start in starts:
        pools = [sum(is_free(u, start) for u in pool) for pool in (ROOMS, BOOTHS)]
        naive.append(Free(start, min(pools) if all(is_free(p, start) for p in PEOPLE) else 0))
    assert free_starts(starts, reserved, {7: ROOMS, 8: BOOTHS}, PEOPLE, rows) == naive


def test_neighbours_do_not_touch_and_one_minute_takes_its_whole_quarter():
    taken = [Taken(1, MORNING, MORNING + 30 * MINUTE)]
    starts = [MORNING - 30 * MINUTE, MORNING - 15 * MINUTE, MORNING, MORNING + 30 * MINUTE]
    free = free_starts(starts, timedelta(minutes=30), {7: [1]}, [], taken)
    assert [f.count for f in free] == [1, 0, 0, 1]
    late = [Taken(1, MORNING + 44 * MINUTE, MORNING + 45 * MINUTE)]
    assert free_starts([MORNING + 30 * MINUTE], QUARTER, {7: [1]}, [], late)[0].count == 0


def test_a_pool_without_units_has_nothing_free():
    assert free_starts([MORNING], QUARTER, {7: [1], 8: []}, [], []) == [Free(MORNING, 0)]
    assert free_starts([MORNING], QUARTER, {}, [], []) == [Free(MORNING, 0)]
    assert free_starts([], QUARTER, {7: [1]}, [], []) == []


@given(st.integers(0, 2**40), st.integers(1, 8))
def test_smearing_marks_each_start_that_would_run_into_something(taken, quarters):
    marked = smeared(taken, quarters)
    for n in range(41):
        runs_into = any(taken >> (n + k) & 1 for k in range(quarters))
        assert bool(marked >> n & 1) == runs_into


@given(taken_rows, st.integers(1, 200))
def test_closed_starts_are_exactly_those_that_run_into_something_taken(rows, length):
    reserved = length * MINUTE
    found = closed_starts(MORNING, reserved, rows)
    for resource in {row.resource_id for row in rows}:
        expected = {
            n
            for n in range(60)
            for row in rows
            if row.resource_id == resource
            and row.start < MORNING + n * QUARTER + reserved
            and MORNING + n * QUARTER < row.end
        }
        assert {n for n in range(60) if found.get(resource, 0) >> n & 1} == expected
