"""The pages of signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Refusal
from remote_court.identifiers import Mobile
from remote_court.people import codes, demo, queries, sessions, sign_in
from remote_court.people.accounts import SanaAccount
from remote_court.people.refusals import CodeRefused, SignInRefused, TooManyAttempts
from remote_court.people.sign_in import Knocking
from remote_court.people.tokens import hashed
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import SignedAnyhow, Somebody, public
from remote_court.server.identity import COOKIE
from remote_court.server.locale import local_path, locale_of
from remote_court.server.pages import render
from remote_court.server.people.cookies import (
    Pending,
    forget,
    pending_of,
    put_pending,
    sign_browser_in,
)
from remote_court.server.problems import Again, said, status_of
from remote_court.server.rate import AddressKey
from remote_court.server.site import Site

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def ask(request: Request, actor: Somebody, site: SiteDep, next: str = "/") -> Response:  # noqa: A002
    """Ask for number and password."""
    if actor is not None:
        return RedirectResponse(local_path(next), 303)
    return await asked(request, site, local_path(next))


async def asked(
    request: Request, site: Site, target: str, form: Fields | None = None, status: int = 200
) -> Response:
    """The sign-in page, with the demo's accounts where there are any."""
    lines = []
    if site.settings.demo:
        async with site.database.transaction() as session:
            lines = list(await demo.one_of_each(session))
    return render(
        request,
        "people/sign_in.html",
        status=status,
        next=target,
        identifier=form.text("identifier") if form else "",
        errors=form.errors if form else {},
        accounts=lines,
        place=f"place_{locale_of(request)}",
    )


@router.post("/sign-in", dependencies=[Depends(public)])
async def password(
    request: Request, form: Form, site: SiteDep, now: Now, address: AddressKey
) -> Response:
    """Check number and password; then a code is asked for on a page of its own."""
    target = local_path(form.text("next") or "/")
    who = form.read("identifier", queries.identifier)
    typed = form.read("password", str)
    if who is None or typed is None:
        return await asked(request, site, target, form, 422)
    try:
        account = await sign_in.password(
            site.database, who, typed, Knocking(address, site.key), now
        )
        pending = await start(site, account, target)
    except (SignInRefused, TooManyAttempts) as refusal:
        form.errors["identifier"] = said(request, refusal)
        status = 422 if isinstance(refusal, SignInRefused) else status_of(type(refusal))
        return await asked(request, site, target, form, status)
    answer = RedirectResponse("/sign-in/code", 303)
    put_pending(answer, request, pending)
    return answer


async def start(site: Site, account: SanaAccount, target: str) -> Pending:
    """Send a code where one is sent, and say what stands between here and the session."""
    if not sign_in.sends_code(account):
        shown = account.demo_code or ""
        return Pending(account.person_id, "sign-in", next=target, shown=shown)
    now = site.now()
    async with site.database.transaction() as session:
        person = await queries.person(session, account.person_id)
        code = await codes.issue(session, account.person_id, "sign-in", site.key, now)
    shown = code if site.settings.shows_codes else ""
    return Pending(account.person_id, "sign-in", masked(person.mobile), target, shown)


def masked(mobile: str | None) -> str:
    """The last digits of a mobile number, enough to know which telephone to look at."""
    return Mobile(mobile).masked("en") if mobile else "***"


@router.get("/sign-in/code", dependencies=[Depends(public)])
async def ask_code(request: Request) -> Response:
    """Ask for the one-time code."""
    pending = pending_of(request, "sign-in")
    if pending is None:
        return RedirectResponse("/sign-in", 303)
    return render(request, "people/code.html", pending=pending, errors={})


@router.post("/sign-in/code", dependencies=[Depends(public)])
async def code(request: Request, form: Form, site: SiteDep, work: Work, now: Now) -> Response:
    """Check the code and let the browser in."""
    pending = pending_of(request, "sign-in")
    if pending is None:
        return RedirectResponse("/sign-in", 303)
    typed = form.read("code", str)
    try:
        if typed is not None:
            await sign_in.code(site.database, pending.person_id, typed, "sign-in", site.key, now)
    except CodeRefused as refusal:
        form.refuse(refusal)
    if form.errors:
        page = render(request, "people/code.html", status=422, pending=pending, errors=form.errors)
        raise Again(page)
    await sign_in.note(work, pending.person_id, "page", now)
    return await sign_browser_in(work, request, pending.person_id, pending.next, now)


@router.post("/sign-in/again", dependencies=[Depends(public)])
async def send_again(request: Request, site: SiteDep) -> Response:
    """Send another code; the one before is void."""
    pending = pending_of(request, "sign-in")
    if pending is None:
        return RedirectResponse("/sign-in", 303)
    try:
        async with site.database.transaction() as session:
            account = await queries.account(session, pending.person_id)
        renewed = await start(site, account, pending.next) if account else pending
    except Refusal as refusal:
        told = {"code": said(request, refusal)}
        status = status_of(type(refusal))
        return render(request, "people/code.html", status=status, pending=pending, errors=told)
    answer = RedirectResponse("/sign-in/code", 303)
    put_pending(answer, request, renewed)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, actor: Somebody, work: Work) -> Response:
    """Sign this browser out."""
    await sessions.close_session(work, hashed(request.cookies.get(COOKIE, "")))
    return gone(request, actor.person_id if actor else 0)


@router.post("/sign-out/everywhere")
async def sign_out_everywhere(request: Request, actor: SignedAnyhow, work: Work) -> Response:
    """Sign the person out of every browser and every program."""
    await sessions.close_all(work, actor.person_id)
    return gone(request, actor.person_id)


def gone(request: Request, person_id: int) -> Response:
    """The first page, for a stranger."""
    forget(request, person_id)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer
