"""Enter a ban: first what it would cancel, then in earnest; and lift one."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from remote_court.calendars import jalali
from remote_court.errors import Invalid
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key
from remote_court.server.listing import id_of
from remote_court.server.prison.file_forms import File, FileDep, file_router
from remote_court.text import ascii_digits
from remote_court.visits import ban_entry, prison_queries
from remote_court.visits.ban_entry import Draft
from remote_court.visits.bans import BanKind

router = file_router()
NOBODY = 0
"""No person has this id."""
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
    taken = id_of(ascii_digits(form.text("sessions")))
    if form.errors:
        return None
    return Draft(
        kind,
        form.text("reference"),
        first,
        ends_on=last if kind is BanKind.JUDICIAL else None,
        sessions=taken if kind is BanKind.DISCIPLINARY else None,
        confirmed_by_judge=form.text("judge"),
        visitor_id=(id_of(visitor) or NOBODY) if visitor else None,
    )


async def page(file: File, kind: str, **more: object) -> Response:
    """The form of a ban: first of which kind, then its particulars."""
    kin = (await prison_queries.file_of(file.work, file.inmate_id, file.today)).kin
    return await file.page("ban", kind=known(kind), kin=kin, touched=None, **more)  # type: ignore[arg-type]


def known(kind: str) -> str:
    """The kind of ban, or nothing where there is none of this name."""
    return kind if kind in set(BanKind) else ""


@router.get("/ban")
async def ask(file: FileDep, kind: Kind = "") -> Response:
    """Ask what kind of ban, then its particulars."""
    return await page(file, kind)


@router.post("/ban")
async def enter(file: FileDep, form: Form, _key: Key) -> Response:
    """Show what the ban would cancel; sent again from there, enter it."""
    draft = read(form)
    rules = await file.rules()
    async with file.sent(form, partial(page, file, form.text("kind"))):
        if draft is None:
            raise Invalid
        kin = (await prison_queries.file_of(file.work, file.inmate_id, file.today)).kin
        if draft.visitor_id not in {None, *(relative.id for _, relative in kin)}:
            raise Invalid(where="visitor")
        what = file.work, file.actor, file.inmate_id, draft
        if form.text("sure"):
            await ban_entry.enter(*what, now=file.now, policy=rules)
            return file.shown()
        coming = await ban_entry.preview(*what, now=file.now, policy=rules)
    until = draft.last_day(rules)
    return await file.page("ban_check", sent=form, draft=draft, until=until, coming=coming)
