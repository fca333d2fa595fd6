"""An inmate is moved, released, in hospital, on leave or back; and which language they speak."""

from __future__ import annotations

from enum import StrEnum

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import audit, policy
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid
from remote_court.people import Actor
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of
from remote_court.server.prison.access import Officer, note, officer, own_inmate
from remote_court.server.prison.entries import file_url, page
from remote_court.server.prison.inmates import person_of
from remote_court.server.problems import Again
from remote_court.text import sort_key
from remote_court.visits import inmate_moves, prison_queries
from remote_court.visits.entering import as_officer
from remote_court.visits.inmates import InmateStatus

router = APIRouter(
    prefix="/prisons/{prison_id}/inmates/{inmate_id}",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)


class Change(StrEnum):
    """What happened to the inmate."""

    MOVED = "moved"
    RELEASED = "released"
    HOSPITAL = "hospital"
    ON_LEAVE = "on_leave"
    BACK = "back"


async def shown(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    ids: tuple[int, int],
    now: Now,
    form: Fields | None = None,
    refusal: Invalid | Conflict | None = None,
) -> Response:
    """What happened, and the visits it touches."""
    _, inmate = await own_inmate(work, actor, *ids)
    locale = locale_of(request)
    places = [
        (prison.id, " – ".join(getattr(place, f"name_{locale}") for place in (province, prison)))
        for prison, province in await prison_queries.prisons(work)
        if prison.id != inmate.prison_id
    ]
    places.sort(key=lambda place: sort_key(place[1]))
    return await page(
        request,
        work,
        actor,
        ids,
        "whereabouts",
        form=form,
        refusal=refusal,
        away=inmate.status is not InmateStatus.HELD,
        prisons=places,
        coming=await inmate_moves.to_come(work, actor, ids[1], now),
    )


@router.get("/whereabouts")
async def ask(
    request: Request, prison_id: Id, inmate_id: Id, actor: Officer, work: Work, now: Now
) -> Response:
    """Ask what happened."""
    return await shown(request, work, actor, (prison_id, inmate_id), now)


@router.post("/whereabouts")
async def enter(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Write it down, and let the visits follow."""
    ids = (prison_id, inmate_id)
    await own_inmate(work, actor, *ids)
    change = form.read("change", Change)
    try:
        if change is None:
            raise Invalid(where="change")
        await carry_out(work, actor, inmate_id, change, form, now)
    except (Invalid, Conflict) as refusal:
        note(form, refusal)
        again = await shown(request, work, actor, ids, now, form, refusal)
        raise Again(again) from refusal
    gone = change is Change.MOVED
    return RedirectResponse(f"/prisons/{prison_id}/inmates" if gone else file_url(*ids), 303)


async def carry_out(
    work: AsyncSession, actor: Actor, inmate_id: int, change: Change, form: Fields, now: Now
) -> None:
    """Do what was chosen."""
    rules = await policy.current(work, local(now).date())
    match change:
        case Change.MOVED:
            target = form.read("prison", int)
            await inmate_moves.move(
                work,
                actor,
                inmate_id,
                prison_id=target or 0,
                ward=form.text("ward"),
                now=now,
                policy=rules,
            )
        case Change.RELEASED:
            await inmate_moves.release(work, actor, inmate_id, form.text("reason"), now=now)
        case Change.HOSPITAL | Change.ON_LEAVE:
            status = InmateStatus(change.value)
            await inmate_moves.leave(work, actor, inmate_id, status, now=now)
        case Change.BACK:
            await inmate_moves.come_back(work, actor, inmate_id, now=now, policy=rules)


@router.get("/language")
async def ask_language(
    request: Request, prison_id: Id, inmate_id: Id, actor: Officer, work: Work
) -> Response:
    """Ask whether the inmate speaks Persian."""
    return await page(request, work, actor, (prison_id, inmate_id), "language")


@router.post("/language")
async def enter_language(
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Write it down; visits booked from now on ask for an interpreter or not."""
    _, inmate = await own_inmate(work, actor, prison_id, inmate_id)
    person = await person_of(work, inmate_id)
    person.speaks_persian = form.text("speaks") == "yes"
    act = as_officer(actor, inmate).act(
        "inmate.language", ("inmate", inmate_id), persian=person.speaks_persian
    )
    await audit.record(work, now, act)
    return RedirectResponse(file_url(prison_id, inmate_id), 303)
