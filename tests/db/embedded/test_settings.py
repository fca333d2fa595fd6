from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from remote_court.db.embedded import start, throwaway
from remote_court.db.embedded.settings import command_line
from tests.db.embedded.conftest import ask


def test_the_command_line_survives_the_shell() -> None:
    words = shlex.split(command_line(port=5, socket=Path('/a b/"c", $(d)')))
    assert 'unix_socket_directories="/a b/""c"", $(d)"' in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("jit", "off"),
        ("shared_buffers", "256MB"),
        ("max_connections", "200"),
        ("server_encoding", "UTF8"),
        ("password_encryption", "scram-sha-256"),
        ("TimeZone", "UTC"),
    ],
)
async def test_a_lasting_server_is_set_for_a_small_machine(
    lasting_settings: dict[str, str], name: str, value: str
) -> None:
    assert lasting_settings[name] == value


async def test_persian_is_letters_to_trigrams_and_to_patterns() -> None:
    with throwaway() as server:
        await ask(server, "CREATE EXTENSION pg_trgm")
        assert await ask(server, "SELECT cardinality(show_trgm('تهران'))") == 6
        assert await ask(server, "SELECT 'دادگاه' ~ '^[[:alpha:]]+$'") is True
        assert await ask(
            server, "SELECT array_agg(n ORDER BY n) FROM unnest('{ب,ا,ت}'::text[]) n"
        ) == [
            "ا",
            "ب",
            "ت",
        ]


@pytest.fixture
async def lasting_settings(data_dir: Path) -> dict[str, str]:
    server = start(data_dir)
    words = await ask(
        server, "SELECT json_object_agg(name, current_setting(name)) FROM pg_settings"
    )
    import json

    return dict(json.loads(str(words)))
