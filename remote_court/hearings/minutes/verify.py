"""Prove a copy of signed minutes, offline: by the file and a file of public keys."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from remote_court.hearings.minutes.envelope import EMPTY, SEAL, sealed_bytes
from remote_court.hearings.minutes.order import ORDER, Part
from remote_court.hearings.minutes.statement import FORMAT, statement_of
from remote_court.hearings.minutes.trust import Trust

SEALS = re.compile(re.escape(SEAL) + rb'([0-9a-f]{128})"')
"""Lower case only: the same digits written otherwise would be a changed byte."""
SEALED_BY = re.compile(rb'"sealed_by":"([0-9a-f]{16})"')
BEGINNING = f'{{"format":"{FORMAT}"'.encode()


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a word for programs, and where."""

    code: str
    where: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it; ``signers`` are the copy's entries, none where it cannot be trusted."""

    sha256: str
    signers: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong, and nobody's signature is missing."""
        return not self.findings


def verify(data: bytes, trust: Trust) -> Verdict:
    """Look at everything the copy says.

    Findings: ``no-seal``, ``wrong-key``, ``changed``, ``document-changed``, ``signer-unknown``,
    ``bad-signature``, ``out-of-order``, ``signature-missing``.
    """
    if (broken := broken_seal(data, trust)) is not None:
        return Verdict("", (), (broken,))
    text = data[data.rindex(BEGINNING) :].decode("latin-1")
    facts, _ = json.JSONDecoder().raw_decode(text)
    found = [*document(data, facts), *order(facts["signers"])]
    for entry in facts["signers"]:
        found += signature(facts, entry, trust)
    return Verdict(facts["sha256"], tuple(facts["signers"]), tuple(found))


def broken_seal(data: bytes, trust: Trust) -> Finding | None:
    """What is wrong with the court's seal, which covers every byte of the file."""
    seals, names = SEALS.findall(data), SEALED_BY.findall(data)
    if len(seals) != 1 or len(names) != 1 or BEGINNING not in data:
        return Finding("no-seal", "file")
    key = trust.court.get(names[0].decode())
    if key is None:
        return Finding("wrong-key", names[0].decode())
    empty = data.replace(SEAL + seals[0], SEAL + EMPTY.encode())
    if not key.proves(seals[0].decode(), sealed_bytes(empty)):
        return Finding("changed", "file")
    return None


def document(data: bytes, facts: dict[str, Any]) -> Iterator[Finding]:
    """Whether the frozen document is the one that was signed."""
    if hashlib.sha256(data[: facts["length"]]).hexdigest() != facts["sha256"]:
        yield Finding("document-changed", "document")


def order(signers: list[dict[str, Any]]) -> Iterator[Finding]:
    """Whether all acted, and each after those who come before."""
    latest: dict[Part, str] = {}
    for entry in signers:
        part = Part(entry["part"])
        if entry["state"] == "awaited":
            yield Finding("signature-missing", str(entry["person"]))
            continue
        latest[part] = max(latest.get(part, ""), entry["at"])
    for entry in signers:
        before = ORDER[: ORDER.index(Part(entry["part"]))]
        if entry["state"] != "awaited" and any(latest.get(p, "") > entry["at"] for p in before):
            yield Finding("out-of-order", str(entry["person"]))


def signature(facts: dict[str, Any], entry: dict[str, Any], trust: Trust) -> Iterator[Finding]:
    """Whether a signature is its owner's."""
    if entry["state"] != "signed":
        return
    owner, key = trust.signers.get(entry["key"], ("", None))
    if key is None or owner != entry["by"]:
        yield Finding("signer-unknown", str(entry["person"]))
    elif not key.proves(
        entry["signature"], statement_of(facts["sha256"], facts["hearing"], entry).said
    ):
        yield Finding("bad-signature", str(entry["person"]))
