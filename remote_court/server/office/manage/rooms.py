"""Add and edit rooms."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from remote_court.errors import Invalid, NotFound
from remote_court.places import Unit
from remote_court.places.rooms import RoomDraft, add_room
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import translate
from remote_court.server.office.features import FEATURES
from remote_court.server.office.manage.touched import done
from remote_court.server.office.shared import AtOffice, around, at_office
from remote_court.server.pages import render
from remote_court.server.problems import Again
from remote_court.visits.changes import change_room
from remote_court.visits.desk import room_of
from remote_court.visits.displace import Plan

router = APIRouter(
    include_in_schema=False, route_class=OnceRoute, dependencies=[Depends(at_office)]
)


async def room_page(
    request: Request,
    work: Work,
    office_id: int,
    room: Unit | None,
    form: Fields | None = None,
) -> Response:
    """The form of a room, new or known."""
    page = await around(work, office_id)
    names = {
        name: form.text(name) if form else (getattr(room, name) if room else "")
        for name in ("name_fa", "name_en")
    }
    known = list(room.features) if room else []
    return render(
        request,
        "office/room.html",
        status=422 if form else 200,
        room=room,
        names=names,
        chosen=form.all("features") if form else known,
        features=[{"value": w, "label": translate(request, n)} for w, n in FEATURES.items()],
        errors=form.errors if form else {},
        **page,
    )


@router.get("/offices/{office_id}/manage/rooms/new")
async def ask_new(request: Request, work: Work, office_id: Id) -> Response:
    """Ask what the new room is like."""
    return await room_page(request, work, office_id, None)


@router.post("/offices/{office_id}/manage/rooms/new")
async def add(
    request: Request, actor: AtOffice, work: Work, now: Now, form: Form, office_id: Id, _key: Key
) -> Response:
    """Add it."""
    try:
        await add_room(work, actor, office_id, draft(form), now)
    except Invalid as refusal:
        form.refuse(refusal)
        raise Again(await room_page(request, work, office_id, None, form)) from refusal
    return done(office_id, Plan(), "room")


@router.get("/offices/{office_id}/manage/rooms/{room_id}")
async def ask_edit(request: Request, work: Work, office_id: Id, room_id: Id) -> Response:
    """Ask what has changed about a room."""
    room = await room_of(work, office_id, room_id)
    if room is None:
        raise NotFound
    return await room_page(request, work, office_id, room)


@router.post("/offices/{office_id}/manage/rooms/{room_id}")
async def edit(
    request: Request,
    actor: AtOffice,
    work: Work,
    now: Now,
    form: Form,
    office_id: Id,
    room_id: Id,
    _key: Key,
) -> Response:
    """Save it; visits that need what it no longer has go elsewhere."""
    room = await room_of(work, office_id, room_id)
    if room is None:
        raise NotFound
    try:
        plan = await change_room(work, actor, room_id, draft(form), now)
    except Invalid as refusal:
        form.refuse(refusal)
        raise Again(await room_page(request, work, office_id, room, form)) from refusal
    return done(office_id, plan, "room")


def draft(form: Fields) -> RoomDraft:
    """The room as the form describes it."""
    return RoomDraft(form.text("name_fa"), form.text("name_en"), form.all("features"))
