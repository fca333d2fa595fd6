"""The pages of changing a password, and of replacing one that was forgotten."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid
from remote_court.people import codes, prove, queries, rate, sign_in
from remote_court.people.accounts import AccountStatus
from remote_court.people.passwords import check_strength
from remote_court.people.queries import Identifier
from remote_court.people.refusals import TooManyAttempts
from remote_court.people.set_password import change_password, reset_password
from remote_court.people.tokens import sealed
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import SignedAnyhow, public
from remote_court.server.locale import N_
from remote_court.server.pages import render
from remote_court.server.people.cookies import (
    PENDING,
    Pending,
    pending_of,
    put_pending,
    sign_browser_in,
)
from remote_court.server.problems import Again
from remote_court.server.rate import AddressKey
from remote_court.server.site import Site

router = APIRouter(prefix="/password", include_in_schema=False)
DIFFER = N_("The two are not the same.")


def chosen(form: Fields) -> str | None:
    """The new password, typed twice alike."""
    password = form.read("password", str)
    again = form.read("again", str)
    if password and again and password != again:
        form.note("again", DIFFER)
    return password


@router.get("/change")
async def ask_change(request: Request, actor: SignedAnyhow) -> Response:
    """Ask for the present password and a new one."""
    must = actor.must_change_password
    return render(request, "people/password_change.html", errors={}, must=must)


@router.post("/change")
async def change(
    request: Request, actor: SignedAnyhow, form: Form, site: SiteDep, work: Work, now: Now
) -> Response:
    """Change the password; other browsers are signed out, this one stays."""
    present, password = form.read("present", str), chosen(form)
    try:
        if not form.errors and present and password:
            await prove.by_password(site.database, actor.person_id, present, now)
            await change_password(work, actor, present, password, now)
    except Invalid as refusal:
        form.refuse(refusal, "password")
    if form.errors:
        must = actor.must_change_password
        page = render(
            request, "people/password_change.html", status=422, errors=form.errors, must=must
        )
        raise Again(page)
    return await sign_browser_in(work, request, actor.person_id, "/", now)


@router.get("/forgotten", dependencies=[Depends(public)])
async def ask_forgotten(request: Request) -> Response:
    """Ask whose password is forgotten."""
    return render(request, "people/password_forgotten.html", errors={}, identifier="")


@router.post("/forgotten", dependencies=[Depends(public)])
async def forgotten(request: Request, form: Form, site: SiteDep, address: AddressKey) -> Response:
    """Send a code if there is such an account; the answer is the same if there is not."""
    who = form.read("identifier", queries.identifier)
    if who is None:
        typed = form.text("identifier")
        return render(
            request,
            "people/password_forgotten.html",
            status=422,
            errors=form.errors,
            identifier=typed,
        )
    answer = RedirectResponse("/password/new", 303)
    put_pending(answer, request, await start(site, who, address))
    return answer


async def start(site: Site, who: Identifier, address: str) -> Pending:
    """Send a code to an active account; an unknown one takes as many tries and looks alike."""
    now = site.now()
    whose = sealed(site.key, "who", who.value).hex()[:24]
    async with site.database.transaction() as session:
        await rate.take(session, FORGOTTEN, whose, now)
        await rate.take(session, FORGOTTEN_FROM, address, now)
        account = await queries.account_by(session, who)
        if account is None or account.status is not AccountStatus.ACTIVE:
            return Pending(0, "password")
        if account.demo_code:
            return Pending(account.person_id, "password", shown=shown(site, account.demo_code))
        try:
            async with session.begin_nested():
                code = await codes.issue(session, account.person_id, "password", site.key, now)
        except (
            TooManyAttempts
        ):  # codes of sign-in count, too: whether there were any, nobody learns
            return Pending(account.person_id, "password")
    return Pending(account.person_id, "password", shown=shown(site, code))


def shown(site: Site, code: str) -> str:
    """The code itself, only where pages show codes."""
    return code if site.settings.shows_codes else ""


FORGOTTEN = rate.Limit("forgotten", 5, codes.SENDING.window)
FORGOTTEN_FROM = rate.Limit("forgotten-from", 60, codes.SENDING.window)


@router.get("/new", dependencies=[Depends(public)])
async def ask_new(request: Request) -> Response:
    """Ask for the code and a new password."""
    pending = pending_of(request, "password")
    if pending is None:
        return RedirectResponse("/password/forgotten", 303)
    return render(request, "people/password_new.html", pending=pending, errors={})


@router.post("/new", dependencies=[Depends(public)])
async def new(request: Request, form: Form, site: SiteDep, work: Work, now: Now) -> Response:
    """Set the new password, if the code is right; then one signs in with it."""
    pending = pending_of(request, "password")
    if pending is None:
        return RedirectResponse("/password/forgotten", 303)
    code, password = form.read("code", str), chosen(form)
    try:
        if not form.errors and code and password:
            check_strength(password, "-")  # before the code is used up
            await sign_in.code(site.database, pending.person_id, code, "password", site.key, now)
            await reset_password(work, pending.person_id, password, now)
    except Invalid as refusal:
        form.refuse(refusal, "password")
    if form.errors:
        page = render(
            request,
            "people/password_new.html",
            status=422,
            pending=pending,
            errors=form.errors,
        )
        raise Again(page)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(PENDING)
    return answer
