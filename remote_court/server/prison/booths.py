"""The booths of a prison: added, withdrawn with a look at what that touches, and returned."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid
from remote_court.people import Actor
from remote_court.places.rooms import RoomDraft
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.prison.access import Officer, officer, own_prison, show
from remote_court.server.problems import Again
from remote_court.server.sent import note
from remote_court.visits import booths
from remote_court.visits.displace import preview

router = APIRouter(
    prefix="/prisons/{prison_id}/booths",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)


@router.get("")
async def listing(request: Request, prison_id: Id, actor: Officer, work: Work) -> Response:
    """List the booths, and ask for another."""
    return await page(request, work, actor, prison_id)


async def page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    prison_id: int,
    form: Fields | None = None,
) -> Response:
    """The list with the form for another booth."""
    prison = await own_prison(work, actor, prison_id)
    every = await booths.booths(work, prison_id)
    return show(request, "booths", prison, form=form, booths=every)


@router.post("")
async def add(
    request: Request,
    prison_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Add a booth."""
    await own_prison(work, actor, prison_id)
    try:
        draft = RoomDraft(form.text("name_fa"), form.text("name_en"))
        await booths.add(work, actor, prison_id, draft, now)
    except Invalid as refusal:
        note(form, refusal)
        raise Again(await page(request, work, actor, prison_id, form)) from refusal
    return RedirectResponse(f"/prisons/{prison_id}/booths", 303)


@router.get("/{booth_id}/withdraw")
async def ask(
    request: Request, prison_id: Id, booth_id: Id, actor: Officer, work: Work, now: Now
) -> Response:
    """Show what withdrawing the booth would touch, and ask why."""
    return await closing_page(request, work, actor, (prison_id, booth_id), now)


async def closing_page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    ids: tuple[int, int],
    now: Now,
    form: Fields | None = None,
) -> Response:
    """What a withdrawal does, and its reason."""
    prison = await own_prison(work, actor, ids[0])
    booth = await booths.booth_of(work, actor, ids[1])
    plan = await preview(work, await booths.withdrawal(work, actor, booth.id, now), now)
    return show(request, "booth_withdraw", prison, form=form, booth=booth, plan=plan)


@router.post("/{booth_id}/withdraw")
async def withdraw(
    request: Request,
    prison_id: Id,
    booth_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Take the booth out of service."""
    try:
        await booths.withdraw(work, actor, booth_id, form.text("reason"), now)
    except Invalid as refusal:
        note(form, refusal)
        again = await closing_page(request, work, actor, (prison_id, booth_id), now, form)
        raise Again(again) from refusal
    return RedirectResponse(f"/prisons/{prison_id}/booths", 303)


@router.post("/{booth_id}/return")
async def put_back(
    prison_id: Id, booth_id: Id, actor: Officer, work: Work, now: Now, _key: Key
) -> Response:
    """Let the booth serve again."""
    await booths.put_back(work, actor, booth_id, now)
    return RedirectResponse(f"/prisons/{prison_id}/booths", 303)
