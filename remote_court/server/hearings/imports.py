"""Import a diary: send a file, look at what it would change, apply it, and see how far it is."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from remote_court.errors import Invalid, NotFound
from remote_court.hearings.columns import PERSIAN, Column
from remote_court.hearings.diary_import import CaseImport, State, apply, submit
from remote_court.server.fields import Fields, Form
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of, translate
from remote_court.server.pages import fragment
from remote_court.server.problems import spoken

router = chamber_router("/import")
SHOWN = 10
UNDER_WAY = frozenset({State.QUEUED, State.RUNNING})


async def form_page(chamber: Chamber, *, form: Fields | None = None, **more: object) -> Response:
    """The form for a file, and the files before it."""
    query = (
        select(CaseImport)
        .where(CaseImport.branch_id == chamber.branch.id)
        .order_by(CaseImport.id.desc())
        .limit(SHOWN)
    )
    return await chamber.page(
        "import",
        form=form,
        before=list(await chamber.work.scalars(query)),
        columns=[(column.value, PERSIAN[column][0]) for column in Column],
        **more,  # type: ignore[arg-type]
    )


@router.get("")
async def ask(chamber: ChamberDep) -> Response:
    """Ask for a file."""
    return await form_page(chamber)


@router.post("")
async def send(chamber: ChamberDep, form: Form, _key: Key) -> Response:
    """Try the file out, and show what it would change."""
    sent = form.file("file")
    async with chamber.sent(form, partial(form_page, chamber)):
        if sent is None or sent.filename is None:
            raise Invalid(where="file")
        content = await sent.read()
        made = await submit(
            chamber.work, chamber.actor, chamber.branch.id, sent.filename, content, chamber.now
        )
    return chamber.go(f"/import/{made.id}")


async def import_of(chamber: Chamber, import_id: int) -> CaseImport:
    """A file of the branch.

    Raises:
        NotFound: it is another branch's, or there is none.
    """
    found = await chamber.work.get(CaseImport, import_id)
    if found is None or found.branch_id != chamber.branch.id:
        raise NotFound
    return found


def shown(chamber: Chamber, job: CaseImport) -> dict[str, Any]:
    """What the page shows of a file: its faults in words, each with its column's name."""
    request, locale = chamber.request, locale_of(chamber.request)
    faults = [
        {
            "line": fault["line"],
            "column": heading(fault["column"], locale),
            "message": translate(request, fault["message"], **spoken(request, fault["values"])),
        }
        for fault in job.faults
    ]
    nothing = not any(n for name, n in job.changes.items() if name != "unchanged")
    return {
        "job": job,
        "faults": faults,
        "nothing": nothing,
        "under_way": job.state in UNDER_WAY,
        "root": chamber.url,
    }


def heading(column: str, locale: str) -> str:
    """What a column is called in the reader's language; what is no column of ours stays."""
    known = column in set(Column)
    return PERSIAN[Column(column)][0] if known and locale == "fa" else column


@router.get("/{import_id}")
async def one(chamber: ChamberDep, import_id: Id) -> Response:
    """Show what a file would change, what is wrong with it, or how far it is."""
    job = await import_of(chamber, import_id)
    context = shown(chamber, job)
    del context["root"]
    return await chamber.page("import_one", **context)


@router.get("/{import_id}/progress")
async def progress(chamber: ChamberDep, import_id: Id) -> Response:
    """How far it is, alone, for a page that asks again and again."""
    job = await import_of(chamber, import_id)
    text = fragment(chamber.request, "hearings/_import.html", **shown(chamber, job))
    return Response(text, media_type="text/html", headers={"Cache-Control": "no-store"})


@router.post("/{import_id}/apply")
async def applies(chamber: ChamberDep, import_id: Id, _form: Form, _key: Key) -> Response:
    """Let it be written."""
    await import_of(chamber, import_id)
    await apply(chamber.work, chamber.actor, import_id)
    return chamber.go(f"/import/{import_id}")
