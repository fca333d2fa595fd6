"""The desk's pages where a clerk verifies who somebody is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid, NotFound
from remote_court.identifiers import Mobile
from remote_court.people import queries, register
from remote_court.people.accounts import AccountStatus
from remote_court.people.actor import Actor
from remote_court.people.persons import Channel
from remote_court.people.refusals import AlreadyRegistered
from remote_court.people.verify_identity import (
    CLERKS,
    PROVES_FOREIGN,
    PROVES_NATIONAL,
    Document,
    verify_identity,
)
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import needs
from remote_court.server.listing import Id
from remote_court.server.locale import N_, locale_of
from remote_court.server.pages import render
from remote_court.server.people import registration
from remote_court.server.people.account import number
from remote_court.server.people.cookies import forget
from remote_court.server.people.lookups import looked_up, viewed
from remote_court.server.problems import Again, said

router = APIRouter(prefix="/desk/{office_id}/identity", include_in_schema=False)
Clerk = Annotated[Actor, Depends(needs(*CLERKS))]
NOT_REGISTERED = N_("Nobody has registered with this number. You can register the person here.")
VERIFIED = N_("This person's account is open already.")


def search_page(
    request: Request, office_id: int, form: Fields | None = None, *, unknown: bool = False
) -> Response:
    """The question whose identity is to be verified."""
    return render(
        request,
        "people/identity_search.html",
        status=422 if form else 200,
        office_id=office_id,
        identifier=form.text("identifier") if form else "",
        errors=form.errors if form else {},
        unknown=unknown,
    )


@router.get("")
async def ask(request: Request, office_id: Id, actor: Clerk) -> Response:
    """Ask for the number of who stands at the desk."""
    actor.need_at(office_id, *CLERKS)
    return search_page(request, office_id)


@router.post("")
async def search(request: Request, office_id: Id, actor: Clerk, form: Form, work: Work) -> Response:
    """Find who waits for verification; a number never stands in an address."""
    actor.need_at(office_id, *CLERKS)
    who = form.read("identifier", queries.identifier)
    if who is None:
        return search_page(request, office_id, form)
    person = await queries.person_by(work, who)
    await looked_up(request, actor, CLERKS, office_id, who.value, person.id if person else None)
    account = await queries.account(work, person.id) if person else None
    if person is None or account is None:
        form.note("identifier", NOT_REGISTERED)
        return search_page(request, office_id, form, unknown=True)
    if account.status is not AccountStatus.PENDING:
        form.note("identifier", VERIFIED)
        return search_page(request, office_id, form)
    return RedirectResponse(f"/desk/{office_id}/identity/{person.id}", 303)


async def register_page(
    request: Request, work: Work, office_id: int, form: Fields | None = None
) -> Response:
    """The registration form, filled in by the clerk."""
    return render(
        request,
        "people/identity_register.html",
        status=422 if form else 200,
        office_id=office_id,
        values=registration.values(form),
        errors=form.errors if form else {},
        provinces=await registration.provinces(work, locale_of(request)),
    )


@router.get("/register")
async def ask_register(request: Request, office_id: Id, actor: Clerk, work: Work) -> Response:
    """Ask who the person is, for who cannot register alone."""
    actor.need_at(office_id, *CLERKS)
    return await register_page(request, work, office_id)


@router.post("/register")
async def register_them(
    request: Request, office_id: Id, actor: Clerk, form: Form, work: Work, now: Now
) -> Response:
    """Register the person; the record names the clerk."""
    actor.need_at(office_id, *CLERKS)
    codes = await registration.provinces(work, locale_of(request))
    wanted = registration.read(form, codes, "fa")
    if wanted is None:
        raise Again(await register_page(request, work, office_id, form))
    try:
        person = await register.register(work, wanted, now, operator=actor, office_id=office_id)
    except (Invalid, AlreadyRegistered) as refusal:
        where = refusal.where if isinstance(refusal, Invalid) else None
        form.errors[where or "identifier"] = said(request, refusal)
        raise Again(await register_page(request, work, office_id, form)) from refusal
    return RedirectResponse(f"/desk/{office_id}/identity/{person.id}", 303)


async def sight_page(
    request: Request, work: Work, office_id: int, person_id: int, form: Fields | None = None
) -> Response:
    """The person as registered, and which documents may prove it."""
    person = await queries.person(work, person_id)
    account = await queries.account(work, person_id)
    if account is None or account.status is not AccountStatus.PENDING:
        raise NotFound
    known = Mobile(person.mobile).local if person.mobile else ""
    return render(
        request,
        "people/identity_sight.html",
        status=422 if form else 200,
        office_id=office_id,
        person=person,
        number=number(person),
        documents=[d.value for d in Document],
        proving=[d.value for d in (PROVES_FOREIGN if person.foreign else PROVES_NATIONAL)],
        chosen=form.all("documents") if form else [],
        mobile=form.text("mobile") if form else known,
        voice=bool(form.text("voice")) if form else person.reminded_by is Channel.VOICE,
        errors=form.errors if form else {},
    )


@router.get("/{person_id}")
async def ask_sight(
    request: Request, office_id: Id, person_id: Id, actor: Clerk, work: Work
) -> Response:
    """Ask which documents the clerk has seen."""
    actor.need_at(office_id, *CLERKS)
    page = await sight_page(request, work, office_id, person_id)
    await viewed(request, actor, CLERKS, office_id, person_id)
    return page


@router.post("/{person_id}")
async def sight(
    request: Request,
    office_id: Id,
    person_id: Id,
    actor: Clerk,
    form: Form,
    work: Work,
    now: Now,
) -> Response:
    """Open the account, and show the temporary password this once."""
    mobile = form.read("mobile", Mobile.parse)
    documents = {Document(word) for word in form.all("documents") if word in set(Document)}
    try:
        if mobile is not None:
            plain = await verify_identity(
                work,
                actor,
                person_id,
                documents,
                office_id,
                now,
                mobile=mobile,
                channel=Channel.VOICE if form.text("voice") else Channel.TEXT,
            )
            forget(request, person_id)
            person = await queries.person(work, person_id)
            return render(
                request,
                "people/identity_done.html",
                office_id=office_id,
                person=person,
                password=plain,
            )
    except Invalid as refusal:
        form.refuse(refusal, "documents")
    raise Again(await sight_page(request, work, office_id, person_id, form))
