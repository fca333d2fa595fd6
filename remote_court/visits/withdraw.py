"""The prison takes a visit back: its places are free again and whoever holds it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.calls.announce import look_again
from remote_court.errors import Reason
from remote_court.notices.messages import MessageKind
from remote_court.people import Role
from remote_court.scheduling import hold
from remote_court.scheduling.models import Session
from remote_court.visits import letters
from remote_court.visits.entering import Stand
from remote_court.visits.models import Visit
from remote_court.visits.status import Status, check
from remote_court.visits.touching import Coming

RELEASED = Reason("inmate-released", "The prisoner has been released.")
NOT_BOOKABLE = Reason("not-bookable", "Visits to this prisoner cannot be booked for now.")
PERMIT_ENDED = Reason("permit-ended", "The permit for this visit was taken back.")
PAPERS_ENDED = Reason("papers-ended", "The papers for this visit were taken back.")
MANDATE_ENDED = Reason("mandate-ended", "The power of attorney has ended.")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, as the family may know it: never a detail of the case. ``until``: bookable again."""

    reason: Reason
    until: date | None = None

    def params(self) -> dict[str, object]:
        """What the letter carries."""
        told: dict[str, object] = {"by": Role.PRISON_OFFICER, "reason": self.reason.message}
        return told | {"until": self.until.isoformat()} if self.until else told


async def withdraw(
    session: AsyncSession, stand: Stand, touched: Iterable[Coming], cause: Cause, now: datetime
) -> Sequence[int]:
    """Cancel visits whose sessions are locked; return their ids.

    Raises:
        WrongState: one of them cannot be cancelled any more.
    """
    done: list[int] = []
    for visit in touched:
        check(visit.status, Status.CANCELLED)
        await _cancel(session, stand, visit, cause, now)
        done.append(visit.id)
    return done


async def _cancel(
    session: AsyncSession, stand: Stand, visit: Coming, cause: Cause, now: datetime
) -> None:
    await hold.release(session, visit.id)
    await session.execute(
        update(Session)
        .where(Session.id == visit.id)
        .values(status=Status.CANCELLED, hold_until=None)
    )
    await session.execute(
        update(Visit)
        .where(Visit.id == visit.id)
        .values(
            cancelled_by=stand.actor.person_id,
            cancelled_as=Role.PRISON_OFFICER,
            cancelled_at=now,
            cancel_reason=cause.reason.message,
            counts_as_used=False,
        )
    )
    act = stand.act("visit.cancelled", (letters.VISIT, visit.id), reason=cause.reason.code)
    await audit.record(session, now, act)
    rows = letters.live(visit.id, visit.office_id, visit.prison_id, now)
    rows.append(look_again(visit.id, now))
    if visit.status is not Status.HELD:
        told = cause.params()
        rows.append(letters.letter(MessageKind.CANCELLED, visit.booked_for, visit.id, now, **told))
    await outbox.put(session, *rows)
