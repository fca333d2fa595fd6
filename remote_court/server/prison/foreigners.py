"""Forms of a foreign inmate's file: a consul's papers, the language, a security convict's mark."""

from __future__ import annotations

from functools import partial

from starlette.responses import Response

from remote_court.calendars import jalali
from remote_court.errors import Invalid
from remote_court.server.fields import Form
from remote_court.server.idempotency import Key
from remote_court.server.prison.file_forms import File, FileDep, file_router
from remote_court.visits import consular_entry, speech_entry
from remote_court.visits.consular import Paper
from remote_court.visits.foreign import papers_needed

router = file_router()
YES_OR_NO = {"yes": True, "no": False}


async def papers_page(file: File, **more: object) -> Response:
    """The form of a consul's papers: those that this inmate's visits need."""
    kinds = papers_needed(file.inmate.on_remand, await file.rules())
    return await file.page("papers", needed=[Paper(kind) for kind in kinds], **more)  # type: ignore[arg-type]


@router.get("/papers")
async def ask_papers(file: FileDep) -> Response:
    """Ask who comes, by which papers, and for which days."""
    return await papers_page(file)


@router.post("/papers")
async def enter_papers(file: FileDep, form: Form, _key: Key) -> Response:
    """Record them."""
    first, last = form.read("first", jalali.read), form.read("last", jalali.read)
    async with file.sent(form, partial(papers_page, file)):
        visitor = await file.visitor(form)
        if first is None or last is None:
            raise Invalid
        papers = {kind.value: form.text(kind) for kind in Paper}
        draft = consular_entry.Draft(visitor.id, papers, first, last)
        await consular_entry.enter(
            file.work, file.actor, file.inmate_id, draft, now=file.now, policy=await file.rules()
        )
    return file.shown()


@router.get("/security")
async def ask_security(file: FileDep) -> Response:
    """Ask whether the inmate is a security convict, and by which judgment."""
    return await file.page("security")


@router.post("/security")
async def mark_security(file: FileDep, form: Form, _key: Key) -> Response:
    """Write it down; visits in another language then need somebody named who follows them."""
    convict = form.read("security", YES_OR_NO.__getitem__)
    async with file.sent(form, partial(file.page, "security")):
        if convict is None:
            raise Invalid
        await speech_entry.mark(
            file.work,
            file.actor,
            file.inmate_id,
            security_convict=convict,
            reference=form.text("reference"),
            now=file.now,
        )
    return file.shown()


@router.get("/language")
async def ask_language(file: FileDep) -> Response:
    """Ask whether the inmate speaks Persian."""
    return await file.page("language")


@router.post("/language")
async def enter_language(file: FileDep, form: Form, _key: Key) -> Response:
    """Write it down; visits that are booked ask for an interpreter from then on, or for none."""
    persian = form.read("speaks", YES_OR_NO.__getitem__)
    async with file.sent(form, partial(file.page, "language")):
        if persian is None:
            raise Invalid
        await speech_entry.enter_language(
            file.work, file.actor, file.inmate_id, persian=persian, now=file.now
        )
    return file.shown()
