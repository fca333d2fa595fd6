"""The pages of giving a role at a place, and of taking it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Forbidden, NotFound
from remote_court.people import grant, queries
from remote_court.people.grants import PLACE_OF, Role
from remote_court.people.refusals import AlreadyGranted
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Form
from remote_court.server.listing import Id, id_of
from remote_court.server.locale import N_, locale_of
from remote_court.server.pages import render
from remote_court.server.people import places
from remote_court.server.people.cookies import forget
from remote_court.server.people.staff import Granter
from remote_court.server.problems import Again, said

router = APIRouter(prefix="/staff/{person_id}/grants", include_in_schema=False)
CHOOSE = N_("Choose a place.")


@router.get("/new")
async def ask(
    request: Request,
    person_id: Id,
    actor: Granter,
    work: Work,
    role: Role,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Ask at which place the role is to hold."""
    if role not in grant.grantable(actor):
        raise Forbidden
    return await page(request, work, person_id, role, q, {})


async def page(
    request: Request, work: Work, person_id: int, role: Role, q: str, errors: dict[str, str]
) -> Response:
    """The choice of a place, twenty at a time, by words."""
    kind = PLACE_OF[role]
    found = await places.find(work, kind, q, locale_of(request)) if kind else []
    return render(
        request,
        "people/grant_new.html",
        status=422 if errors else 200,
        person=await queries.person(work, person_id),
        role=role.value,
        kind=kind,
        q=q,
        places=[{"value": p.id, "label": p.name, "detail": p.detail} for p in found],
        errors=errors,
    )


@router.post("")
async def give(
    request: Request, person_id: Id, actor: Granter, form: Form, work: Work, now: Now
) -> Response:
    """Give the role."""
    role = form.read("role", Role)
    if role is None:
        raise NotFound
    if role not in grant.grantable(actor):
        raise Forbidden
    kind, q = PLACE_OF[role], form.text("q")
    place = await chosen(work, kind, form.text("place")) if kind else None
    if kind and place is None:
        form.note("place", CHOOSE)
        raise Again(await page(request, work, person_id, role, q, form.errors))
    try:
        await grant.grant(work, actor, person_id, role, place, now)
    except AlreadyGranted as refusal:
        errors = {"place": said(request, refusal)}
        raise Again(refused(request, person_id, errors)) from refusal
    forget(request, person_id)
    return RedirectResponse(f"/staff/{person_id}", 303)


def refused(request: Request, person_id: int, errors: dict[str, str]) -> Response:
    """What cannot be given twice, with the way back."""
    message = next(iter(errors.values()))
    return render(
        request, "people/grant_refused.html", status=409, person_id=person_id, message=message
    )


async def chosen(work: Work, kind: str, typed: str) -> tuple[str, int] | None:
    """The chosen place, if it exists."""
    place_id = id_of(typed)
    if place_id is None or not await places.exists(work, kind, place_id):
        return None
    return kind, place_id


@router.post("/{grant_id}/revoke")
async def take_back(
    request: Request, person_id: Id, grant_id: Id, actor: Granter, work: Work, now: Now
) -> Response:
    """Take the role back."""
    given = await grant.revoke(work, actor, grant_id, now)
    if given.person_id != person_id:
        raise NotFound
    forget(request, person_id)
    return RedirectResponse(f"/staff/{person_id}", 303)
