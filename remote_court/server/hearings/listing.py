"""List a sitting in three steps: how and with whom; at which lawful time; check and list.

Everything is a plain form; what was answered goes on hidden, and only the last step writes.
"""

from __future__ import annotations

from functools import partial

from starlette.responses import Response

from remote_court.errors import Invalid
from remote_court.hearings.entering import Needed
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.models import CourtCase
from remote_court.hearings.plan import Plan
from remote_court.hearings.roles import Seat
from remote_court.server.fields import Fields, Form
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.hearings.offers import offers_for, refused_days
from remote_court.server.hearings.plan_form import (
    Choices,
    carried,
    choices,
    placed,
    plan_of,
    start_of,
    values,
)
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id

router = chamber_router("/cases/{case_id}/list")


async def plan_page(
    chamber: Chamber,
    case: CourtCase,
    found: Choices,
    *,
    form: Fields | None = None,
    **more: object,
) -> Response:
    """The first step: bench, mode, length, order, and who attends from where."""
    return await chamber.page(
        "list_plan",
        case=case,
        found=found,
        form=form,
        chosen=values(chamber, found, form),
        seats=list(Seat),
        **more,  # type: ignore[arg-type]
    )


async def times_page(
    chamber: Chamber,
    case: CourtCase,
    plan: Plan,
    sent: Fields,
    *,
    form: Fields | None = None,
    refusal: object = None,
    **more: object,
) -> Response:
    """The second step: the earliest lawful times, with why nothing is earlier."""
    return await chamber.page(
        "list_times",
        case=case,
        form=form,
        refusal=refusal,  # type: ignore[arg-type]
        too_soon=await refused_days(chamber, refusal),
        found=await offers_for(chamber, plan),
        hidden=carried(sent),
        typed=sent.text,
        **more,
    )


@router.get("")
async def ask(chamber: ChamberDep, case_id: Id) -> Response:
    """Ask how the sitting is to be."""
    case = await chamber.case(case_id)
    return await plan_page(chamber, case, await choices(chamber, case))


@router.post("")
async def step(chamber: ChamberDep, case_id: Id, form: Form, _key: Key) -> Response:
    """Go on to the times, to the check, and in the end list it."""
    case = await chamber.case(case_id)
    found = await choices(chamber, case)
    back = partial(plan_page, chamber, case, found)
    async with chamber.sent(form, back):
        plan = await plan_of(chamber, case, found, form)
        if not plan.order:
            raise Needed(where="order")
        if form.text("step") == "times":
            return await times_page(chamber, case, plan, form)
    start = start_of(form)
    again = partial(times_page, chamber, case, plan, form)
    async with chamber.sent(form, again):
        if start is None:
            raise Invalid(where="start")
        if form.text("step") == "save":
            listed = await list_hearing(chamber.work, chamber.actor, plan, start, chamber.now)
            return chamber.go(f"/hearings/{listed.id}")
    return await check_page(chamber, case, plan, form, found, start.isoformat())


async def check_page(
    chamber: Chamber,
    case: CourtCase,
    plan: Plan,
    form: Fields,
    found: Choices,
    start: str,
) -> Response:
    """The third step: try it out and show what would stand; what is refused is said before.

    Raises:
        Again: it would be refused; the times are shown with the reason.
    """
    at = start_of(form)
    assert at is not None, "asked before"
    async with chamber.sent(form, partial(times_page, chamber, case, plan, form)):
        trial = await chamber.work.begin_nested()
        try:
            listed = await list_hearing(chamber.work, chamber.actor, plan, at, chamber.now)
        finally:
            await trial.rollback()
    return await chamber.page(
        "list_check",
        case=case,
        plan=plan,
        listed=listed,
        places=placed(found.parties, listed.seats),
        judges={one: name for one, name, _ in found.judges},
        hidden=[*carried(form), ("start", start)],
    )
