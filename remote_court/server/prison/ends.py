"""End what stands in an inmate's file, with a reason: a ban, a permit, a power of attorney."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound
from remote_court.people import Actor
from remote_court.policy import Policy
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import N_
from remote_court.server.prison.access import Officer, note, officer, own_inmate
from remote_court.server.prison.entries import file_url, page
from remote_court.server.problems import Again
from remote_court.visits import ban_entry, consular_entry, mandate_entry, permit_entry
from remote_court.visits.bans import VisitBan
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.permits import Mandate, Permit
from remote_court.visits.touching import Coming, visited_by, visits_to_come

Entry = VisitBan | Permit | Mandate | ConsularPapers
router = APIRouter(
    prefix="/prisons/{prison_id}/inmates/{inmate_id}",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)
TITLE: Mapping[str, str] = {
    "lift": N_("Lift a ban"),
    "revoke": N_("Take a permit back"),
    "end": N_("End a power of attorney"),
    "withdraw": N_("Take consular papers back"),
}


async def entry_of(work: AsyncSession, verb: str, inmate_id: int, entry_id: int) -> Entry:
    """What is to be ended.

    Raises:
        NotFound: it is not in this inmate's file.
    """
    entry: Entry | None
    match verb:
        case "lift":
            entry = await work.get(VisitBan, entry_id)
        case "revoke":
            entry = await work.get(Permit, entry_id)
        case "withdraw":
            entry = await work.get(ConsularPapers, entry_id)
        case _:
            entry = await work.get(Mandate, entry_id)
    if entry is None or entry.inmate_id != inmate_id:
        raise NotFound
    return entry


async def touched(work: AsyncSession, entry: Entry, now: Now, rules: Policy) -> Sequence[Coming]:
    """The visits that its end would cancel."""
    match entry:
        case Permit():
            return await permit_entry.standing_on(work, entry, now, rules)
        case Mandate():
            mine = (Visit.inmate_id == entry.inmate_id, Visit.kind == VisitKind.LAWYER)
            return await visits_to_come(work, now, *mine, visited_by(entry.lawyer_id))
        case ConsularPapers():
            return await consular_entry.standing_on(work, entry, now)
        case _:
            return ()


async def carry_out(
    work: AsyncSession, actor: Actor, entry: Entry, reason: str, **more: Any
) -> None:
    """End it."""
    now, rules, place_id = more["now"], more["policy"], more["place_id"]
    match entry:
        case VisitBan():
            await ban_entry.lift(work, actor, entry.id, reason, now)
        case Permit():
            await permit_entry.revoke(work, actor, entry.id, reason, now=now, policy=rules)
        case ConsularPapers():
            await consular_entry.withdraw_papers(work, actor, entry.id, reason, now=now)
        case Mandate():
            await mandate_entry.end(work, actor, entry.id, reason, place_id=place_id, now=now)


def add(path: str, verb: str) -> None:
    """Add the two routes of a verb."""

    async def ask(
        request: Request,
        prison_id: Id,
        inmate_id: Id,
        entry_id: Id,
        actor: Officer,
        work: Work,
        now: Now,
    ) -> Response:
        ids = (prison_id, inmate_id)
        await own_inmate(work, actor, *ids)
        entry = await entry_of(work, verb, inmate_id, entry_id)
        rules = await policy.current(work, local(now).date())
        coming = await touched(work, entry, now, rules)
        return await page(
            request, work, actor, ids, "end", heading=TITLE[verb], verb=verb, coming=coming
        )

    async def act(
        request: Request,
        prison_id: Id,
        inmate_id: Id,
        entry_id: Id,
        actor: Officer,
        form: Form,
        work: Work,
        now: Now,
        _key: Key,
    ) -> Response:
        ids = (prison_id, inmate_id)
        await own_inmate(work, actor, *ids)
        entry = await entry_of(work, verb, inmate_id, entry_id)
        rules = await policy.current(work, local(now).date())
        try:
            await carry_out(
                work, actor, entry, form.text("reason"), now=now, policy=rules, place_id=prison_id
            )
        except Invalid as refusal:
            note(form, refusal)
            coming = await touched(work, entry, now, rules)
            raise Again(
                await page(
                    request,
                    work,
                    actor,
                    ids,
                    "end",
                    form=form,
                    heading=TITLE[verb],
                    verb=verb,
                    coming=coming,
                )
            ) from refusal
        return RedirectResponse(file_url(*ids), 303)

    address = f"{path}/{{entry_id}}/{verb}"
    router.add_api_route(address, ask, methods=["GET"], name=f"ask_{verb}")
    router.add_api_route(address, act, methods=["POST"], name=verb)


add("/bans", "lift")
add("/permits", "revoke")
add("/mandates", "end")
add("/papers", "withdraw")
