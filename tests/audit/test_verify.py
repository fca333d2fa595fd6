from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.audit.chain import FIELDS, GENESIS, link
from remote_court.audit.verify import Fault, Head, read_lines, verify


def chain(length, tail=0):
    rows, before = [], GENESIS
    for n in range(1, length + tail + 1):
        entry = dict.fromkeys(FIELDS)
        entry |= {"id": n * 10, "tx": n, "at": f"2026-11-24T08:{n:02d}:00.000000+00:00"}
        entry |= {"act": "visit.booked", "subject_kind": "visit", "detail": {"n": n}}
        if n <= length:
            before = link(before, n, entry)
        rows.append(
            {
                "seq": n if n <= length else None,
                "hash": before.hex() if n <= length else None,
                "entry": entry,
            }
        )
    return rows


def faults(rows, noted=()):
    return [(f.fault, f.seq) for f in verify(rows, noted).findings]


def test_a_true_copy_holds_and_tells_of_its_tail():
    report = verify(chain(5, tail=2))
    assert (report.holds, report.sealed, report.unsealed) == (True, 5, 2)
    assert report.unsealed_since == "2026-11-24T08:06:00.000000+00:00"
    assert report.head is not None
    assert report.head.seq == 5


def test_an_empty_copy_holds():
    assert verify([]).as_json()["holds"] is True


@given(st.integers(0, 9), st.sampled_from(["act", "actor_id", "detail", "at", "tx", "place_id"]))
def test_any_change_of_any_entry_is_found(place, name):
    rows = chain(10)
    new = "2026-11-24T09:00:00.000000+00:00" if name == "at" else 999
    rows[place]["entry"][name] = new
    assert faults(rows) == [(Fault.CHANGED, place + 1)]


@given(st.integers(0, 8))
def test_a_removed_line_is_found(place):
    rows = chain(10)
    del rows[place]
    assert faults(rows) == [(Fault.MISSING, place + 1)]


def test_a_seal_whose_entry_is_gone_is_found():
    rows = chain(3)
    rows[1]["entry"] = None
    assert faults(rows) == [(Fault.MISSING, 2)]


def test_a_removed_line_is_found_even_when_places_are_counted_anew():
    rows = chain(10)
    del rows[4]
    for n, row in enumerate(rows, start=1):
        row["seq"] = n
    assert (Fault.CHANGED, 5) in faults(rows)


def test_a_line_put_in_between_is_found():
    rows = chain(10)
    rows.insert(4, copy.deepcopy(rows[3]))
    assert faults(rows) == [(Fault.OUT_OF_ORDER, 4)]


def test_an_entry_that_stands_twice_is_found():
    rows = chain(2, tail=1)
    rows[2]["entry"]["id"] = rows[0]["entry"]["id"]
    assert faults(rows) == [(Fault.TWICE, None)]


@given(st.permutations(range(8)).filter(lambda order: list(order) != sorted(order)))
def test_any_other_order_is_found(order):
    rows = chain(8)
    assert not verify([rows[n] for n in order]).holds


def test_a_copy_cut_off_at_its_end_is_found_by_a_noted_head():
    rows = chain(10)
    head = Head(10, rows[9]["hash"])
    assert verify(rows, [head]).holds
    assert verify(rows[:7]).holds
    assert faults(rows[:7], [head]) == [(Fault.CUT_SHORT, 10)]


def test_a_chain_computed_anew_is_found_by_a_noted_head():
    rows = chain(10)
    assert faults(rows, [Head(6, "00" * 32)]) == [(Fault.OTHER_HEAD, 6)]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"seq": 1},
        {"seq": "1", "hash": "00" * 32, "entry": chain(1)[0]["entry"]},
        {"seq": 1, "hash": "zz", "entry": chain(1)[0]["entry"]},
        {"seq": None, "hash": None, "entry": None},
        {"seq": None, "hash": None, "entry": {**chain(1)[0]["entry"], "at": "yesterday"}},
        {"seq": None, "hash": None, "entry": {"id": 1}},
    ],
)
def test_what_is_no_line_of_ours_is_told(row):
    assert faults([row]) == [(Fault.UNREADABLE, 1)]


def test_lines_that_are_not_json_are_told():
    assert [f.fault for f in verify(read_lines(["[1]\n", "what?\n", "\n"])).findings] == [
        Fault.UNREADABLE,
        Fault.UNREADABLE,
    ]


def test_an_entry_much_older_than_its_forerunner_is_worth_a_look():
    rows, before = chain(3), GENESIS
    rows[2]["entry"]["at"] = "2026-11-23T08:00:00.000000+00:00"
    for row in rows:
        before = link(before, row["seq"], row["entry"])
        row["hash"] = before.hex()
    report = verify(rows)
    assert (report.holds, report.backdated) == (True, (30,))
