"""Forms of the inmate's file: a relative, a permit, a power of attorney."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid, NotFound, Refusal, RuleRefused
from remote_court.people import Actor, Person, Role
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import MAX_ID, Id
from remote_court.server.people.lookups import looked_up
from remote_court.server.prison.access import Officer, note, officer, own_inmate, show
from remote_court.server.prison.inmates import person_of
from remote_court.server.problems import Again, said
from remote_court.visits import kinship_entry, mandate_entry, permit_entry
from remote_court.visits.entering import person_by_number
from remote_court.visits.kinship_entry import PROVES, Evidence
from remote_court.visits.kinships import Kinship, KinshipKind
from remote_court.visits.permits import PermitIssuer

router = APIRouter(
    prefix="/prisons/{prison_id}/inmates/{inmate_id}",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)


def file_url(prison_id: int, inmate_id: int) -> str:
    """The page of an inmate's file."""
    return f"/prisons/{prison_id}/inmates/{inmate_id}"


async def page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    ids: tuple[int, int],
    template: str,
    *,
    form: Fields | None = None,
    refusal: Refusal | None = None,
    **context: object,
) -> Response:
    """A form of the inmate's file."""
    prison, inmate = await own_inmate(work, actor, *ids)
    person = await person_of(work, inmate.person_id)
    root = file_url(*ids)
    if form and isinstance(refusal, Conflict):
        form.errors[""] = said(request, refusal)
    return show(
        request,
        template,
        prison,
        form=form,
        refusal=refusal,
        inmate=inmate,
        person=person,
        root=root,
        **context,
    )


async def visitor_of(
    request: Request, actor: Actor, prison_id: int, work: AsyncSession, form: Fields
) -> Person:
    """The person whose number was typed; that an officer looked for them is written down.

    Raises:
        Invalid: nobody has it.
    """
    typed = form.text("national_id")
    person_id = None
    try:
        found = await person_by_number(work, typed)
        person_id = found.id
    except Invalid as refusal:
        refusal.where = "national_id"
        raise
    finally:
        await looked_up(request, actor, (Role.PRISON_OFFICER,), prison_id, typed, person_id)
    return found


async def claimed(work: AsyncSession, inmate_id: int, kinship_id: int) -> tuple[Kinship, Person]:
    """A relation on the list that is not proven yet, with who claims it.

    Raises:
        NotFound: there is none.
    """
    kinship = await work.get(Kinship, kinship_id)
    if kinship is None or kinship.inmate_id != inmate_id:
        raise NotFound
    return kinship, await person_of(work, kinship.visitor_id)


@router.get("/kinship")
async def ask_kinship(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    work: Work,
    kinship: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
) -> Response:
    """Ask who, what to the inmate, and by which document."""
    claim = await claimed(work, inmate_id, kinship) if kinship else None
    ids = (prison_id, inmate_id)
    return await page(request, work, actor, ids, "kinship", claim=claim, proves=PROVES)


@router.post("/kinship")
async def enter_kinship(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Enter a relation with its proof."""
    ids = (prison_id, inmate_id)
    await own_inmate(work, actor, *ids)
    typed = form.text("kinship")
    claim = await claimed(work, inmate_id, int(typed)) if typed.isdecimal() else None
    kind, evidence = form.read("kind", KinshipKind), form.read("evidence", Evidence)
    try:
        visitor = claim[1] if claim else await visitor_of(request, actor, prison_id, work, form)
        if kind is None or evidence is None:
            raise Invalid(where="kind" if kind is None else "evidence")
        await kinship_entry.enter(
            work,
            actor,
            inmate_id,
            visitor.id,
            kind=kind,
            evidence=evidence,
            place_id=prison_id,
            now=now,
        )
    except Invalid as refusal:
        note(form, refusal)
        again = await page(
            request, work, actor, ids, "kinship", form=form, claim=claim, proves=PROVES
        )
        raise Again(again) from refusal
    return RedirectResponse(file_url(*ids), 303)


@router.get("/permit")
async def ask_permit(
    request: Request, prison_id: Id, inmate_id: Id, actor: Officer, work: Work, now: Now
) -> Response:
    """Ask whom, by whose permit, and for which days."""
    return await permit_page(request, work, actor, (prison_id, inmate_id), now)


async def permit_page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    ids: tuple[int, int],
    now: Now,
    **more: object,
) -> Response:
    """The form of a permit."""
    _, inmate = await own_inmate(work, actor, *ids)
    rules = await policy.current(work, local(now).date())
    issuers = permit_entry.issuers(inmate.on_remand, rules)
    return await page(request, work, actor, ids, "permit", issuers=issuers, **more)  # type: ignore[arg-type]


@router.post("/permit")
async def enter_permit(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Enter a permit."""
    ids = (prison_id, inmate_id)
    await own_inmate(work, actor, *ids)
    issuer = form.read("issuer", PermitIssuer)
    first, last = form.read("first", jalali.read), form.read("last", jalali.read)
    try:
        visitor = await visitor_of(request, actor, prison_id, work, form)
        if issuer is None or first is None or last is None:
            raise Invalid(
                where="issuer" if issuer is None else "first" if first is None else "last"
            )
        draft = permit_entry.Draft(visitor.id, issuer, form.text("reference"), first, last)
        rules = await policy.current(work, local(now).date())
        await permit_entry.enter(work, actor, inmate_id, draft, now=now, policy=rules)
    except (Invalid, RuleRefused) as refusal:
        note(form, refusal)
        again = await permit_page(request, work, actor, ids, now, form=form, refusal=refusal)
        raise Again(again) from refusal
    return RedirectResponse(file_url(*ids), 303)


@router.get("/mandate")
async def ask_mandate(
    request: Request, prison_id: Id, inmate_id: Id, actor: Officer, work: Work
) -> Response:
    """Ask for the lawyer and the document."""
    return await page(request, work, actor, (prison_id, inmate_id), "mandate")


@router.post("/mandate")
async def enter_mandate(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Register a power of attorney."""
    ids = (prison_id, inmate_id)
    await own_inmate(work, actor, *ids)
    try:
        lawyer = await visitor_of(request, actor, prison_id, work, form)
        await mandate_entry.enter(
            work,
            actor,
            inmate_id,
            lawyer.id,
            form.text("reference"),
            place_id=prison_id,
            now=now,
        )
    except (Invalid, Conflict) as refusal:
        note(form, refusal)
        again = await page(request, work, actor, ids, "mandate", form=form, refusal=refusal)
        raise Again(again) from refusal
    return RedirectResponse(file_url(*ids), 303)
