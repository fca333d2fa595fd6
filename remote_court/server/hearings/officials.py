"""Interpreters, sign interpreters and experts, as headquarters keep them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.calendars import jalali
from remote_court.errors import Conflict, Invalid
from remote_court.hearings import case_queries
from remote_court.hearings.name_official import OfficialDraft, name_official
from remote_court.hearings.officials import OfficialKind
from remote_court.hearings.who import NotKnownYet
from remote_court.people import Actor, Role
from remote_court.places.queries import province_names
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import needs
from remote_court.server.hearings import words
from remote_court.server.hearings.parties import identity_of
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import WindowDep
from remote_court.server.locale import locale_of
from remote_court.server.pages import render
from remote_court.server.people.lookups import looked_up
from remote_court.server.problems import Again, said
from remote_court.server.sent import note

headquarters = needs(Role.HQ_PLANNER)
Planner = Annotated[Actor, Depends(headquarters)]
router = APIRouter(
    prefix="/hq/officials",
    include_in_schema=False,
    dependencies=[Depends(headquarters)],
    route_class=OnceRoute,
)


@router.get("")
async def listing(
    request: Request,
    work: Work,
    window: WindowDep,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """List licences, or those whose holder, number, language or field has the words."""
    found = await case_queries.officials(work, words=q, after=window.id, limit=window.limit)
    shown, cursor = window.cut(found, lambda line: (line.official.id,))
    provinces = await province_names(work, locale_of(request))
    return render(
        request,
        "hearings/officials.html",
        officials=shown,
        provinces=provinces,
        q=q,
        cursor=cursor,
        words=words,
    )


@router.get("/new")
async def ask(request: Request, work: Work) -> Response:
    """Ask who, with which licence, for what and where."""
    return await form_page(request, work)


async def form_page(
    request: Request,
    work: AsyncSession,
    *,
    form: Fields | None = None,
    refusal: object = None,
) -> Response:
    """The form of a licence."""
    return render(
        request,
        "hearings/official_form.html",
        status=422 if form else 200,
        typed=form.text if form else lambda _name: "",
        chosen=form.all("provinces") if form else [],
        errors=dict(form.errors) if form else {},
        unknown=isinstance(refusal, NotKnownYet) or bool(form and form.text("given_name")),
        provinces=await province_names(work, locale_of(request)),
        words=words,
    )


def several(typed: str) -> tuple[str, ...]:
    """What was written between commas."""
    parts = (part.strip() for part in typed.replace("،", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


@router.post("/new")
async def enter(
    request: Request, actor: Planner, work: Work, now: Now, form: Form, _key: Key
) -> Response:
    """Enter the licence."""
    page = partial(form_page, request, work)
    kind, who = form.read("kind", OfficialKind), identity_of(form)
    valid_to = form.read("valid_to", jalali.read) if form.text("valid_to") else None
    try:
        if kind is None or who is None or form.errors:
            raise Invalid
        draft = OfficialDraft(
            kind=kind,
            licence=form.text("licence"),
            languages=tuple(code.lower() for code in several(form.text("languages"))),
            fields=several(form.text("fields")),
            provinces=tuple(form.all("provinces")),
            valid_to=valid_to,
        )
        made = await name_official(work, actor, who, draft, now=now)
        roles = (Role.HQ_PLANNER,)
        await looked_up(request, actor, roles, None, form.text("national_id"), made.person_id)
    except (Invalid, Conflict) as refusal:
        note(form, refusal)
        if isinstance(refusal, Conflict):
            form.errors[""] = said(request, refusal)
        raise Again(await page(form=form, refusal=refusal)) from refusal
    return RedirectResponse("/hq/officials", 303)
