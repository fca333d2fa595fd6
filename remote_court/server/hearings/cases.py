"""The cases of a branch: found, shown, registered and corrected."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from remote_court.calendars import jalali
from remote_court.errors import Invalid
from remote_court.hearings import case_queries, diary_queries
from remote_court.hearings.entering import COURT
from remote_court.hearings.models import CourtCase
from remote_court.hearings.register_case import CaseDraft, correct_case, faults, register_case
from remote_court.server.fields import Fields, Form
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id, WindowDep
from remote_court.server.people.lookups import looked_up
from remote_court.server.problems import said

router = chamber_router("/cases")
FLAGS = ("sensitive", "grave", "juvenile", "custody")


@router.get("")
async def search(
    chamber: ChamberDep, window: WindowDep, q: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """List cases, or those whose number, subject or parties have the words."""
    branch_id = chamber.branch.id
    found = await case_queries.cases(
        chamber.work, branch_id, q, after=window.id, limit=window.limit
    )
    if q:
        await looked_up(chamber.request, chamber.actor, COURT, branch_id, q)
    shown, cursor = window.cut(found, lambda case: (case.id,))
    return await chamber.page("cases", cases=shown, q=q, cursor=cursor)


@router.get("/new")
async def ask(chamber: ChamberDep) -> Response:
    """Ask for a case's number, subject and flags."""
    return await form_page(chamber)


async def form_page(
    chamber: Chamber, *, case: CourtCase | None = None, form: Fields | None = None, **more: object
) -> Response:
    """The form of a case, empty, as it is known, or as it was typed."""
    return await chamber.page("case_form", case=case, form=form, typed=shown(case, form), **more)  # type: ignore[arg-type]


def shown(case: CourtCase | None, form: Fields | None) -> dict[str, str]:
    """What stands in the fields."""
    names = ("case_number", "sub_row", "archive_number", "subject", "limitation_on", *FLAGS)
    if form is not None:
        return {name: form.text(name) for name in names}
    if case is None:
        return dict.fromkeys(names, "")
    limit = jalali.short(case.limitation_on, "fa") if case.limitation_on else ""
    return {
        "case_number": case.case_number,
        "sub_row": case.sub_row,
        "archive_number": case.archive_number or "",
        "subject": case.subject,
        "limitation_on": limit,
        **{flag: "1" if getattr(case, flag) else "" for flag in FLAGS},
    }


async def draft_of(chamber: Chamber, form: Fields, case: CourtCase | None = None) -> CaseDraft:
    """The case as typed.

    Raises:
        Invalid: with everything that is wrong noted in the form.
    """
    limit = form.read("limitation_on", jalali.read) if form.text("limitation_on") else None
    draft = CaseDraft.typed(
        case.case_number if case else form.text("case_number"),
        case.sub_row if case else form.text("sub_row"),
        form.text("archive_number"),
        form.text("subject"),
        limitation_on=limit,
        **{flag: bool(form.text(flag)) for flag in FLAGS},
    )
    for fault in faults(draft, await chamber.rules()):
        form.errors[fault.where or ""] = said(chamber.request, fault)
    if form.errors:
        raise Invalid
    return draft


@router.post("/new")
async def enter(chamber: ChamberDep, form: Form, _key: Key) -> Response:
    """Register the case and go to it."""
    async with chamber.sent(form, partial(form_page, chamber)):
        draft = await draft_of(chamber, form)
        case = await register_case(
            chamber.work,
            chamber.actor,
            chamber.branch.id,
            draft,
            now=chamber.now,
            policy=await chamber.rules(),
        )
    return chamber.go(f"/cases/{case.id}")


@router.get("/{case_id}")
async def one(chamber: ChamberDep, case_id: Id) -> Response:
    """Show a case: who has a part, who speaks for whom, its sittings."""
    case = await chamber.case(case_id)
    return await chamber.page(
        "case",
        case=case,
        parties=await case_queries.parties(chamber.work, case_id),
        gone=await case_queries.parties(chamber.work, case_id, left=True),
        sittings=await diary_queries.of_case(chamber.work, case_id),
    )


@router.get("/{case_id}/correct")
async def ask_correction(chamber: ChamberDep, case_id: Id) -> Response:
    """Show what is entered, to be corrected."""
    return await form_page(chamber, case=await chamber.case(case_id))


@router.post("/{case_id}/correct")
async def correct(chamber: ChamberDep, case_id: Id, form: Form, _key: Key) -> Response:
    """Correct it."""
    case = await chamber.case(case_id)
    async with chamber.sent(form, partial(form_page, chamber, case=case)):
        draft = await draft_of(chamber, form, case)
        await correct_case(
            chamber.work,
            chamber.actor,
            case_id,
            draft,
            now=chamber.now,
            policy=await chamber.rules(),
        )
    return chamber.go(f"/cases/{case_id}")
