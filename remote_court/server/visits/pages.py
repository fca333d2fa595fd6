"""A person's visits: the list, one visit, its check and its cancelling, slip and calendar entry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from remote_court.calendars.week import Week
from remote_court.clock import local
from remote_court.errors import NotFound, RuleRefused
from remote_court.identifiers import grouped
from remote_court.people import Actor
from remote_court.policy import Policy
from remote_court.scheduling.hold import SlotTaken
from remote_court.server.deps import Now, Work, site_of
from remote_court.server.filters import Speech
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id, WindowDep, encode
from remote_court.server.locale import N_, locale_of, translate
from remote_court.server.pages import render
from remote_court.server.problems import Again, said, said_reasons
from remote_court.server.visits import slip
from remote_court.server.visits.api import rule_of, seen
from remote_court.server.visits.choice import Choice
from remote_court.server.visits.wizard import STEPS
from remote_court.visits import queries
from remote_court.visits.cancel import ReasonNeeded, cancel
from remote_court.visits.models import VisitKind
from remote_court.visits.move import MOVABLE, confirm
from remote_court.visits.queries import VisitView
from remote_court.visits.status import KEEPS_PLACES, Status

router = APIRouter(prefix="/visits", include_in_schema=False, route_class=OnceRoute)
PAGE = 10
AGREE = N_("Say that you know the visit is supervised.")
CONSENT = N_("Say how the visitor agreed.")
GONE = N_("Your time was no longer held, and somebody else has taken it. Choose another.")
CONFIRMABLE = frozenset({Status.HELD, Status.LAPSED})
"""A hold that lapsed is taken again, where nobody else has the places."""
JOINABLE = frozenset({Status.BOOKED, Status.IN_PROGRESS})


@router.get("")
async def mine(
    request: Request, actor: Signed, work: Work, now: Now, window: WindowDep
) -> Response:
    """My visits, newest booking first."""
    before = window.id
    found = await queries.visits_of(work, actor.person_id, before=before, limit=PAGE + 1)
    found = [visit.at(now) for visit in found]
    shown, rest = found[:PAGE], found[PAGE:]
    rule = await rule_of(work, local(now).date(), now)
    opens = rule.minutes("visit.join_open_before_min")
    joinable = {
        v.id for v in shown if v.status in JOINABLE and v.starts_at - opens <= now < v.ends_at
    }
    following = f"/visits?cursor={encode((shown[-1].id,))}" if rest else None
    return render(request, "visits/list.html", visits=shown, next=following, joinable=joinable)


@router.get("/{visit_id}")
async def one(
    request: Request, actor: Signed, work: Work, now: Now, visit_id: Id, new: bool = False
) -> Response:
    """One visit."""
    visit = await seen(work, actor, visit_id, now)
    if visit.status is Status.HELD:
        return RedirectResponse(f"/visits/{visit_id}/check", 303)
    rule = await rule_of(work, local(now).date(), now)
    opens = rule.minutes("visit.join_open_before_min")
    site = site_of(request)
    return render(
        request,
        "visits/one.html",
        visit=visit,
        code=grouped(visit.tracking_code),
        fresh=new,
        standing=visit.status in KEEPS_PLACES,
        joinable=visit.status in JOINABLE and visit.starts_at - opens <= now < visit.ends_at,
        changeable=visit.status in MOVABLE and visit.starts_at > now,
        makeup_url=makeup_url(visit, actor, rule, now),
        change_url=chosen_of(visit, actor).put(visit=visit.id, day=None).url("day"),
        qr=slip.qr_svg(slip.check_in_address(site.settings.origin, visit)),
    )


def makeup_url(visit: VisitView, actor: Actor, rule: Policy, now: datetime) -> str | None:
    """Where a free visit is booked for one that lost too many minutes, while its week lasts."""
    lost = (visit.lost_seconds or 0) // 60
    this_week = Week.of(local(visit.starts_at).date()) == Week.of(local(now).date())
    earned = visit.kind is VisitKind.FAMILY and lost > rule.integer("visit.makeup_if_lost_min")
    if not (earned and this_week and visit.closed_at and visit.booked_for == actor.person_id):
        return None
    return chosen_of(visit, actor).put(makeup=visit.id, day=None).url("day")


def chosen_of(visit: VisitView, actor: Actor) -> Choice:
    """The wizard's answers that lead to this visit."""
    return Choice(
        guest=visit.booked_for if visit.booked_for != actor.person_id else None,
        inmate=visit.inmate_id,
        who=tuple(one.id for one in visit.visitors),
        kind=visit.kind,
        step_free=visit.needs_step_free,
        office=visit.office_id,
        day=local(visit.starts_at).date(),
    )


@router.get("/{visit_id}/check")
async def check(request: Request, actor: Signed, work: Work, now: Now, visit_id: Id) -> Response:
    """Check what will be booked."""
    visit = await seen(work, actor, visit_id, now)
    if visit.status is not Status.HELD:
        return RedirectResponse(f"/visits/{visit_id}", 303)
    return check_page(request, actor, visit)


