"""One transaction a request: committed before the answer, or not at all."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import text
from starlette.responses import PlainTextResponse

from remote_court.errors import Conflict
from remote_court.server.deps import Work
from remote_court.server.guards import public
from remote_court.server.problems import Again

router = APIRouter(dependencies=[Depends(public)])
WRITE = text("INSERT INTO rate_count VALUES ('x', now(), 1)")


@router.post("/api/v1/broken", status_code=201)
async def broken(work: Work) -> dict[str, bool]:
    # A deferred constraint is looked at by the commit itself.
    await work.execute(
        text("CREATE TEMP TABLE later (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    )
    await work.execute(text("INSERT INTO later VALUES (1), (1)"))
    return {"done": True}


@router.post("/api/v1/whole", status_code=201)
async def whole(work: Work) -> dict[str, bool]:
    await work.execute(WRITE)
    return {"done": True}


@router.post("/api/v1/refused")
async def refused(work: Work) -> None:
    await work.execute(WRITE)
    raise Conflict


@router.post("/api/v1/again")
async def again(work: Work) -> None:
    await work.execute(WRITE)
    raise Again(PlainTextResponse("the form again", 422))


@router.post("/api/v1/crash")
async def crash(work: Work) -> None:
    await work.execute(WRITE)
    raise ZeroDivisionError


@router.post("/api/v1/nul")
async def nul(work: Work) -> None:
    await work.execute(text("SELECT CAST(:x AS text)"), {"x": "a\0b"})


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.include_router(router)
    return app


async def written(site) -> int:
    async with site.database.transaction() as session:
        return (await session.execute(text("SELECT count(*) FROM rate_count"))).scalar_one()


async def test_a_failed_commit_says_500_and_not_201(client: httpx.AsyncClient):
    answer = await client.post("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/server-error"


@pytest.mark.parametrize(
    ("path", "status", "rows"),
    [("whole", 201, 1), ("refused", 409, 0), ("again", 422, 0), ("crash", 500, 0)],
)
async def test_what_is_refused_leaves_nothing_behind(
    client: httpx.AsyncClient, site, path: str, status: int, rows: int
):
    assert (await client.post(f"/api/v1/{path}")).status_code == status
    assert await written(site) == rows


async def test_a_value_no_column_could_hold_is_refused(client: httpx.AsyncClient):
    assert (await client.post("/api/v1/nul")).status_code == 422
