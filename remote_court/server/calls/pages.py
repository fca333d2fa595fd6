"""The call's page: the check of devices, the waiting room, the talk, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.calls import queries, recording, supervise
from remote_court.calls.kinds import Frame, Rules
from remote_court.calls.models import Call, CallStatus
from remote_court.calls.prepare import session_and_rules, was_called_off
from remote_court.clock import local
from remote_court.errors import Forbidden, Invalid, NotFound
from remote_court.people import Actor
from remote_court.scheduling.models import Session
from remote_court.server.calls.texts import texts
from remote_court.server.calls.workers import origins
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Form
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import local_path, locale_of
from remote_court.server.pages import render

router = APIRouter(include_in_schema=False, route_class=OnceRoute)
SUPERVISOR = "supervisor"
MOST_PAIRS = 9
RECEIVES = frozenset({SUPERVISOR, "observer"})
"""Roles that send nothing: their page checks no camera."""
BENCH = frozenset({"presiding_judge", "associate_judge", "clerk"})


@router.get("/call/{session_id}")
async def call_page(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    site: SiteDep,
    session_id: Id,
    as_: Annotated[str | None, Query(alias="as", max_length=20)] = None,
) -> Response:
    """The page of a call, for a role somebody may enter in."""
    told, rules = await session_and_rules(work, session_id)
    role = await role_of(work, rules, actor, session_id, as_)
    call, frame = await queries.call(work, session_id), await rules.frame(work, session_id)
    shown = await facts(work, rules, session_id, role, call, frame)
    if is_over(told, rules, call, frame, now):
        return render(request, "calls/over.html", **shown)
    told_scripts = island(request, session_id, role, frame, now) | {"home": shown["home"]}
    connect = (*site.connect, *await origins(work))
    rule = await policy.current(work, local(frame.told.start).date())
    told_scripts["warn_minutes"] = list(rule.numbers("visit.warn_before_end_min"))
    return render(request, "calls/call.html", connect=connect, island=told_scripts, **shown)


async def role_of(
    work: AsyncSession, rules: Rules, actor: Actor, session_id: int, wanted: str | None
) -> str:
    """The role asked for, or the usual one.

    Raises:
        NotFound, Forbidden: none, or not this one.
    """
    roles = await rules.roles(work, actor, session_id)
    if wanted is not None and wanted not in roles:
        raise Forbidden
    return wanted or roles[0]


def is_over(told: Session, rules: Rules, call: Call | None, frame: Frame, now: datetime) -> bool:
    """Whether there is nothing left to enter."""
    if told.status not in rules.expected:
        return True
    if call is None or was_called_off(call):
        return now >= frame.told.end
    return now >= call.ends_at or call.status is CallStatus.CLOSED


async def facts(
    work: AsyncSession, rules: Rules, session_id: int, role: str, call: Call | None, frame: Frame
) -> dict[str, Any]:
    """What the page shows of the call."""
    board = await rules.signboard(work, session_id)
    return {
        "session_id": session_id,
        "role": role,
        "kind": frame.kind,
        "sends": role not in RECEIVES,
        "on_bench": role in BENCH,
        "leads": {"pause", "end"} <= frame.verbs.get(role, frozenset()),
        "board": board,
        "home": board.home[role],
        "told": frame.told,
        "opens_at": frame.opens_at,
        "call_status": (call.status if call else CallStatus.WAITING).value,
        "reason": call.reason if call else None,
        "ends_at": call.ends_at if call else frame.told.end,
        "extend_minutes": left_to_extend(call, frame),
        "may_record": "record" in frame.verbs.get(role, ()),
        "recorded": call is not None and call.recording_id is not None,
    }


def left_to_extend(call: Call | None, frame: Frame) -> list[int]:
    """Minutes a supervisor may choose from."""
    if call is None:
        return []
    return list(range(1, supervise.minutes_left(call, frame) + 1))


def island(
    request: Request, session_id: int, role: str, frame: Frame, now: datetime
) -> dict[str, Any]:
    """What the page's scripts are told; data, not code."""
    return {
        "session": str(session_id),
        "as": role,
        "locale": locale_of(request),
        "csrf": request.state.csrf,
        "device": False,
        "now": now.isoformat(),
        "opens_at": frame.opens_at.isoformat(),
        "starts_at": frame.told.start.isoformat(),
        "required": sorted(frame.required),
        "pairs": min(MOST_PAIRS, frame.slots.get(role, MOST_PAIRS)),
        "help_number": request.app.state.site.settings.help_number,
        "texts": texts(request),
    }


@router.post("/call/{session_id}/{verb}")
async def supervised(
    actor: Signed,
    work: Work,
    now: Now,
    site: SiteDep,
    form: Form,
    _key: Key,
    session_id: Id,
    verb: str,
) -> Response:
    """Pause, resume, extend, end, record or stop recording, from a plain form."""
    match verb:
        case "pause":
            await supervise.pause(work, actor, session_id, form.text("reason"), now)
        case "resume":
            await supervise.resume(work, actor, session_id, now)
        case "extend":
            await supervise.extend(work, actor, session_id, minutes(form.text("minutes")), now)
        case "end":
            await supervise.end(work, actor, session_id, form.text("reason"), now)
        case "record":
            ready = site.settings.recording_keys() is not None
            reason = form.text("reason")
            await recording.order(work, actor, session_id, reason, now, ready=ready)
        case "stop_recording":
            await recording.stop(work, actor, session_id, now)
        case _:
            raise NotFound
    back = local_path(form.text("back"), f"/call/{session_id}?as={SUPERVISOR}")
    return RedirectResponse(back, 303)


def minutes(text: str) -> int:
    """A number of minutes from a form.

    Raises:
        Invalid: it is none.
    """
    if not (text.isdecimal() and len(text) <= 3):  # noqa: PLR2004 - hours are no extension
        raise Invalid(where="minutes")
    return int(text)
