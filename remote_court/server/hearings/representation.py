"""Who speaks for whom in a case: entered by a paper, and ended."""

from __future__ import annotations

from functools import partial

from starlette.responses import Response

from remote_court.errors import NotFound
from remote_court.hearings import case_queries, represent
from remote_court.hearings.models import CourtCase
from remote_court.hearings.roles import PRINCIPALS, SPEAKERS
from remote_court.server.fields import Fields, Form
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id, id_of

router = chamber_router("/cases/{case_id}/representation")


async def form_page(
    chamber: Chamber, case: CourtCase, *, form: Fields | None = None, **more: object
) -> Response:
    """The form: who, for whom, by which paper."""
    every = await case_queries.parties(chamber.work, case.id)
    return await chamber.page(
        "representation",
        form=form,
        case=case,
        speakers=[line for line in every if line.party.role in SPEAKERS],
        clients=[line for line in every if line.party.role in PRINCIPALS],
        typed=form.text if form else lambda _name: "",
        **more,  # type: ignore[arg-type]
    )


@router.get("/new")
async def ask(chamber: ChamberDep, case_id: Id) -> Response:
    """Ask who speaks for whom."""
    return await form_page(chamber, await chamber.case(case_id))


@router.post("/new")
async def enter(chamber: ChamberDep, case_id: Id, form: Form, _key: Key) -> Response:
    """Write it down, unless the law allows no more lawyers."""
    case = await chamber.case(case_id)
    async with chamber.sent(form, partial(form_page, chamber, case)):
        await represent.represent(
            chamber.work,
            chamber.actor,
            case_id,
            id_of(form.text("speaker")) or 0,
            id_of(form.text("party")) or 0,
            form.text("paper"),
            now=chamber.now,
            policy=await chamber.rules(),
        )
    return chamber.go(f"/cases/{case_id}")


@router.get("/{representation_id}/end")
async def ask_end(chamber: ChamberDep, case_id: Id, representation_id: Id) -> Response:
    """Ask whether it really ends.

    Raises:
        NotFound: nothing of the kind stands in this case.
    """
    case = await chamber.case(case_id)
    for speaker in await case_queries.parties(chamber.work, case_id):
        for given in speaker.speaks_for:
            if given.id == representation_id:
                return await chamber.page(
                    "representation_end", case=case, speaker=speaker, given=given
                )
    raise NotFound


@router.post("/{representation_id}/end")
async def end(
    chamber: ChamberDep, case_id: Id, representation_id: Id, _form: Form, _key: Key
) -> Response:
    """End it."""
    await chamber.case(case_id)
    await represent.end(chamber.work, chamber.actor, representation_id, now=chamber.now)
    return chamber.go(f"/cases/{case_id}")
