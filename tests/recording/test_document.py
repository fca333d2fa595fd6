"""The proof by hand in docs/recording.md works as it stands there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "recording.md"


def commands() -> str:
    """The indented commands of the section."""
    section = DOCUMENT.read_text().split("## Proving one by hand")[1].split("\n## ")[0]
    return "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))


def test_a_part_is_proved_with_common_tools(part: Path, signing, tmp_path: Path):
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    (tmp_path / "public.pem").write_bytes(signing.public.pem)
    said = commands().replace("PUBLIC.pem", str(tmp_path / "public.pem"))
    words = ["sh", "-c", said.replace("/tmp/s", f"{tmp_path}/s")]
    done = subprocess.run(words, cwd=part, capture_output=True, text=True, check=False)
    assert "Verified Successfully" in done.stdout, done.stderr
    media = part / "0001.mkv.enc"
    media.write_bytes(media.read_bytes()[:-1] + b"\0")
    bent = subprocess.run(words, cwd=part, capture_output=True, text=True, check=False)
    assert "AssertionError: 0001.mkv.enc" in bent.stderr