def check_page(
    request: Request,
    actor: Actor,
    visit: VisitView,
    errors: dict[str, str] | None = None,
    reasons: list[dict[str, Any]] | None = None,
) -> Response:
    """The last page of the wizard."""
    chosen = chosen_of(visit, actor)
    return render(
        request,
        "visits/check.html",
        steps=[translate(request, label) for label in STEPS],
        step=5,
        question=translate(request, N_("Check your visit")),
        back=chosen.url("time"),
        chosen=chosen,
        visit=visit,
        for_another=visit.booked_for != actor.person_id,
        errors=errors or {},
        reasons=reasons or [],
        status=422 if errors or reasons else 200,
    )


@router.post("/{visit_id}/check")
async def confirm_held(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    visit_id: Id,
    _key: Key,
    agree: Annotated[bool, Form()] = False,
    consent: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Book what is held."""
    visit = await seen(work, actor, visit_id, now)
    if visit.status not in CONFIRMABLE:
        return RedirectResponse(f"/visits/{visit_id}", 303)
    if visit.booked_for == actor.person_id and not agree:
        raise Again(check_page(request, actor, visit, {"agree": translate(request, AGREE)}))
    if visit.booked_for != actor.person_id and not consent:
        raise Again(check_page(request, actor, visit, {"consent": translate(request, CONSENT)}))
    rule = await rule_of(work, local(visit.starts_at).date(), now)
    try:
        async with work.begin_nested():
            await confirm(work, actor, visit_id, now, rule, consent=consent or None)
    except SlotTaken:
        gone = {"starts_at": translate(request, GONE)}
        raise Again(check_page(request, actor, visit, gone)) from None
    except RuleRefused as refused:
        told = said_reasons(request, refused.reasons)
        raise Again(check_page(request, actor, visit, None, told)) from None
    return RedirectResponse(f"/visits/{visit_id}?new=1", 303)


@router.get("/{visit_id}/cancel")
async def ask_cancel(
    request: Request, actor: Signed, work: Work, now: Now, visit_id: Id
) -> Response:
    """Ask before cancelling."""
    return await cancel_page(request, actor, work, now, visit_id, {})


async def cancel_page(
    request: Request, actor: Actor, work: Work, now: Now, visit_id: int, errors: dict[str, str]
) -> Response:
    """The page that asks, with what went wrong before, if anything did."""
    visit = await seen(work, actor, visit_id, now)
    rule = await rule_of(work, local(now).date(), now)
    free = rule.hours("visit.cancel_free_before_h")
    return render(
        request,
        "visits/cancel.html",
        visit=visit,
        own=visit.booked_for == actor.person_id,
        late=now > visit.starts_at - free and visit.booked_for == actor.person_id,
        free_hours=int(free.total_seconds() // 3600),
        errors=errors,
        status=422 if errors else 200,
    )


@router.post("/{visit_id}/cancel")
async def cancel_it(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    visit_id: Id,
    _key: Key,
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Cancel the visit."""
    rule = await rule_of(work, local(now).date(), now)
    try:
        await cancel(work, actor, visit_id, reason, now, rule)
    except ReasonNeeded as needed:
        errors = {"reason": said(request, needed)}
        raise Again(await cancel_page(request, actor, work, now, visit_id, errors)) from None
    return RedirectResponse(f"/visits/{visit_id}", 303)


@router.get("/{visit_id}/slip.pdf")
async def slip_pdf(request: Request, actor: Signed, work: Work, now: Now, visit_id: Id) -> Response:
    """The slip to print."""
    visit = await standing(work, actor, visit_id, now)
    settings = site_of(request).settings
    speech = Speech(locale_of(request))
    made = slip.pdf(visit, settings.origin, speech, settings.help_number)
    return Response(made, media_type="application/pdf", headers=as_file(f"visit-{visit_id}.pdf"))


@router.get("/{visit_id}/visit.ics")
async def calendar_entry(
    request: Request, actor: Signed, work: Work, now: Now, visit_id: Id
) -> Response:
    """The visit for one's own calendar."""
    visit = await standing(work, actor, visit_id, now)
    speech = Speech(locale_of(request))
    made = slip.ics(visit, site_of(request).settings.origin, speech)
    return Response(made, media_type="text/calendar", headers=as_file(f"visit-{visit_id}.ics"))


async def standing(work: Work, actor: Actor, visit_id: int, now: datetime) -> VisitView:
    """A visit that keeps its places.

    Raises:
        NotFound: there is none, or it is over.
    """
    visit = await seen(work, actor, visit_id, now)
    if visit.status not in KEEPS_PLACES:
        raise NotFound
    return visit


def as_file(name: str) -> dict[str, str]:
    """Headers of a private file to keep."""
    return {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
