"""The auditor's page: who did what, when and where, and how far it is sealed; never media."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from remote_court.audit import queries as record
from remote_court.audit.queries import Wanted
from remote_court.calendars import jalali
from remote_court.people import Role
from remote_court.server.deps import Work
from remote_court.server.guards import needs
from remote_court.server.hq import queries
from remote_court.server.listing import MAX_ID, WindowDep
from remote_court.server.locale import translate
from remote_court.server.pages import render
from remote_court.text import ascii_digits

router = APIRouter(
    prefix="/audit", include_in_schema=False, dependencies=[Depends(needs(Role.AUDITOR))]
)
Typed = Annotated[str, Query(max_length=60)]
KINDS = (
    *("visit", "inmate", "kinship", "permit", "ban", "mandate", "person", "grant"),
    *("unit", "office", "prison", "call", "device", "consular_papers", "policy", "outbox"),
)


def number(typed: str) -> int | None:
    """An id as typed; none when it is no number."""
    plain = ascii_digits(typed).strip()
    return int(plain) if plain.isdecimal() and int(plain) <= MAX_ID else None


@router.get("")
async def listing(
    request: Request,
    work: Work,
    window: WindowDep,
    kind: Typed = "",
    subject: Typed = "",
    actor: Typed = "",
    act: Typed = "",
    day: Typed = "",
) -> Response:
    """List entries of the record, the newest first."""
    errors: dict[str, str] = {}
    on = None
    if day:
        try:
            on = jalali.read(day)
        except jalali.BadDate as refusal:
            errors["day"] = translate(request, refusal.message)
    wanted = Wanted(kind, number(subject), number(actor), act.strip(), on)
    before = window.id
    found = await record.entries(work, wanted, before=before, limit=window.limit)
    shown, cursor = window.cut(found, lambda line: (line.id,))
    return render(
        request,
        "hq/audit.html",
        status=422 if errors else 200,
        lines=[(line, json.dumps(line.detail, ensure_ascii=False)) for line in shown],
        names=await queries.names(work, {line.actor_id for line in shown if line.actor_id}),
        chain=await record.chain(work),
        kinds=KINDS,
        typed={"kind": kind, "subject": subject, "actor": actor, "act": act, "day": day},
        cursor=cursor,
        errors=errors,
    )
