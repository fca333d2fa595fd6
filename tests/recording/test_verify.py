"""Whatever is done to a part after it was signed is found, with the public key alone."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from remote_court.recording import manifest
from remote_court.recording.cipher import Cipher
from remote_court.recording.keys import MasterKey, PublicKey, SigningKey, new_secret
from remote_court.recording.reading import ReadPart
from remote_court.recording.refusals import KeyUnusable, RecordingBroken
from remote_court.recording.seal import MANIFEST, SIGNATURE, sign
from remote_court.recording.verify import verify

MEDIA = "0001.mkv.enc"


def codes(part: Path, key: PublicKey) -> set[str]:
    return {finding.code for finding in verify(part, key).findings}


def segments(part: Path) -> list[manifest.Line]:
    return list(manifest.read((part / MANIFEST).read_bytes()).of("segment"))


def rewrite(part: Path, change: Callable[[bytes], bytes], name: str = MEDIA) -> None:
    path = part / name
    path.write_bytes(change(path.read_bytes()))


def test_a_part_as_it_was_written_is_good(part: Path, signing: SigningKey):
    key = PublicKey.read(signing.public.pem)
    verdict = verify(part, key)
    assert verdict.good
    assert not verdict.cut_off
    assert verdict.segments >= 2
    assert verdict.octets == (part / MEDIA).stat().st_size


@pytest.mark.parametrize("name", [MEDIA, MANIFEST, SIGNATURE])
def test_any_flipped_bit_is_found(part: Path, signing: SigningKey, name: str):
    whole = (part / name).read_bytes()
    dice = random.Random(11)
    for _ in range(40):
        bent = bytearray(whole)
        at = dice.randrange(len(bent))
        bent[at] ^= 1 << dice.randrange(8)
        (part / name).write_bytes(bent)
        same = name == SIGNATURE and _reads_alike(whole, bytes(bent))
        assert same or codes(part, signing.public), f"byte {at} of {name}"
    (part / name).write_bytes(whole)
    assert verify(part, signing.public).good


def _reads_alike(whole: bytes, bent: bytes) -> bool:
    """A flipped case of a hexadecimal digit, or another blank, says the same."""
    try:
        one, other = json.loads(whole), json.loads(bent)
    except ValueError:
        return False
    one["signature"], other["signature"] = (
        str(each.get("signature")).lower() for each in (one, other)
    )
    return bool(one == other) or {k for k in one if one[k] != other.get(k)} <= {"format"}


def test_a_segment_that_is_missing_doubled_or_elsewhere_is_found(
    part: Path, signing: SigningKey, tmp_path: Path
):
    (first, second, *_), data = segments(part), (part / MEDIA).read_bytes()
    one = data[: first["length"]]
    two = data[first["length"] : first["length"] + second["length"]]
    rest = data[len(one) + len(two) :]
    for changed in (one + rest, two + rest, two + one + rest, one + one + two + rest, one + two):
        copy = tmp_path / "copy" / part.name
        shutil.copytree(part, copy)
        (copy / MEDIA).write_bytes(changed)
        if changed == data:
            continue
        assert codes(copy, signing.public) & {"segment-changed", "file-cut", "file-longer"}
        shutil.rmtree(copy)


def test_a_line_taken_from_the_manifest_is_found_even_if_the_rest_is_chained_anew(
    part: Path, signing: SigningKey
):
    lines = (part / MANIFEST).read_bytes().splitlines(keepends=True)
    gone = next(n for n, line in enumerate(lines) if b'"segment"' in line)
    (part / MANIFEST).write_bytes(b"".join(lines[:gone] + lines[gone + 1 :]))
    assert "manifest-changed" in codes(part, signing.public)
    chain = manifest.Chain()
    anew = []
    for raw in lines[:gone] + lines[gone + 1 :]:
        said = json.loads(raw)
        del said["prev"]
        anew.append(chain.add(said.pop("type"), **said))
    (part / MANIFEST).write_bytes(b"".join(anew))
    assert "manifest-changed" in codes(part, signing.public)
    sign(part, chain, SigningKey.read(new_secret()))
    assert "wrong-key" in codes(part, signing.public)


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda part: (part / MEDIA).unlink(), "file-missing"),
        (lambda part: (part / SIGNATURE).unlink(), "no-signature"),
        (lambda part: (part / MANIFEST).unlink(), "no-manifest"),
        (lambda part: (part / "0002.mkv.enc").write_bytes(b"x"), "file-unknown"),
        (lambda part: rewrite(part, lambda data: data[:-1]), "file-cut"),
        (lambda part: rewrite(part, lambda data: data + b"x"), "file-longer"),
        (lambda part: rewrite(part, lambda data: data[:-9], MANIFEST), "manifest-changed"),
        (lambda part: rewrite(part, lambda _: b"", MANIFEST), "not-the-part"),
        (lambda part: rewrite(part, lambda _: b"{}", SIGNATURE), "no-signature"),
    ],
)
def test_each_harm_has_its_word(part: Path, signing: SigningKey, harm, code):
    harm(part)
    assert code in codes(part, signing.public)


def test_a_part_that_stands_in_for_another_is_found(part: Path, signing: SigningKey):
    other = part.with_name("8-" + "0" * 8)
    part.rename(other)
    assert codes(other, signing.public) == {"not-the-part"}


def test_another_court_s_key_proves_nothing(part: Path):
    assert codes(part, SigningKey.read(new_secret()).public) == {"wrong-key"}


def test_a_segment_opens_only_in_its_place_and_under_its_key(part: Path, master: MasterKey):
    with pytest.raises(RecordingBroken):
        ReadPart(part, MasterKey.read(new_secret()))
    cipher = Cipher(b"k" * 32, "p")
    sealed = cipher.seal(1, 1, b"said")
    assert cipher.open(1, 1, sealed) == b"said"
    for other in (Cipher(b"k" * 32, "q"), Cipher(b"K" * 32, "p")):
        with pytest.raises(RecordingBroken):
            other.open(1, 1, sealed)
    with pytest.raises(RecordingBroken):
        cipher.open(1, 2, sealed)
    rewrite(part, lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:])
    with pytest.raises(RecordingBroken):
        b"".join(ReadPart(part, master).clear(1))


def test_a_key_that_is_none_is_refused():
    for text in ("", "zz" * 32, "00" * 31, "a word"):
        with pytest.raises(KeyUnusable):
            MasterKey.read(text)
        with pytest.raises(KeyUnusable):
            SigningKey.read(text)
    with pytest.raises(KeyUnusable):
        PublicKey.read(b"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n")
