"""The one file that carries all: the frozen PDF, and after it who signed, sealed by the court.

The signatures are a JSON file attached by an incremental update, so that the bytes that were
signed stay as they are, at the beginning of the file. The court's seal covers every byte but its
own digits, as the byte range of a PDF signature does.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, NameObject, TextStringObject

from remote_court.hearings.minutes.statement import FORMAT
from remote_court.recording.keys import SigningKey

NAME = "signatures.json"
EMPTY = "0" * 128
SEAL = b'"seal":"'


def sealed_bytes(with_empty_seal: bytes) -> bytes:
    """What the court signs of a file."""
    return f"{FORMAT} seal\n{hashlib.sha256(with_empty_seal).hexdigest()}\n".encode()


def assemble(
    document: bytes, hearing: str, entries: Sequence[dict[str, Any]], key: SigningKey
) -> bytes:
    """The file; of the same signatures it has the same bytes."""
    facts = {
        "format": FORMAT,
        "hearing": hearing,
        "length": len(document),
        "seal": EMPTY,
        "sealed_by": key.public.name,
        "sha256": hashlib.sha256(document).hexdigest(),
        "signers": list(entries),
    }
    written = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    file = attached(document, written)
    before, after = file.split(SEAL + EMPTY.encode())
    return before + SEAL + key.sign(sealed_bytes(file)).encode() + after


def attached(document: bytes, written: bytes) -> bytes:
    """The document with a file attached behind it, as PDF/A-3 wants attachments."""
    writer = PdfWriter(io.BytesIO(document), incremental=True)
    file = writer.add_attachment(NAME, written)
    file.subtype = NameObject("/application/json")
    file.associated_file_relationship = NameObject("/Data")
    file.pdf_object[NameObject("/UF")] = TextStringObject(NAME)
    writer.root_object[NameObject("/AF")] = ArrayObject([file.pdf_object.indirect_reference])
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
