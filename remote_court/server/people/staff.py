"""The pages of staff: who serves where, for headquarters and the operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid
from remote_court.people import open_staff_account, queries
from remote_court.people.actor import Actor
from remote_court.people.grant import GRANTERS, grantable
from remote_court.people.grants import STAFF, Role
from remote_court.people.refusals import AlreadyRegistered
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import needs
from remote_court.server.listing import MAX_ID, Id
from remote_court.server.locale import N_, locale_of
from remote_court.server.pages import render
from remote_court.server.people import registration
from remote_court.server.people.account import number
from remote_court.server.people.cookies import forget
from remote_court.server.people.lookups import looked_up, viewed
from remote_court.server.people.places import held
from remote_court.server.problems import Again, said

granter = needs(*GRANTERS)
router = APIRouter(prefix="/staff", include_in_schema=False, dependencies=[Depends(granter)])
Granter = Annotated[Actor, Depends(granter)]
NOBODY = N_("Nobody is registered with this number.")
ROLES = [role for role in Role if role in STAFF]


@router.get("")
async def listing(
    request: Request,
    actor: Granter,
    work: Work,
    q: Annotated[str, Query(max_length=100)] = "",
    role: Annotated[str, Query(max_length=32)] = "",
    after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
) -> Response:
    """List who holds a role of staff, fifty at a time."""
    wanted = Role(role) if role in set(ROLES) else None
    lines = await queries.staff(work, words=q, role=wanted, after=after)
    if q:
        await looked_up(request, actor, GRANTERS, None, q, *(line.person_id for line in lines))
    shown, locale = lines[: queries.FOUND_MOST], locale_of(request)
    return render(
        request,
        "people/staff.html",
        lines=[(line, await held(work, line.roles, locale)) for line in shown],
        q=q,
        role=role,
        roles=[r.value for r in ROLES],
        next=shown[-1].person_id if len(lines) > len(shown) else None,
        errors={},
    )


@router.post("/find")
async def find(request: Request, actor: Granter, form: Form, work: Work) -> Response:
    """Find somebody by number; a number never stands in an address."""
    who = form.read("identifier", queries.identifier)
    person = await queries.person_by(work, who) if who else None
    if who is not None:
        found = person.id if person else None
        await looked_up(request, actor, GRANTERS, None, who.value, found)
    if person is not None:
        return RedirectResponse(f"/staff/{person.id}", 303)
    if who is not None:
        form.note("identifier", NOBODY)
    return render(
        request,
        "people/staff.html",
        status=422,
        lines=[],
        q="",
        role="",
        roles=[r.value for r in ROLES],
        next=None,
        errors=form.errors,
    )


async def new_page(request: Request, work: Work, form: Fields | None = None) -> Response:
    """The form for a new member of staff."""
    return render(
        request,
        "people/staff_new.html",
        status=422 if form else 200,
        values=registration.values(form),
        errors=form.errors if form else {},
        provinces=await registration.provinces(work, locale_of(request)),
    )


@router.get("/new")
async def ask_new(request: Request, work: Work) -> Response:
    """Ask who the new member of staff is."""
    return await new_page(request, work)


@router.post("/new")
async def new(request: Request, actor: Granter, form: Form, work: Work, now: Now) -> Response:
    """Open the account, and show the temporary password this once."""
    codes = await registration.provinces(work, locale_of(request))
    wanted = registration.read(form, codes, "fa")
    if wanted is None:
        raise Again(await new_page(request, work, form))
    try:
        person, plain = await open_staff_account.open_staff_account(work, actor, wanted, now)
    except (Invalid, AlreadyRegistered) as refusal:
        where = refusal.where if isinstance(refusal, Invalid) else None
        form.errors[where or "identifier"] = said(request, refusal)
        raise Again(await new_page(request, work, form)) from refusal
    return render(request, "people/staff_password.html", person=person, password=plain)


@router.get("/{person_id}")
async def one(request: Request, person_id: Id, actor: Granter, work: Work) -> Response:
    """Show a person's roles, and what may be given and taken."""
    person = await queries.person(work, person_id)
    await viewed(request, actor, GRANTERS, None, person_id)
    grants = await queries.grants(work, person_id)
    names = await held(work, [(g.role, g.place_id) for g in grants], locale_of(request))
    mine = grantable(actor)
    roles = {g.role for g in grants}
    return render(
        request,
        "people/staff_one.html",
        person=person,
        number=number(person),
        account=await queries.account(work, person_id),
        grants=list(zip(grants, names, strict=True)),
        grantable=[r.value for r in Role if r in mine],
        may_act=person_id != actor.person_id,
        may_renew=person_id != actor.person_id and bool(roles & STAFF) and roles <= mine,
    )


@router.post("/{person_id}/suspend")
async def suspend(
    request: Request, person_id: Id, actor: Granter, work: Work, now: Now
) -> Response:
    """Close the account to sign-in."""
    await open_staff_account.suspend(work, actor, person_id, now)
    forget(request, person_id)
    return RedirectResponse(f"/staff/{person_id}", 303)


@router.post("/{person_id}/restore")
async def restore(person_id: Id, actor: Granter, work: Work, now: Now) -> Response:
    """Open the account again."""
    await open_staff_account.restore(work, actor, person_id, now)
    return RedirectResponse(f"/staff/{person_id}", 303)


@router.post("/{person_id}/password")
async def password(
    request: Request, person_id: Id, actor: Granter, work: Work, now: Now
) -> Response:
    """Give a temporary password, and show it this once."""
    plain = await open_staff_account.renew_password(work, actor, person_id, now)
    forget(request, person_id)
    person = await queries.person(work, person_id)
    return render(request, "people/staff_password.html", person=person, password=plain)
