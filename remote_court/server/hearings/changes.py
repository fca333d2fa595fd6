"""Move, cancel or adjourn a sitting, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from starlette.responses import Response

from remote_court.errors import Invalid
from remote_court.hearings.adjourn import Adjournment, adjourn
from remote_court.hearings.adjournment import Code
from remote_court.hearings.cancel import cancel
from remote_court.hearings.door import look
from remote_court.hearings.move import Target, move, plan_of
from remote_court.hearings.rules import ListingRefused
from remote_court.server.fields import Fields, Form
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.hearings.offers import Offers, offers_for, refused_days
from remote_court.server.hearings.plan_form import start_of
from remote_court.server.hearings.sitting import sitting_of
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id
from remote_court.server.problems import said_reasons

router = chamber_router("/hearings/{hearing_id}")


async def page(
    chamber: Chamber,
    template: str,
    hearing_id: int,
    *,
    form: Fields | None = None,
    refusal: object = None,
    **more: object,
) -> Response:
    """A form about one sitting, with times for another date where it asks for one."""
    line, _ = await sitting_of(chamber, hearing_id)
    found: Offers | None = None
    hindered: list[dict[str, object]] = []
    if template != "cancel":
        opened = await look(chamber.work, hearing_id)
        plan = await plan_of(chamber.work, opened, Target(opened.session.starts_at))
        if template == "adjourn":
            plan = replace(plan, coming=None)
        try:
            found = await offers_for(
                chamber, plan, moving=hearing_id if template == "move" else None
            )
        except ListingRefused as refused:
            hindered = said_reasons(chamber.request, refused.reasons)
    return await chamber.page(
        template,
        sitting=line,
        found=found,
        hindered=hindered,
        form=form,
        refusal=refusal,  # type: ignore[arg-type]
        too_soon=await refused_days(chamber, refusal),
        typed=form.text if form else lambda _name: "",
        codes=[code.value for code in Code],
        **more,
    )


@router.get("/move")
async def ask_move(chamber: ChamberDep, hearing_id: Id) -> Response:
    """Show the earliest lawful times, and ask why."""
    return await page(chamber, "move", hearing_id)


@router.post("/move")
async def moves(chamber: ChamberDep, hearing_id: Id, form: Form, _key: Key) -> Response:
    """Move it; everybody is served anew."""
    await sitting_of(chamber, hearing_id)
    async with chamber.sent(form, partial(page, chamber, "move", hearing_id)):
        start = start_of(form)
        if start is None:
            raise Invalid(where="start")
        to = Target(start)
        await move(chamber.work, chamber.actor, hearing_id, to, form.text("reason"), chamber.now)
    return chamber.go(f"/hearings/{hearing_id}")


@router.get("/cancel")
async def ask_cancel(chamber: ChamberDep, hearing_id: Id) -> Response:
    """Ask why."""
    return await page(chamber, "cancel", hearing_id)


@router.post("/cancel")
async def cancels(chamber: ChamberDep, hearing_id: Id, form: Form, _key: Key) -> Response:
    """Cancel it; everybody is told."""
    await sitting_of(chamber, hearing_id)
    async with chamber.sent(form, partial(page, chamber, "cancel", hearing_id)):
        await cancel(chamber.work, chamber.actor, hearing_id, form.text("reason"), chamber.now)
    return chamber.go(f"/hearings/{hearing_id}")


@router.get("/adjourn")
async def ask_adjourn(chamber: ChamberDep, hearing_id: Id) -> Response:
    """Ask why, and for the next date."""
    return await page(chamber, "adjourn", hearing_id)


@router.post("/adjourn")
async def adjourns(chamber: ChamberDep, hearing_id: Id, form: Form, _key: Key) -> Response:
    """Adjourn it, and list the next sitting where a time was chosen."""
    await sitting_of(chamber, hearing_id)
    code = form.read("code", Code)
    async with chamber.sent(form, partial(page, chamber, "adjourn", hearing_id)):
        start = start_of(form)
        if code is None or form.errors:
            raise Invalid
        why = Adjournment(code, form.text("note"), start)
        done = await adjourn(chamber.work, chamber.actor, hearing_id, why, chamber.now)
    shown = done.following.id if done.following is not None else hearing_id
    return chamber.go(f"/hearings/{shown}")
