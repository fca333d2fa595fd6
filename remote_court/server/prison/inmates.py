"""Find an inmate, and see everything that is entered about them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from remote_court.clock import local
from remote_court.people import Person, Role
from remote_court.server.deps import Now, Work
from remote_court.server.listing import MAX_ID, Id, Window, WindowDep
from remote_court.server.people.lookups import looked_up
from remote_court.server.prison.access import Officer, officer, own_inmate, own_prison, show
from remote_court.server.refusals import BadCursor
from remote_court.visits import prison_queries
from remote_court.visits.inmate_moves import to_come

router = APIRouter(
    prefix="/prisons/{prison_id}/inmates", include_in_schema=False, dependencies=[Depends(officer)]
)


@router.get("")
async def search(
    request: Request,
    prison_id: Id,
    actor: Officer,
    work: Work,
    window: WindowDep,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """List inmates by number, or those whose name or number has the words."""
    prison = await own_prison(work, actor, prison_id)
    after = position(window)
    found = await prison_queries.inmates(work, prison_id, q, after=after, limit=window.limit)
    if q:
        ids = (held.id for held in found)
        await looked_up(request, actor, (Role.PRISON_OFFICER,), prison_id, q, *ids)
    shown, cursor = window.cut(found, lambda held: (held.number, held.id))
    return show(request, "inmates", prison, inmates=shown, q=q, cursor=cursor)


def position(window: Window) -> tuple[str, int] | None:
    """The number and the id after which the list goes on.

    Raises:
        BadCursor: it belongs to another list.
    """
    match window.after:
        case None:
            return None
        case (str(number), int(inmate_id)) if number.isprintable() and 0 < inmate_id <= MAX_ID:
            return number, inmate_id
        case _:
            raise BadCursor


@router.get("/{inmate_id}")
async def one(
    request: Request,
    prison_id: Id,
    inmate_id: Id,
    actor: Officer,
    work: Work,
    now: Now,
) -> Response:
    """Show an inmate."""
    prison, inmate = await own_inmate(work, actor, prison_id, inmate_id)
    person = await person_of(work, inmate_id)
    return show(
        request,
        "inmate",
        prison,
        inmate=inmate,
        person=person,
        file=await prison_queries.file_of(work, inmate_id, local(now).date()),
        coming=await to_come(work, actor, inmate_id, now),
    )


async def person_of(work: AsyncSession, person_id: int) -> Person:
    """The person an inmate is."""
    person = await work.get(Person, person_id)
    assert person is not None, "an inmate is a person"
    return person
