"""What service does to a sitting: its date stands, or has become unlawful and must be another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.calendars.deadlines import Standing
from remote_court.clock import local
from remote_court.errors import Conflict, Reason, RuleRefused
from remote_court.hearings import lawful, queries
from remote_court.hearings.cancel import audience_of
from remote_court.hearings.courts import court
from remote_court.hearings.door import Opened, act, open_hearing
from remote_court.hearings.facts import CaseFacts
from remote_court.hearings.find_times import Times, times
from remote_court.hearings.lawful import Earliest, ToServe
from remote_court.hearings.matter import today_of
from remote_court.hearings.move import Target, move_by_itself, plan_of
from remote_court.hearings.rules import ListingRefused
from remote_court.hearings.status import Status
from remote_court.hearings.telling import live, tell
from remote_court.notices.messages import MessageKind
from remote_court.notices.service import services
from remote_court.scheduling.hold import release

TOO_EARLY = Reason(
    "served-too-late", "The clear days of everybody who must be served had not run by its date."
)
CLOSED = Reason("closed-meanwhile", "The court or a place of the session is closed on its day.")
NOT_AS_LISTED = Reason(
    "not-as-listed", "The session cannot be held as it was listed: somebody or something changed."
)
NO_TIME = Reason("no-time-free", "No lawful time was free in the days that were searched.")
TRIES = 3


@dataclass(frozen=True, slots=True)
class Service:
    """How a sitting stands by the real state of service, and the first lawful day of each."""

    standing: Standing
    each: tuple[Earliest, ...]
    everybody: tuple[ToServe, ...]

    @property
    def complete(self) -> bool:
        """Whether everybody who must be served has been."""
        return all(one.served_on is not None for one in self.everybody)


async def service_of(session: AsyncSession, opened: Opened, now: datetime) -> Service:
    """How a sitting's present date stands by the real state of service."""
    hearing = opened.hearing
    case = await queries.case(session, hearing.case_id)
    sits = await court(session, hearing.branch_id, today_of(min(now, hearing.dated_at)))
    assert case is not None, "a hearing is over a case"
    assert sits is not None, "a hearing is before a branch"
    everybody = tuple(await _everybody(session, opened, case))
    terms = sits.terms(grave=case.grave)
    day = local(opened.session.starts_at).date()
    each = tuple(lawful.earliest_of_each(everybody, terms, today_of(now)))
    return Service(lawful.standing(everybody, terms, day), each, everybody)


async def _everybody(session: AsyncSession, opened: Opened, case: CaseFacts) -> list[ToServe]:
    hearing = opened.hearing
    return list(case.to_serve(await services(session, hearing.id, hearing.date_no)))


async def by_service(session: AsyncSession, hearing_id: int, now: datetime) -> Standing:
    """Do to a sitting what service has made of it; the same again changes nothing.

    When everybody is served it is confirmed. Where the real service of one of them leaves too
    few clear days, it moves by itself once all are served; if no other time is free, it is
    displaced and waits for the court.
    """
    opened = await open_hearing(session, hearing_id)
    found = await service_of(session, opened, now)
    ahead = opened.session.starts_at > now
    match found.standing:
        case Standing.CONFIRMED if ahead and opened.status is Status.PROVISIONAL:
            await _confirm(session, opened, now)
        case Standing.TOO_EARLY if ahead and found.complete and opened.status in STANDING:
            await move_or_displace(session, opened, TOO_EARLY, now)
        case Standing.PROVISIONAL if ahead and opened.status is Status.CONFIRMED:
            await _unconfirm(session, opened, now)
        case _:
            pass
    return found.standing


STANDING = frozenset({Status.PROVISIONAL, Status.CONFIRMED})


async def _confirm(session: AsyncSession, opened: Opened, now: datetime) -> None:
    opened.move_to(Status.CONFIRMED)
    opened.hearing.confirmed_at = now
    people = (await audience_of(session, opened)).people
    await tell(session, opened.hearing, people, MessageKind.CONFIRMED, now)
    await _written(session, opened, "confirmed", now)


async def _unconfirm(session: AsyncSession, opened: Opened, now: datetime) -> None:
    """Somebody joined the case after it was confirmed, and is not served yet."""
    opened.move_to(Status.PROVISIONAL)
    opened.hearing.confirmed_at = None
    await _written(session, opened, "provisional", now)


async def move_or_displace(
    session: AsyncSession, opened: Opened, reason: Reason, now: datetime
) -> None:
    """Move a sitting to the first lawful time that is free, or let it wait for the court."""
    hearing_id = opened.hearing.id
    plan = await plan_of(session, opened, Target(opened.session.starts_at))
    try:
        found = await times(session, plan, Times(limit=TRIES, moving=hearing_id), now)
    except ListingRefused:
        await displace(session, opened, NOT_AS_LISTED.message, now)
        return
    for offer in found.found.offers:
        try:
            async with session.begin_nested():
                to = Target(offer.starts_at)
                await move_by_itself(session, hearing_id, to, reason.message, now)
        except (Conflict, RuleRefused):  # since the search; the next offer may still be free
            continue
        return
    await displace(session, await open_hearing(session, hearing_id), NO_TIME.message, now)


async def displace(session: AsyncSession, opened: Opened, reason: str, now: datetime) -> None:
    """Give up a sitting's places; it waits for the court to find it another date."""
    opened.move_to(Status.DISPLACED)
    await release(session, opened.hearing.id)
    opened.hearing.displaced_at, opened.hearing.displaced_reason = now, reason
    opened.hearing.confirmed_at = None
    for part in opened.parts:
        part.unit_id = None
    people = (await audience_of(session, opened)).people
    was = opened.session.starts_at
    await tell(session, opened.hearing, people, MessageKind.DISPLACED, now, was=was)
    await _written(session, opened, "displaced", now, reason=reason)


async def _written(
    session: AsyncSession, opened: Opened, name: str, now: datetime, **detail: object
) -> None:
    await session.flush()
    await outbox.put(session, *live(opened.hearing, opened.places, now))
    done = act(None, name, opened.hearing.id, opened.hearing.branch_id, **detail)
    await audit.record(session, now, done)
