"""End what stands in an inmate's file, with a reason: a ban, a permit, a power of attorney."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from remote_court.errors import NotFound
from remote_court.policy import Policy
from remote_court.server.deps import Now
from remote_court.server.fields import Form
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id
from remote_court.server.locale import N_
from remote_court.server.prison.file_forms import File, FileDep, file_router
from remote_court.visits import ban_entry, consular_entry, mandate_entry, permit_entry
from remote_court.visits.bans import VisitBan
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.permits import Mandate, Permit
from remote_court.visits.touching import Coming

Entry = VisitBan | Permit | Mandate | ConsularPapers
router = file_router()
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
            return await mandate_entry.standing_on(work, entry, now)
        case ConsularPapers():
            return await consular_entry.standing_on(work, entry, now)
        case _:
            return ()


async def carry_out(file: File, entry: Entry, reason: str) -> None:
    """End it."""
    ended = file.work, file.actor, entry.id, reason
    match entry:
        case VisitBan():
            await ban_entry.lift(*ended, file.now)
        case Permit():
            await permit_entry.revoke(*ended, now=file.now, policy=await file.rules())
        case ConsularPapers():
            await consular_entry.withdraw_papers(*ended, now=file.now)
        case Mandate():
            await mandate_entry.end(*ended, place_id=file.prison_id, now=file.now)


async def page(file: File, verb: str, entry: Entry, **more: object) -> Response:
    """What would be ended, and the visits that it would cancel."""
    coming = await touched(file.work, entry, file.now, await file.rules())
    return await file.page("end", heading=TITLE[verb], verb=verb, coming=coming, **more)  # type: ignore[arg-type]


def add(path: str, verb: str) -> None:
    """Add the two routes of a verb."""

    async def ask(file: FileDep, entry_id: Id) -> Response:
        return await page(file, verb, await entry_of(file.work, verb, file.inmate_id, entry_id))

    async def act(file: FileDep, entry_id: Id, form: Form, _key: Key) -> Response:
        entry = await entry_of(file.work, verb, file.inmate_id, entry_id)
        async with file.sent(form, partial(page, file, verb, entry)):
            await carry_out(file, entry, form.text("reason"))
        return file.shown()

    address = f"{path}/{{entry_id}}/{verb}"
    router.add_api_route(address, ask, methods=["GET"], name=f"ask_{verb}")
    router.add_api_route(address, act, methods=["POST"], name=verb)


add("/bans", "lift")
add("/permits", "revoke")
add("/mandates", "end")
add("/papers", "withdraw")
