"""An inmate is moved, released, in hospital, on leave or back."""

from __future__ import annotations

from enum import StrEnum
from functools import partial

from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid
from remote_court.people.inmates import InmateStatus
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key
from remote_court.server.listing import id_of
from remote_court.server.locale import locale_of
from remote_court.server.prison.file_forms import File, FileDep, file_router
from remote_court.text import sort_key
from remote_court.visits import inmate_moves, prison_queries
from remote_court.visits.models import Visit
from remote_court.visits.under_way import under_way

router = file_router()


class Change(StrEnum):
    """What happened to the inmate."""

    MOVED = "moved"
    RELEASED = "released"
    HOSPITAL = "hospital"
    ON_LEAVE = "on_leave"
    BACK = "back"


async def page(file: File, **more: object) -> Response:
    """What happened, and the visits it touches."""
    locale = locale_of(file.request)
    places = [
        (prison.id, " – ".join(getattr(place, f"name_{locale}") for place in (province, prison)))
        for prison, province in await prison_queries.prisons(file.work)
        if prison.id != file.prison_id
    ]
    return await file.page(
        "whereabouts",
        away=file.inmate.status is not InmateStatus.HELD,
        prisons=sorted(places, key=lambda place: sort_key(place[1])),
        coming=await inmate_moves.to_come(file.work, file.actor, file.inmate_id, file.now),
        running=bool(await under_way(file.work, Visit.inmate_id == file.inmate_id)),
        **more,  # type: ignore[arg-type]
    )


@router.get("/whereabouts")
async def ask(file: FileDep) -> Response:
    """Ask what happened."""
    return await page(file)


@router.post("/whereabouts")
async def enter(file: FileDep, form: Form, _key: Key) -> Response:
    """Write it down, and let the visits follow."""
    change = form.read("change", Change)
    async with file.sent(form, partial(page, file)):
        if change is None:
            raise Invalid
        await carry_out(file, change, form)
    if change is Change.MOVED:
        return RedirectResponse(f"/prisons/{file.prison_id}/inmates", 303)
    return file.shown()


async def carry_out(file: File, change: Change, form: Fields) -> None:
    """Do what was chosen."""
    who = file.work, file.actor, file.inmate_id
    rules = await file.rules()
    match change:
        case Change.MOVED:
            await inmate_moves.move(
                *who,
                prison_id=id_of(form.text("prison")) or 0,
                ward=form.text("ward"),
                now=file.now,
                policy=rules,
            )
        case Change.RELEASED:
            await inmate_moves.release(*who, form.text("reason"), now=file.now)
        case Change.HOSPITAL | Change.ON_LEAVE:
            await inmate_moves.leave(*who, InmateStatus(change.value), now=file.now)
        case Change.BACK:
            await inmate_moves.come_back(*who, now=file.now, policy=rules)
