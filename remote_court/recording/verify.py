"""Prove a part, offline: by its files and the court's public key, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from remote_court.recording import manifest
from remote_court.recording.keys import PublicKey
from remote_court.recording.manifest import Line, Read
from remote_court.recording.part import file_name
from remote_court.recording.seal import MANIFEST, SIGNATURE, signed


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a word for programs, and where."""

    code: str
    where: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it. A part that was cut off is whole as far as it goes."""

    part: str
    segments: int
    octets: int
    cut_off: bool
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def verify(folder: Path, key: PublicKey) -> Verdict:
    """Look at everything a part consists of.

    Findings: ``no-manifest``, ``no-signature``, ``wrong-key``, ``bad-signature``,
    ``manifest-changed``, ``not-the-part``, ``no-end``, ``file-missing``, ``file-unknown``,
    ``file-cut``, ``file-longer``, ``segment-order``, ``segment-changed``.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
    except OSError:
        return Verdict(folder.name, 0, 0, False, (Finding("no-manifest", MANIFEST),))
    read = manifest.read(data)
    findings = [*of_signature(folder, read, len(data), key), *of_lines(folder, read)]
    segments = list(read.of("segment"))
    cut_off = bool(next(read.of("end"), {}).get("cut_off"))
    octets = 0
    try:
        findings += of_files(folder, read, segments, cut_off=cut_off)
        octets = sum(int(line["length"]) for line in segments)
    except (KeyError, TypeError, ValueError):  # a line that says not what it should
        findings.append(Finding("manifest-changed", MANIFEST))
    return Verdict(folder.name, len(segments), octets, cut_off, tuple(findings))


def of_signature(folder: Path, read: Read, length: int, key: PublicKey) -> Iterator[Finding]:
    """Whether the manifest is the one that was signed."""
    if read.broken_at is not None:
        yield Finding("manifest-changed", f"line {read.broken_at}")
    seal = signed(folder)
    if seal is None:
        yield Finding("no-signature", SIGNATURE)
        return
    if seal.key != key.name:
        yield Finding("wrong-key", seal.key)
    elif not seal.proved_by(key):
        yield Finding("bad-signature", SIGNATURE)
    if (seal.head, seal.lines, seal.length) != (read.chain.head, read.chain.lines, length):
        yield Finding("manifest-changed", f"line {read.chain.lines}")


def of_lines(folder: Path, read: Read) -> Iterator[Finding]:
    """Whether the manifest is of this folder, and complete."""
    if read.header.get("format") != manifest.FORMAT or read.header.get("part") != folder.name:
        yield Finding("not-the-part", str(read.header.get("part", "")))
    if not read.lines or read.lines[-1]["type"] != "end":
        yield Finding("no-end", MANIFEST)


def of_files(folder: Path, read: Read, segments: list[Line], *, cut_off: bool) -> Iterator[Finding]:
    """Whether every file holds its segments, each in its place, and nothing else.

    Where the writer was cut off, bytes may stand behind the last segment of which no line tells.
    """
    known = {int(line["file"]) for line in read.of("file")}
    for number in sorted(known):
        mine = [line for line in segments if line["file"] == number]
        yield from of_file(folder, number, mine, cut_off=cut_off)
    wanted = {MANIFEST, SIGNATURE, *map(file_name, known)}
    for path in sorted(folder.iterdir()):
        if path.name not in wanted:
            yield Finding("file-unknown", path.name)


def of_file(folder: Path, number: int, segments: list[Line], *, cut_off: bool) -> Iterator[Finding]:
    """Whether one file is what was written."""
    name = file_name(number)
    try:
        file = (folder / name).open("rb")
    except OSError:
        yield Finding("file-missing", name)
        return
    at = 0
    with file:
        for count, line in enumerate(segments, start=1):
            where = f"{name}#{line['n']}"
            if line["n"] != count or line["offset"] != at:
                yield Finding("segment-order", where)
                return
            data = file.read(line["length"])
            at += line["length"]
            if len(data) < line["length"]:
                yield Finding("file-cut", where)
                return
            if hashlib.sha256(data).hexdigest() != line["sha256"]:
                yield Finding(problem(data, segments), where)
        if file.read(1) and not cut_off:
            yield Finding("file-longer", name)


def problem(data: bytes, segments: list[Line]) -> str:
    """Whether a segment that is not the right one is another in its place."""
    found = hashlib.sha256(data).hexdigest()
    others = any(found == line["sha256"] for line in segments)
    return "segment-order" if others else "segment-changed"
