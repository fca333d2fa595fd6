"""Forms of a foreign inmate's file: a consul's papers, and the mark of a security convict."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.errors import Invalid
from remote_court.people import Actor
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.prison.access import Officer, note, officer, own_inmate
from remote_court.server.prison.entries import file_url, page, visitor_of
from remote_court.server.problems import Again
from remote_court.visits import consular_entry
from remote_court.visits.consular import Paper
from remote_court.visits.foreign import papers_needed

router = APIRouter(
    prefix="/prisons/{prison_id}/inmates/{inmate_id}",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)


async def papers_page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    ids: tuple[int, int],
    now: Now,
    **more: object,
) -> Response:
    """The form of a consul's papers: those that this inmate's visits need."""
    _, inmate = await own_inmate(work, actor, *ids)
    rules = await policy.current(work, local(now).date())
    needed = [Paper(kind) for kind in papers_needed(inmate.on_remand, rules)]
    return await page(request, work, actor, ids, "papers", needed=needed, **more)  # type: ignore[arg-type]


@router.get("/papers")
async def ask_papers(
    request: Request, prison_id: Id, inmate_id: Id, actor: Officer, work: Work, now: Now
) -> Response:
    """Ask who comes, by which papers, and for which days."""
    return await papers_page(request, work, actor, (prison_id, inmate_id), now)


@router.post("/papers")
async def enter_papers(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Record them."""
    ids = (prison_id, inmate_id)
    await own_inmate(work, actor, *ids)
    first, last = form.read("first", jalali.read), form.read("last", jalali.read)
    try:
        visitor = await visitor_of(request, actor, prison_id, work, form)
        if first is None or last is None:
            raise Invalid(where="first" if first is None else "last")
        papers = {kind.value: form.text(kind) for kind in Paper}
        draft = consular_entry.Draft(visitor.id, papers, first, last)
        rules = await policy.current(work, local(now).date())
        await consular_entry.enter(work, actor, inmate_id, draft, now=now, policy=rules)
    except Invalid as refusal:
        note(form, refusal)
        raise Again(await papers_page(request, work, actor, ids, now, form=form)) from refusal
    return RedirectResponse(file_url(*ids), 303)


@router.get("/security")
async def ask_security(
    request: Request, prison_id: Id, inmate_id: Id, actor: Officer, work: Work
) -> Response:
    """Ask whether the inmate is a security convict, and by which judgment."""
    return await page(request, work, actor, (prison_id, inmate_id), "security")


@router.post("/security")
async def mark_security(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Write it down."""
    ids = (prison_id, inmate_id)
    await own_inmate(work, actor, *ids)
    convict = form.read("security", {"yes": True, "no": False}.__getitem__)
    try:
        if convict is None:
            raise Invalid(where="security")
        await consular_entry.mark(
            work,
            actor,
            inmate_id,
            security_convict=convict,
            reference=form.text("reference"),
            now=now,
        )
    except Invalid as refusal:
        note(form, refusal)
        raise Again(await page(request, work, actor, ids, "security", form=form)) from refusal
    return RedirectResponse(file_url(*ids), 303)
