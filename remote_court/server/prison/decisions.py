"""Requests that the prison decides: the list, and one to approve or reject."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound, Refusal, RuleRefused
from remote_court.people import Actor
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.prison.access import Officer, officer, own_prison, show
from remote_court.server.problems import Again
from remote_court.server.sent import note
from remote_court.visits import permit_entry, prison_queries, queries
from remote_court.visits.decide import Approval, approve, reject
from remote_court.visits.entering import inmate_of
from remote_court.visits.models import Visit
from remote_court.visits.permits import PermitIssuer
from remote_court.visits.queries import VisitView
from remote_court.visits.touching import strangers_to

router = APIRouter(
    prefix="/prisons/{prison_id}/requests",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)


@router.get("")
async def listing(
    request: Request, prison_id: Id, actor: Officer, work: Work, now: Now
) -> Response:
    """List the requests that wait, the most urgent first."""
    prison = await own_prison(work, actor, prison_id)
    waiting = await prison_queries.requests(work, prison_id, now)
    ties = await prison_queries.ties(work, waiting)
    return show(request, "requests", prison, waiting=waiting, ties=ties)


async def page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    visit: VisitView,
    *,
    form: Fields | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """One request, why it needs a decision, and both answers."""
    prison = await own_prison(work, actor, visit.prison_id)
    day = local(visit.starts_at).date()
    rules = await policy.current(work, day)
    row = await work.get(Visit, visit.id)
    assert row is not None, "a shown visit has a row"
    inmate = await inmate_of(work, visit.inmate_id)
    held = await prison_queries.by_id(work, {visit.inmate_id})
    return show(
        request,
        "request",
        prison,
        form=form,
        refusal=refusal,
        visit=visit,
        inmate=held[visit.inmate_id],
        ties=await prison_queries.ties(work, [visit]),
        strangers=await strangers_to(work, row, day, rules),
        citation=rules.cite(permit_entry.OTHERS),
        issuers=permit_entry.issuers(inmate.on_remand, rules),
    )


async def waiting(
    work: AsyncSession, actor: Actor, prison_id: int, visit_id: int, now: datetime
) -> VisitView:
    """A request to this prison, as it stands now.

    Raises:
        NotFound: there is none.
    """
    await own_prison(work, actor, prison_id)
    visit = await queries.visit(work, visit_id)
    if visit is None or visit.prison_id != prison_id:
        raise NotFound
    return visit.at(now)


@router.get("/{visit_id}")
async def one(
    request: Request, prison_id: Id, visit_id: Id, actor: Officer, work: Work, now: Now
) -> Response:
    """Show a request."""
    visit = await waiting(work, actor, prison_id, visit_id, now)
    return await page(request, work, actor, visit)


@router.post("/{visit_id}/approve")
async def say_yes(
    request: Request,
    prison_id: Id,
    visit_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Approve it."""
    visit = await waiting(work, actor, prison_id, visit_id, now)
    issuer = form.read("issuer", PermitIssuer)
    rules = await policy.current(work, local(visit.starts_at).date())
    try:
        if issuer is None:
            raise Invalid(where="issuer")
        approval = Approval(issuer, form.text("reference"))
        await approve(work, actor, visit_id, approval, now=now, policy=rules)
    except (Invalid, RuleRefused) as refusal:
        note(form, refusal)
        raise Again(
            await page(request, work, actor, visit, form=form, refusal=refusal)
        ) from refusal
    return RedirectResponse(f"/prisons/{prison_id}/requests", 303)


@router.post("/{visit_id}/reject")
async def say_no(
    request: Request,
    prison_id: Id,
    visit_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Reject it, with a reason."""
    visit = await waiting(work, actor, prison_id, visit_id, now)
    try:
        await reject(work, actor, visit_id, form.text("reason"), now=now)
    except Invalid as refusal:
        note(form, refusal)
        raise Again(await page(request, work, actor, visit, form=form)) from refusal
    return RedirectResponse(f"/prisons/{prison_id}/requests", 303)
