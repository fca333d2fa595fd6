"""Forms of the inmate's file: a relative, a permit, a power of attorney."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from remote_court.calendars import jalali
from remote_court.errors import Invalid, NotFound
from remote_court.people import Person
from remote_court.server.fields import Form
from remote_court.server.idempotency import Key
from remote_court.server.listing import MAX_ID, id_of
from remote_court.server.prison.file_forms import File, FileDep, file_router
from remote_court.server.prison.inmates import person_of
from remote_court.visits import kinship_entry, mandate_entry, permit_entry
from remote_court.visits.kinship_entry import PROVES, Evidence
from remote_court.visits.kinships import Kinship, KinshipKind
from remote_court.visits.permits import PermitIssuer

router = file_router()


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
    file: FileDep, kinship: Annotated[int, Query(ge=0, le=MAX_ID)] = 0
) -> Response:
    """Ask who, what to the inmate, and by which document."""
    claim = await claimed(file.work, file.inmate_id, kinship) if kinship else None
    return await file.page("kinship", claim=claim, proves=PROVES)


@router.post("/kinship")
async def enter_kinship(file: FileDep, form: Form, _key: Key) -> Response:
    """Enter a relation with its proof."""
    typed = id_of(form.text("kinship"))
    claim = await claimed(file.work, file.inmate_id, typed) if typed else None
    kind, evidence = form.read("kind", KinshipKind), form.read("evidence", Evidence)
    async with file.sent(form, partial(file.page, "kinship", claim=claim, proves=PROVES)):
        visitor = claim[1] if claim else await file.visitor(form)
        if kind is None or evidence is None:
            raise Invalid
        await kinship_entry.enter(
            file.work,
            file.actor,
            file.inmate_id,
            visitor.id,
            kind=kind,
            evidence=evidence,
            place_id=file.prison_id,
            now=file.now,
        )
    return file.shown()


@router.get("/permit")
async def ask_permit(file: FileDep) -> Response:
    """Ask whom, by whose permit, and for which days."""
    return await permit_page(file)


async def permit_page(file: File, **more: object) -> Response:
    """The form of a permit."""
    issuers = permit_entry.issuers(file.inmate.on_remand, await file.rules())
    return await file.page("permit", issuers=issuers, **more)  # type: ignore[arg-type]


@router.post("/permit")
async def enter_permit(file: FileDep, form: Form, _key: Key) -> Response:
    """Enter a permit."""
    issuer = form.read("issuer", PermitIssuer)
    first, last = form.read("first", jalali.read), form.read("last", jalali.read)
    async with file.sent(form, partial(permit_page, file)):
        visitor = await file.visitor(form)
        if issuer is None or first is None or last is None:
            raise Invalid
        draft = permit_entry.Draft(visitor.id, issuer, form.text("reference"), first, last)
        await permit_entry.enter(
            file.work, file.actor, file.inmate_id, draft, now=file.now, policy=await file.rules()
        )
    return file.shown()


@router.get("/mandate")
async def ask_mandate(file: FileDep) -> Response:
    """Ask for the lawyer and the document."""
    return await file.page("mandate")


@router.post("/mandate")
async def enter_mandate(file: FileDep, form: Form, _key: Key) -> Response:
    """Register a power of attorney."""
    async with file.sent(form, partial(file.page, "mandate")):
        lawyer = await file.visitor(form)
        await mandate_entry.enter(
            file.work,
            file.actor,
            file.inmate_id,
            lawyer.id,
            form.text("reference"),
            place_id=file.prison_id,
            now=file.now,
        )
    return file.shown()
