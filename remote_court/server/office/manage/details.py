"""Change what the office tells about itself."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from remote_court.errors import Invalid
from remote_court.places import Office
from remote_court.places.edit_office import OfficeDetails, edit_office
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.office.manage.touched import done
from remote_court.server.office.shared import AtOffice, around, at_office
from remote_court.server.pages import render
from remote_court.server.problems import Again
from remote_court.visits.displace import Plan

router = APIRouter(
    include_in_schema=False, route_class=OnceRoute, dependencies=[Depends(at_office)]
)
NAMES = ("name_fa", "name_en", "address_fa", "address_en", "phone")


async def details_page(
    request: Request, work: Work, office_id: int, form: Fields | None = None
) -> Response:
    """The form of the office's details."""
    page = await around(work, office_id)
    known = await work.get_one(Office, office_id)
    return render(
        request,
        "office/details.html",
        status=422 if form else 200,
        values={name: form.text(name) if form else getattr(known, name) for name in NAMES},
        errors=form.errors if form else {},
        **page,
    )


@router.get("/offices/{office_id}/manage/details")
async def ask(request: Request, work: Work, office_id: Id) -> Response:
    """Ask what has changed."""
    return await details_page(request, work, office_id)


@router.post("/offices/{office_id}/manage/details")
async def save(
    request: Request, actor: AtOffice, work: Work, now: Now, form: Form, office_id: Id, _key: Key
) -> Response:
    """Save it."""
    try:
        details = OfficeDetails(**{name: form.text(name) for name in NAMES})
        await edit_office(work, actor, office_id, details, now)
    except Invalid as refusal:
        form.refuse(refusal)
        raise Again(await details_page(request, work, office_id, form)) from refusal
    return done(office_id, Plan(), "details")
