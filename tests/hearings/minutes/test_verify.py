"""A copy is proved offline: any changed byte, a removed signature and a wrong key are found."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from remote_court.hearings.minutes.envelope import assemble
from remote_court.hearings.minutes.statement import Statement, instant, statement_of
from remote_court.hearings.minutes.trust import Trust, write
from remote_court.hearings.minutes.verify import verify
from remote_court.recording.keys import SigningKey
from remote_court.recording.refusals import KeyUnusable
from tests.hearings.minutes.desk import PAGE

COURT = SigningKey.of_raw(b"c" * 32)
OTHER = SigningKey.of_raw(b"o" * 32)
OWN = {str(number): SigningKey.of_raw(bytes([number]) * 32) for number in range(1, 4)}
NOON = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
PARTS = {"1": ("party", "accused"), "2": ("clerk", "clerk"), "3": ("judge", "presiding_judge")}


def signed(person: str, at: datetime = NOON, **more: object) -> dict[str, object]:
    import hashlib

    part, role = PARTS[person]
    entry: dict[str, object] = {
        "person": person, "name": "زهرا", "part": part, "role": role, "method": "own",
        "state": "signed", "at": instant(at), "by": person, "key": OWN[person].public.name,
    } | more  # fmt: skip
    said: Statement = statement_of(hashlib.sha256(PAGE).hexdigest(), "7", entry)
    return {"signature": OWN[person].sign(said.said)} | entry


def trust(court: SigningKey = COURT) -> Trust:
    return Trust.read(write(court.public, {n: key.public.raw for n, key in OWN.items()}))


ENTRIES = [signed(person, NOON + timedelta(minutes=int(person))) for person in PARTS]
FILE = assemble(PAGE, "7", ENTRIES, COURT)


def codes(data: bytes, by: Trust | None = None) -> list[str]:
    return [found.code for found in verify(data, by or trust()).findings]


def test_a_whole_copy_is_good_and_the_same_each_time():
    assert codes(FILE) == []
    assert assemble(PAGE, "7", ENTRIES, COURT) == FILE


def test_any_reader_of_pdf_finds_the_signatures():
    (kept,) = PdfReader(io.BytesIO(FILE)).attachments["signatures.json"]
    assert [one["person"] for one in json.loads(kept)["signers"]] == ["1", "2", "3"]


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(FILE) - 1), by=st.integers(1, 255))
def test_any_changed_byte_is_found(at, by):
    changed = bytearray(FILE)
    changed[at] ^= by
    assert codes(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(FILE)), more=st.binary(min_size=1, max_size=30))
def test_anything_put_in_between_or_behind_is_found(at, more):
    assert codes(FILE[:at] + more + FILE[at:])


@settings(max_examples=100, deadline=None)
@given(length=st.integers(0, len(FILE) - 1))
def test_a_copy_cut_short_is_found(length):
    assert codes(FILE[:length])


def test_the_digits_of_the_seal_in_capitals_are_a_change():
    start = FILE.index(b'"seal":"') + 8
    seal = FILE[start : start + 128]
    assert codes(FILE.replace(seal, seal.upper())) == ["no-seal"]


def test_the_document_without_its_signatures_is_no_copy():
    assert codes(PAGE) == ["no-seal"]


def test_a_wrong_key_is_found():
    assert codes(FILE, trust(OTHER)) == ["wrong-key"]
    assert codes(assemble(PAGE, "7", ENTRIES, OTHER)) == ["wrong-key"]


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([ENTRIES[0], {**ENTRIES[1], "state": "awaited"}], ["signature-missing"]),
        ([{**ENTRIES[0], "role": "plaintiff"}], ["bad-signature"]),
        ([{**ENTRIES[0], "signature": ENTRIES[1]["signature"]}], ["bad-signature"]),
        ([{**ENTRIES[0], "by": "2"}], ["signer-unknown"]),
        ([{**ENTRIES[0], "key": "0" * 16}], ["signer-unknown"]),
        ([{**ENTRIES[0], "fingerprint_png": "00"}], ["bad-signature"]),
        ([signed("1", NOON + timedelta(hours=1)), ENTRIES[1]], ["out-of-order"]),
    ],
)
def test_even_under_the_courts_seal_each_signature_is_looked_at(entries, found):
    assert codes(assemble(PAGE, "7", entries, COURT)) == found


@pytest.mark.parametrize("text", ["", "{}", '{"format": "x"}', "[]", '{"format": 1'])
def test_what_is_no_file_of_keys_is_refused(text):
    with pytest.raises(KeyUnusable):
        Trust.read(text)
