"""One sitting, with everything about it."""

from __future__ import annotations

from starlette.responses import Response

from remote_court.errors import NotFound
from remote_court.hearings import diary_queries
from remote_court.hearings.diary_queries import SittingLine
from remote_court.hearings.models import Hearing
from remote_court.hearings.status import AHEAD, NEXT, Status
from remote_court.people import Person
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.listing import Id

router = chamber_router("/hearings")


async def sitting_of(chamber: Chamber, hearing_id: int) -> tuple[SittingLine, Hearing]:
    """A sitting of the branch, or one on whose bench the reader is.

    Raises:
        NotFound: it is another's, or there is none.
    """
    line = await diary_queries.sitting(chamber.work, hearing_id)
    if line is None or line.branch_id != chamber.branch.id:
        raise NotFound
    return line, await chamber.work.get_one(Hearing, hearing_id)


@router.get("/{hearing_id}")
async def one(chamber: ChamberDep, hearing_id: Id) -> Response:
    """Show it: when, who sits, who attends from where, how far service is."""
    line, hearing = await sitting_of(chamber, hearing_id)
    ordered = await chamber.work.get(Person, hearing.remote_ordered_by)
    return await chamber.page(
        "sitting",
        sitting=line,
        hearing=hearing,
        bench=await diary_queries.bench(chamber.work, hearing_id),
        parts=await diary_queries.parts(chamber.work, hearing_id),
        ordered_by=ordered.name if ordered is not None else "",
        ahead=line.status in AHEAD,
        may_adjourn=Status.ADJOURNED in NEXT[line.status],
    )
