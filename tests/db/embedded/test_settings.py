from __future__ import annotations

import json
import shlex
from pathlib import Path

from remote_court.db.embedded import start, throwaway
from remote_court.db.embedded.settings import command_line
from tests.db.embedded.conftest import ask


def test_the_command_line_survives_the_shell() -> None:
    words = shlex.split(command_line(port=5, socket=Path('/a b/"c", $(d)')))
    assert 'unix_socket_directories="/a b/""c"", $(d)"' in words


async def test_a_lasting_server_is_set_for_a_small_machine(data_dir: Path) -> None:
    every = "SELECT json_object_agg(name, current_setting(name)) FROM pg_settings"
    found = json.loads(str(await ask(start(data_dir), every)))
    wanted = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "jit": "off",
        "shared_buffers": "256MB",
        "max_connections": "200",
        "server_encoding": "UTF8",
        "password_encryption": "scram-sha-256",
        "TimeZone": "UTC",
    }
    assert {name: found[name] for name in wanted} == wanted


async def test_persian_is_letters_to_trigrams_and_to_patterns() -> None:
    with throwaway() as server:
        await ask(server, "CREATE EXTENSION pg_trgm")
        assert await ask(server, "SELECT cardinality(show_trgm('تهران'))") == 6
        assert await ask(server, "SELECT 'دادگاه' ~ '^[[:alpha:]]+$'") is True
        sort = "SELECT string_agg(n, '' ORDER BY n) FROM unnest('{ب,ا,ت}'::text[]) n"
        assert await ask(server, sort) == "ابت"
