"""Visits as rows: sessions, reservations, who came, and the record of calls long over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from asyncpg import Range

from remote_court.calendars.week import Week
from remote_court.calls.models import CallStatus
from remote_court.demo.seed.month import Planned
from remote_court.demo.seed.sheets import Sheet
from remote_court.demo.seed.staff import Cast
from remote_court.identifiers import mint_tracking_code
from remote_court.people import Role
from remote_court.visits.status import KEEPS_PLACES, Status

VISIT = (
    "id", "kind", "tracking_code", "inmate_id", "prison_id", "office_id", "room_id", "booth_id",
    "week", "booked_for", "operator_id", "consent", "needs_interpreter", "cancelled_by",
    "cancelled_as", "cancelled_at", "cancel_reason", "counts_as_used", "checked_in_at",
    "checked_in_by", "opened_at", "closed_at", "lost_seconds", "lost_reason",
)  # fmt: skip
KEEPS = KEEPS_PLACES | {Status.COMPLETED}
REASONS = ("بیماری", "تغییر برنامه کاری", "مشکل رفت‌وآمد", "درخواست زندانی")
MINUTE = timedelta(minutes=1)
ANSWER = timedelta(days=3)


class VisitSheets:
    """Collects the rows of visits."""

    def __init__(self, random: Random, cast: Cast, now: datetime) -> None:
        self._random = random
        self._cast = cast
        self._now = now
        self._codes: set[str] = set()
        self.sessions = Sheet(
            "session",
            (
                "id",
                "kind",
                "status",
                "starts_at",
                "ends_at",
                "hold_until",
                "created_by",
                "created_at",
            ),
        )
        self.reservations = Sheet("reservation", ("session_id", "resource_id", "during"))
        self.visits = Sheet("visit", VISIT)
        self.visitors = Sheet(
            "visit_visitor",
            ("visit_id", "person_id", "adult", "sighted_at", "sighted_by", "sighted_document"),
        )
        self.calls = Sheet(
            "call",
            ("session_id", "kind", "status", "revision", "starts_at", "ends_at", "opened_at",
             "closed_at", "reason"),
        )  # fmt: skip
        self.attendance = Sheet(
            "attendance",
            ("session_id", "person_id", "role", "connection_id", "arrived_at", "left_at",
             "left_reason"),
        )  # fmt: skip
        self.record = Sheet(
            "audit_entry",
            ("at", "actor_id", "role", "place_id", "act", "subject_kind", "subject_id", "detail"),
        )

    def sheets(self) -> Iterator[Sheet]:
        """The sheets in the order in which they refer to each other."""
        self.record.rows.sort(key=lambda row: row[0])
        yield from (self.sessions, self.visits, self.visitors, self.calls, self.attendance)
        yield from (self.record, self.reservations)

    def take(self, visits: Iterable[Planned]) -> None:
        """Write visits down."""
        for number, planned in enumerate(visits, start=1):
            self._take(number, planned)

    def _take(self, id_: int, planned: Planned) -> None:
        created = self._created(planned)
        hold = min(self._now + ANSWER, planned.starts_at)
        self.sessions.rows.append(
            (
                id_,
                "visit",
                planned.status.value,
                planned.starts_at,
                planned.ends_at,
                hold if planned.status is Status.REQUESTED else None,
                planned.leader.id,
                created,
            )
        )
        if planned.status in KEEPS:
            during = Range(planned.starts_at, planned.reserved_until)
            spot = planned.spot
            people = (planned.prisoner.human.id, *(h.id for h in planned.party))
            for resource in (spot.room.id, spot.booth.id, *people):
                self.reservations.rows.append((id_, resource, during))
        self._visit(id_, planned, created)
        self._recorded(id_, planned, created)

    def _created(self, planned: Planned) -> datetime:
        ahead = timedelta(days=2.2 + 8 * self._random.random())
        return min(planned.starts_at - ahead, self._now - 120 * MINUTE * self._random.random())

    def _visit(self, id_: int, planned: Planned, created: datetime) -> None:
        clerk = self._cast.clerk_of(planned.office.id)
        by_clerk = self._random.random() < 0.25  # noqa: PLR2004 - every fourth cannot alone
        came, left, lost = self._course(id_, planned)
        seen = came - 25 * MINUTE * self._random.random() - 4 * MINUTE if came else None
        off = self._called_off(planned, created)
        missed = planned.status is Status.NO_SHOW
        self.visits.rows.append(
            (
                id_, planned.kind.value, self._code(), planned.prisoner.human.id,
                planned.prisoner.prison.id, planned.office.id, planned.spot.room.id,
                planned.spot.booth.id, Week.of(planned.spot.day).first, planned.leader.id,
                clerk if by_clerk else None, "spoken" if by_clerk else None,
                not all(h.persian for h in (planned.prisoner.human, *planned.party)),
                *off, seen, clerk if seen else None, came, left, lost,
                "visitor_absent" if missed else "network" if lost else None,
            )
        )  # fmt: skip
        for human in planned.party:
            adult = human.adult_on(planned.spot.day)
            paper = "national_card" if adult else "birth_certificate"
            sighted = (seen, clerk, paper) if seen else (None, None, None)
            self.visitors.rows.append((id_, human.id, adult, *sighted))

    def _called_off(self, planned: Planned, created: datetime) -> tuple[object, ...]:
        if planned.status is not Status.CANCELLED:
            return (None, None, None, None, True)
        at = created + (min(planned.starts_at, self._now) - created) * self._random.random()
        who = Role.LAWYER if planned.kind == "lawyer" else Role.FAMILY
        return (planned.leader.id, who.value, at, self._random.choice(REASONS), False)

    def _course(
        self, id_: int, planned: Planned
    ) -> tuple[datetime | None, datetime | None, int | None]:
        """When a completed visit opened and closed, what it lost; its call and who was there."""
        if planned.status is not Status.COMPLETED:
            return None, None, None
        draw = self._random.random
        opened = planned.starts_at + timedelta(seconds=int(draw() * 90))
        closed = opened + (planned.ends_at - planned.starts_at)
        lost = int(20 + draw() * 300) if draw() < 0.06 else 0  # noqa: PLR2004 - six in a hundred
        times = (planned.starts_at, closed, opened, closed)
        self.calls.rows.append((id_, "visit", CallStatus.CLOSED.value, 2, *times, "time"))
        for role, person in (("visitor", planned.leader), ("inmate", planned.prisoner.human)):
            came = opened - timedelta(seconds=int(draw() * 240))
            self.attendance.rows.append(
                (id_, person.id, role, f"s{id_}{role[0]}", came, closed, "ended")
            )
        return opened, closed, lost

    def _recorded(self, id_: int, planned: Planned, created: datetime) -> None:
        """The record of the places shown first; the rest would only make sealing slow."""
        here = planned.office is self._cast.office or planned.prisoner.prison is self._cast.prison
        if not here:
            return
        status = Status.REQUESTED if planned.status is Status.REQUESTED else Status.BOOKED
        who = Role.LAWYER if planned.kind == "lawyer" else Role.FAMILY
        act = f"visit.{status.value}"
        detail = f'{{"office": {planned.office.id}, "prison": {planned.prisoner.prison.id}}}'
        self.record.rows.append(
            (created, planned.leader.id, who.value, None, act, "visit", id_, detail)
        )

    def _code(self) -> str:
        while (code := mint_tracking_code(self._random)) in self._codes:
            pass
        self._codes.add(code)
        return code
