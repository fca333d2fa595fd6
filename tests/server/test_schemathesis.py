"""Whatever the OpenAPI document allows, and what it forbids, never meets a 5xx."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from remote_court import clock
from remote_court.db import Database
from remote_court.people import Person
from remote_court.people.sessions import open_token
from tests.browser.stage import Cast, make_cast, times
from tests.calls.stack import Stack, serving

pytestmark = pytest.mark.long

EXAMPLES = 12
MOST_S = 500
"""A limit for what hangs: a role takes half a minute of work, and the machine may be busy."""
ROLES = ("family", "office_clerk", "prison_officer", "operator")


HOOKS = """
import uuid
import schemathesis

schemathesis.serializer.alias(
    ["application/sdp", "application/trickle-ice-sdpfrag"], "text/plain"
)

@schemathesis.hook
def before_call(context, case, kwargs):
    \"\"\"A key that was used before answers as before: most requests need one of their own.\"\"\"
    if len((case.headers or {}).get("Idempotency-Key", "")) == 36:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
"""


@pytest_asyncio.fixture
async def cast(database: Database) -> Cast:
    async with database.transaction() as session:
        return await make_cast(session)


@pytest_asyncio.fixture
async def stack(database: Database, cast: Cast, tmp_path: Path) -> AsyncIterator[Stack]:
    async with serving(database, tmp_path) as made:
        yield made


def known(cast: Cast, free: list[datetime], visitors: Sequence[str]) -> str:
    """The tool's settings: ids that there are, so that half of what it asks is of something."""
    words: dict[str, tuple[list[str], list[str]]] = {
        "visits": (
            ["path.visit_id", "path.session_id"],
            [str(cast.ids[name]) for name in ("visit", "coming", "request", "held")],
        ),
        "inmates": (["query.inmate_id", "body.inmate_id"], [str(cast.ids["inmate"])]),
        "offices": (
            ["query.office_id", "path.office_id", "body.office_id"],
            [str(cast.ids["office"])],
        ),
        "people": (
            ["query.visitor_id", "body.visitor_ids[*]"],
            [str(cast.people[name]) for name in visitors],
        ),
        "times": (
            ["body.starts_at"],
            [start.isoformat() for start in free],
        ),
    }
    lines = ['hooks = "hooks.py"', "[parameters]"]
    for name, (places, _) in words.items():
        lines += [
            f'{json.dumps(place)} = {{dictionary = "{name}", probability = 0.6}}'
            for place in places
        ]
    for name, (_, values) in words.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values)}"]
    return "\n".join(lines)


@pytest.mark.timeout(MOST_S + 60)
@pytest.mark.parametrize("role", ROLES)
async def test_no_request_meets_an_error_of_ours(
    stack: Stack, cast: Cast, database: Database, tmp_path: Path, role: str
) -> None:
    async with database.transaction() as session:
        token = await open_token(session, cast.people[role], clock.now())
        mother = await session.get_one(Person, cast.people["family"])
        free = await times(session, cast.scene, mother, clock.now())
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(
        known(cast, free, ("family",) if role == "family" else ("family", "sister"))
    )
    (tmp_path / "hooks.py").write_text(HOOKS)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run"),
        *(f"{stack.origin}/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--checks", "not_a_server_error", "--max-examples", str(EXAMPLES)),
        *("--phases", "examples,coverage,fuzzing", "--seed", "1405", "--no-shrink"),
        *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
        *("--request-timeout", "30", "--continue-on-failure"),
    ]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), MOST_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()
