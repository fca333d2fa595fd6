"""Prove a copy of the record offline: nothing changed, removed, put in between or reordered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from remote_court.audit.chain import FIELDS, GENESIS, link

SLACK = timedelta(minutes=10)
"""How much older than its forerunner an entry may be before it looks backdated."""


class Fault(StrEnum):
    """What can be wrong with a copy."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out_of_order"
    TWICE = "twice"
    UNREADABLE = "unreadable"
    CUT_SHORT = "cut_short"
    OTHER_HEAD = "other_head"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where: the place in the chain and the entry, if known."""

    fault: Fault
    seq: int | None
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain, as somebody noted it outside the database."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a copy proves.

    ``unsealed`` entries are too young for the chain; ``unsealed_since`` is the oldest of them.
    ``backdated`` are sealed entries much older than those before them: no proof of anything, but
    worth a look.
    """

    sealed: int
    head: Head | None
    findings: tuple[Finding, ...] = ()
    unsealed: int = 0
    unsealed_since: str | None = None
    backdated: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the chain is whole."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """The report for a machine."""
        return {
            "holds": self.holds,
            "sealed": self.sealed,
            "head": {"seq": self.head.seq, "hash": self.head.hash} if self.head else None,
            "unsealed": self.unsealed,
            "unsealed_since": self.unsealed_since,
            "backdated": list(self.backdated),
            "findings": [
                {"fault": f.fault.value, "seq": f.seq, "entry_id": f.entry_id}
                for f in self.findings
            ],
        }


def verify(rows: Iterable[Mapping[str, Any]], noted: Iterable[Head] = ()) -> Report:
    """Walk exported rows and report every fault found.

    Args:
        rows: what ``export`` gave, in its order.
        noted: heads written down earlier; the copy must pass through each of them. Without one,
            a copy cut off at its end, or a chain computed anew, cannot be told from a true one.
    """
    walk = _Walk(expected={head.seq: head.hash for head in noted})
    for row in rows:
        walk.take(row)
    return walk.report()


def read_lines(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Read an exported file; a line that is not one of ours is given as an empty row."""
    for text in lines:
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError:
            row = {}
        yield row if isinstance(row, dict) else {}


@dataclass(slots=True)
class _Walk:
    expected: dict[int, str]
    seq: int = 0
    hash: bytes = GENESIS
    sealed: int = 0
    latest: datetime | None = None
    seen: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    backdated: list[int] = field(default_factory=list)
    unsealed: int = 0
    unsealed_since: str | None = None

    def take(self, row: Mapping[str, Any]) -> None:
        if not _readable(row):
            self.findings.append(Finding(Fault.UNREADABLE, self.seq + 1))
        elif row["seq"] is None:
            self._tail(row["entry"])
        else:
            self._sealed(row["seq"], row["hash"], row["entry"])

    def _tail(self, entry: Mapping[str, Any]) -> None:
        self.unsealed += 1
        self.unsealed_since = min(self.unsealed_since or entry["at"], entry["at"])
        self._once(None, entry)

    def _sealed(self, seq: int, said: str, entry: Mapping[str, Any] | None) -> None:
        self.sealed += 1
        if seq > self.seq + 1:
            gone = range(self.seq + 1, seq)
            self.findings += [Finding(Fault.MISSING, n) for n in gone[:100]]
        elif seq <= self.seq:
            self.findings.append(Finding(Fault.OUT_OF_ORDER, seq, entry["id"] if entry else None))
            return
        if entry is None:
            self.findings.append(Finding(Fault.MISSING, seq))
        else:
            self._once(seq, entry)
            self._dated(entry)
            # After a gap the link before is unknown; the next pair of lines is checked again.
            if seq == self.seq + 1 and link(self.hash, seq, entry).hex() != said:
                self.findings.append(Finding(Fault.CHANGED, seq, entry["id"]))
        if seq in self.expected and self.expected[seq] != said:
            self.findings.append(Finding(Fault.OTHER_HEAD, seq))
        self.seq, self.hash = seq, bytes.fromhex(said)

    def _once(self, seq: int | None, entry: Mapping[str, Any]) -> None:
        if entry["id"] in self.seen:
            self.findings.append(Finding(Fault.TWICE, seq, entry["id"]))
        self.seen.add(entry["id"])

    def _dated(self, entry: Mapping[str, Any]) -> None:
        at = datetime.fromisoformat(entry["at"])
        if self.latest is not None and at < self.latest - SLACK:
            self.backdated.append(entry["id"])
        self.latest = max(self.latest or at, at)

    def report(self) -> Report:
        cut = [seq for seq in self.expected if seq > self.seq]
        return Report(
            sealed=self.sealed,
            head=Head(self.seq, self.hash.hex()) if self.seq else None,
            findings=(*self.findings, *(Finding(Fault.CUT_SHORT, seq) for seq in sorted(cut))),
            unsealed=self.unsealed,
            unsealed_since=self.unsealed_since,
            backdated=tuple(self.backdated),
        )


def _readable(row: Mapping[str, Any]) -> bool:
    seq, said, entry = (row.get(name) for name in ("seq", "hash", "entry"))
    if entry is not None and not _entry(entry):
        return False
    if seq is None:
        return said is None and entry is not None
    return isinstance(seq, int) and isinstance(said, str) and _hexadecimal(said)


def _entry(entry: object) -> bool:
    if not isinstance(entry, Mapping) or set(entry) != set(FIELDS):
        return False
    return isinstance(entry["id"], int) and isinstance(entry["at"], str) and _instant(entry["at"])


def _instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _hexadecimal(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == len(GENESIS)
    except ValueError:
        return False
