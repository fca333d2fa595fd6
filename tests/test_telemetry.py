"""The log: discreet, and not to be filled by whoever sends us nonsense."""

from __future__ import annotations

import logging

import pytest

from remote_court import telemetry
from remote_court.telemetry import Discreet, Sparing


def line(text: str, *args: object, level: int = logging.WARNING, at: int = 1, name: str = "ours"):
    return logging.LogRecord(name, level, "a/file.py", at, text, args, None)


def test_what_looks_like_a_national_id_is_blanked():
    record = line("refused %s", "0012345678")
    assert Discreet().filter(record)
    assert record.getMessage() == "refused [number]"


def test_a_line_that_repeats_itself_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr(telemetry, "monotonic", lambda: now)
    sparing = Sparing(most=3, window_s=10)
    assert [sparing.filter(line("bad %d", at)) for at in range(1000)] == [True] * 3 + [False] * 997
    now = 110.5
    first, second = line("bad %d", 1), line("bad %d", 2)
    assert sparing.filter(first)
    assert sparing.filter(second)
    assert (first.getMessage(), second.getMessage()) == ("bad 1 (997 more)", "bad 2")


def test_other_lines_and_information_are_not_held_back():
    sparing = Sparing(most=1)
    assert sparing.filter(line("bad"))
    assert not sparing.filter(line("bad"))
    assert sparing.filter(line("worse", at=2))
    assert all(sparing.filter(line("GET /", level=logging.INFO)) for _ in range(50))
    chatter = [line("connection open", level=logging.INFO, name="uvicorn.error") for _ in range(3)]
    assert [sparing.filter(each) for each in chatter] == [False] * 3


def test_errors_of_another_kind_from_the_same_place_are_written():
    sparing = Sparing(most=1)
    told = []
    for kind in (ValueError, ValueError, KeyError):
        record = line("failed")
        record.exc_info = (kind, kind(), None)
        told.append(sparing.filter(record))
    assert told == [True, False, True]
