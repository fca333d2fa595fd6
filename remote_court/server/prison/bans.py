"""Enter a ban: first what it would cancel, then in earnest; and lift one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.errors import Invalid, RuleRefused
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.prison.access import Officer, note, officer, own_inmate
from remote_court.server.prison.entries import file_url, page
from remote_court.server.problems import Again
from remote_court.text import ascii_digits
from remote_court.visits import ban_entry, prison_queries
from remote_court.visits.ban_entry import Draft
from remote_court.visits.bans import BanKind

router = APIRouter(
    prefix="/prisons/{prison_id}/inmates/{inmate_id}",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)
Kind = Annotated[str, Query(max_length=20)]


def read(form: Fields) -> Draft | None:
    """The ban as typed; none when something cannot be read."""
    kind = form.read("kind", BanKind)
    first = form.read("first", jalali.read)
    if kind is None or first is None:
        return None
    typed = form.text("last")
    last = form.read("last", jalali.read) if typed else None
    visitor = form.text("visitor")
    taken = ascii_digits(form.text("sessions"))
    if form.errors:
        return None
    return Draft(
        kind,
        form.text("reference"),
        first,
        ends_on=last if kind is BanKind.JUDICIAL else None,
        sessions=int(taken) if taken.isdecimal() and kind is BanKind.DISCIPLINARY else None,
        confirmed_by_judge=form.text("judge"),
        visitor_id=int(visitor) if visitor.isdecimal() else None,
    )


@router.get("/ban")
async def ask(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    work: Work,
    now: Now,
    kind: Kind = "",
) -> Response:
    """Ask what kind of ban, then its particulars."""
    ids = (prison_id, inmate_id)
    file = await prison_queries.file_of(work, inmate_id, local(now).date())
    return await page(
        request, work, actor, ids, "ban", kind=known(kind), kin=file.kin, touched=None
    )


def known(kind: str) -> str:
    """The kind of ban, or nothing where there is none of this name."""
    return kind if kind in set(BanKind) else ""


@router.post("/ban")
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
    """Show what the ban would cancel; sent again from there, enter it."""
    ids = (prison_id, inmate_id)
    await own_inmate(work, actor, *ids)
    draft = read(form)
    rules = await policy.current(work, local(now).date())
    file = await prison_queries.file_of(work, inmate_id, local(now).date())
    shown = {"kind": known(form.text("kind")), "kin": file.kin}
    try:
        if draft is None:
            raise Invalid(where=next(iter(form.errors), "kind"))
        if draft.visitor_id not in {None, *(relative.id for _, relative in file.kin)}:
            raise Invalid(where="visitor")
        if form.text("sure"):
            await ban_entry.enter(work, actor, inmate_id, draft, now=now, policy=rules)
            return RedirectResponse(file_url(*ids), 303)
        touched = await ban_entry.preview(work, actor, inmate_id, draft, now=now, policy=rules)
    except (Invalid, RuleRefused) as refusal:
        note(form, refusal)
        raise Again(
            await page(
                request,
                work,
                actor,
                ids,
                "ban",
                form=form,
                refusal=refusal,
                touched=None,
                **shown,
            )
        ) from refusal
    until = draft.last_day(rules)
    return await page(
        request, work, actor, ids, "ban_check", sent=form, draft=draft, until=until, coming=touched
    )
