"""One notice as its court sees it and works on it, its proof, and what is said against it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.calendars import jalali
from remote_court.calendars.opening_hours import on_wall
from remote_court.errors import Invalid
from remote_court.notices import rebut, serve_on_paper
from remote_court.notices.of_court import COURT, for_reader, of_court
from remote_court.notices.proof import Proof, proof_of
from remote_court.notices.serve_on_paper import ByOfficer, Published
from remote_court.notices.service import of
from remote_court.people import Actor, Role
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Fields, Form, wall_clock
from remote_court.server.filters import Speech
from remote_court.server.guards import Signed, needs
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of, translate
from remote_court.server.notices import proof as printed
from remote_court.server.notices.renderer import LetterTemplates
from remote_court.server.pages import render
from remote_court.server.problems import Again
from remote_court.server.site import Site
from remote_court.server.visits.pages import as_file

router = APIRouter(prefix="/notices", include_in_schema=False, route_class=OnceRoute)
Clerk = Annotated[Actor, Depends(needs(Role.COURT_CLERK))]
Judge = Annotated[Actor, Depends(needs(Role.JUDGE))]


@router.get("/{notice_id}/proof.pdf")
async def proof(request: Request, actor: Signed, work: Work, now: Now, notice_id: Id) -> Response:
    """The proof of service to print, for the recipient and for the court."""
    found = await proof_of(work, await for_reader(work, actor, notice_id), now)
    made = printed.pdf(found, Speech(locale_of(request)), now)
    return Response(made, media_type="application/pdf", headers=as_file(f"notice-{notice_id}.pdf"))


@router.get("/{notice_id}")
async def one(request: Request, actor: Signed, work: Work, now: Now, notice_id: Id) -> Response:
    """A notice for its court; its recipient is led to the message that brought it."""
    served = await for_reader(work, actor, notice_id)
    if served.role_of(actor) is None:
        message = served.notice.message_id
        return RedirectResponse(f"/inbox/{message}" if message else "/inbox", 303)
    return await page(request, await proof_of(work, served, now), actor)


async def page(
    request: Request,
    found: Proof,
    actor: Actor,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
) -> Response:
    """The page of a notice, with the forms of whoever looks at it."""
    speech = Speech(locale_of(request))
    served = found.served
    notice = served.notice
    roles = [role for role in COURT if actor.holds_at(served.session.court_id, role)]
    return render(
        request,
        "notices/served.html",
        status=422 if errors else 200,
        notice=notice,
        facts=printed.facts(found, speech),
        state=translate(request, printed.STATES[of(notice).state]),
        outages=printed.outages(found, speech),
        rebuttals=found.rebuttals,
        is_clerk=Role.COURT_CLERK in roles,
        is_judge=Role.JUDGE in roles,
        waiting=notice.delivered_at is None and notice.published_on is None,
        errors=errors or {},
        typed=form.text if form else lambda _name: "",
    )


def words(site: Site) -> LetterTemplates:
    """What writes notices here."""
    return LetterTemplates(site.settings.help_number)


@router.post("/{notice_id}/officer")
async def officer(
    request: Request,
    actor: Clerk,
    form: Form,
    site: SiteDep,
    work: Work,
    now: Now,
    notice_id: Id,
    _key: Key,
) -> Response:
    """Record that an officer served it on paper."""
    day, at = form.read("day", jalali.read), form.read("at", wall_clock)
    report, own = form.read("paper", str), form.text("in_person") == "1"

    async def act() -> None:
        if day is not None and at is not None and report is not None:
            done = ByOfficer(report, on_wall(day, at), own)
            await serve_on_paper.record_officer(work, actor, notice_id, done, words(site), now)

    return await carried_out(request, work, actor, notice_id, form, act)


@router.post("/{notice_id}/publication")
async def publication(
    request: Request,
    actor: Clerk,
    form: Form,
    site: SiteDep,
    work: Work,
    now: Now,
    notice_id: Id,
    _key: Key,
) -> Response:
    """Record that it was published."""
    day, newspaper = form.read("on", jalali.read), form.read("newspaper", str)

    async def act() -> None:
        if day is not None and newspaper is not None:
            done = Published(newspaper, day)
            await serve_on_paper.record_publication(work, actor, notice_id, done, words(site), now)

    return await carried_out(request, work, actor, notice_id, form, act)


@router.post("/{notice_id}/rebuttals/{rebuttal_id}")
async def decide(
    request: Request,
    actor: Judge,
    form: Form,
    work: Work,
    now: Now,
    notice_id: Id,
    rebuttal_id: Id,
    _key: Key,
) -> Response:
    """Record what the judge holds of a rebuttal."""
    held = form.read("accepted", {"yes": True, "no": False}.__getitem__)
    decision = form.read("decision", str)

    async def act() -> None:
        if held is not None and decision is not None:
            await rebut.decide(work, actor, rebuttal_id, decision, now, accepted=held)

    return await carried_out(request, work, actor, notice_id, form, act)


@router.post("/{notice_id}/rebuttal")
async def say(
    actor: Signed, form: Form, work: Work, now: Now, notice_id: Id, _key: Key
) -> Response:
    """Record what the recipient says against the service."""
    await rebut.rebut(work, actor, notice_id, form.text("said"), now)
    return RedirectResponse(f"/notices/{notice_id}", 303)


async def carried_out(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    notice_id: int,
    form: Fields,
    act: Callable[[], Coroutine[Any, Any, None]],
) -> Response:
    """Act and show the notice again; or show the form with what is wrong in it."""
    served = await of_court(work, actor, notice_id, *COURT)
    try:
        await act()
    except Invalid as refusal:
        form.refuse(refusal, "")
    if form.errors:
        now = request.app.state.site.now()
        found = await proof_of(work, served, now)
        raise Again(await page(request, found, actor, form.errors, form))
    return RedirectResponse(f"/notices/{notice_id}", 303)
