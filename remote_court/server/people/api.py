"""Who am I: the people room's part of the API."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from remote_court.server.guards import SignedAnyhow

router = APIRouter(prefix="/api/v1", tags=["people"])


class GrantOut(BaseModel):
    """A role, and the place where it holds; none where it holds everywhere."""

    role: str
    place_id: str | None


class Me(BaseModel):
    """Who is signed in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "1204",
                    "name": "مریم رضایی",
                    "locale": "fa",
                    "roles": [{"role": "family", "place_id": None}],
                    "must_change_password": False,
                }
            ]
        }
    )

    id: str
    name: str
    locale: str
    roles: list[GrantOut]
    must_change_password: bool


@router.get("/me")
async def me(actor: SignedAnyhow) -> Me:
    """Say who is signed in, and which roles they hold where."""
    held = sorted(actor.grants, key=lambda grant: (grant[0].value, grant[1] or 0))
    return Me(
        id=str(actor.person_id),
        name=actor.name,
        locale=actor.locale,
        roles=[GrantOut(role=r, place_id=str(p) if p else None) for r, p in held],
        must_change_password=actor.must_change_password,
    )
