"""The pages of registering by oneself."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid
from remote_court.people import rate, register
from remote_court.people.refusals import AlreadyRegistered
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import public
from remote_court.server.locale import locale_of
from remote_court.server.pages import render
from remote_court.server.people import registration
from remote_court.server.problems import Again
from remote_court.server.rate import AddressKey

router = APIRouter(prefix="/register", include_in_schema=False, dependencies=[Depends(public)])
LIMIT = rate.Limit("register", 60, timedelta(hours=1))


async def page(request: Request, work: Work, form: Fields | None = None) -> Response:
    """The form, empty or with what is wrong."""
    return render(
        request,
        "people/register.html",
        status=422 if form else 200,
        values=registration.values(form),
        errors=form.errors if form else {},
        provinces=await registration.provinces(work, locale_of(request)),
    )


@router.get("")
async def ask(request: Request, work: Work) -> Response:
    """Ask who somebody is."""
    return await page(request, work)


@router.post("")
async def send(
    request: Request, form: Form, site: SiteDep, work: Work, now: Now, address: AddressKey
) -> Response:
    """Open the account; the answer is the same when there was one already."""
    async with site.database.transaction() as session:
        await rate.take(session, LIMIT, address, now)
    locale = locale_of(request)
    wanted = registration.read(form, await registration.provinces(work, locale), locale)
    if wanted is None:
        raise Again(await page(request, work, form))
    try:
        await register.register(work, wanted, now)
    except AlreadyRegistered:
        return RedirectResponse("/register/done", 303)
    except Invalid as refusal:
        form.refuse(refusal, "identifier")
        raise Again(await page(request, work, form)) from refusal
    return RedirectResponse("/register/done", 303)


@router.get("/done")
async def done(request: Request) -> Response:
    """Say what to bring to which office."""
    return render(request, "people/registered.html")
