"""Cases, parties and sittings as rows, and the notices by which people were served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from asyncpg import Range

from remote_court.demo.seed.docket import RESERVED, TOLD, Case, Chamber, Planned
from remote_court.demo.seed.sheets import Sheet
from remote_court.hearings.forums import Forum
from remote_court.hearings.letters import HEARING, Serving
from remote_court.hearings.roles import SERVED, Mode, Seat, Site
from remote_court.hearings.status import KEEPS_PLACES, Status
from remote_court.notices.service import Method

CASE = (
    "id", "case_number", "sub_row", "archive_number", "branch_id", "subject", "registered_by",
    "registered_at",
)  # fmt: skip
PARTY = ("id", "case_id", "person_id", "role", "site", "office_ids", "entered_by", "joined_at")
HEARING_ROW = (
    "id", "case_id", "branch_id", "forum", "mode", "number", "minutes", "remote_order",
    "remote_ordered_by", "listed_by", "listed_at", "dated_at", "confirmed_at", "opened_at",
    "ended_at", "ended_by",
)  # fmt: skip
NOTICE = (
    "number", "session_id", "person_id", "occasion", "date_no", "method", "queued_at",
    "delivered_at", "viewed_at", "starts_at",
)  # fmt: skip
ORDER = "طرفین در شهرهای مختلف‌اند و حضورشان ضرورت ندارد؛ رسیدگی غیرحضوری باشد."
LISTED_BEFORE = timedelta(days=20)
READ_AFTER = timedelta(hours=9)


class HearingSheets:
    """Collects the rows of hearings; sessions and reservations go to the sheets of visits."""

    def __init__(self, sessions: Sheet, reservations: Sheet, now: datetime) -> None:
        self._sessions, self._reservations, self._now = sessions, reservations, now
        self._case_id = self._party_id = self._notice = 0
        self.cases = Sheet("court_case", CASE)
        self.parties = Sheet("case_party", PARTY)
        self.spoken = Sheet(
            "representation", ("speaker_id", "client_id", "paper", "entered_by", "entered_at")
        )
        self.hearings = Sheet("hearing", HEARING_ROW)
        self.seats = Sheet("hearing_seat", ("hearing_id", "person_id", "seat"))
        self.parts = Sheet(
            "hearing_part", ("hearing_id", "party_id", "site", "place_id", "unit_id")
        )
        self.notices = Sheet("notice", NOTICE)

    def sheets(self) -> Iterator[Sheet]:
        """The sheets in the order in which they refer to each other."""
        yield from (self.cases, self.parties, self.spoken)
        yield from (self.hearings, self.seats, self.parts, self.notices)

    def take(self, chambers: Iterable[Chamber]) -> None:
        """Write the cases of branches down."""
        for chamber in chambers:
            for serial, case in enumerate(chamber.cases, start=1):
                self._take(chamber, case, serial)

    def _take(self, chamber: Chamber, case: Case, serial: int) -> None:
        self._case_id += 1
        since = self._now - 2 * LISTED_BEFORE
        by = chamber.clerk.id
        archive = f"05{serial:04}"
        told = case.number, "1", archive, chamber.branch, case.subject
        self.cases.rows.append((self._case_id, *told, by, since))
        first = self._party_id + 1
        for part in case.parts:
            self._party_id += 1
            here = self._case_id, part.human.id, part.role.value, Site.OFFICE.value
            self.parties.rows.append((self._party_id, *here, [part.office.id], by, since))
            if part.client is not None:
                pair = self._party_id, first + part.client
                self.spoken.rows.append((*pair, f"و-{self._party_id:05}", by, since))
        for sitting in case.sittings:
            self._sit(chamber, case, sitting, first)

    def _sit(self, chamber: Chamber, case: Case, sitting: Planned, first: int) -> None:
        id_ = len(self._sessions.rows) + 1
        listed = min(self._now, sitting.starts_at) - LISTED_BEFORE
        start, clerk, judge = sitting.starts_at, chamber.clerk.id, chamber.judge.id
        state = sitting.status.value
        self._sessions.rows.append((id_, HEARING, state, start, start + TOLD, None, clerk, listed))
        was_held = sitting.status is Status.HELD
        course = (start, start + TOLD, judge) if was_held else (None, None, None)
        confirmed = None if sitting.status is Status.PROVISIONAL else listed + READ_AFTER
        self.hearings.rows.append(
            (
                id_, self._case_id, chamber.branch, Forum.CIVIL.value, Mode.REMOTE.value, 1,
                TOLD // timedelta(minutes=1), ORDER, judge, clerk, listed, listed, confirmed,
                *course,
            )
        )  # fmt: skip
        self.seats.rows.append((id_, judge, Seat.PRESIDING.value))
        for n, (part, room) in enumerate(zip(case.parts, sitting.rooms, strict=True)):
            place = Site.OFFICE.value, part.office.id, room.id
            self.parts.rows.append((id_, first + n, *place))
            if part.role in SERVED:
                self._serve(id_, part.human.id, listed, start, waits=n == sitting.unserved)
        if sitting.status in KEEPS_PLACES or was_held:
            people = {chamber.branch, judge, *(part.human.id for part in case.parts)}
            during = Range(start, start + RESERVED)
            for resource in sorted(people | {room.id for room in sitting.rooms}):
                self._reservations.rows.append((id_, resource, during))

    def _serve(
        self, hearing: int, person: int, at: datetime, start: datetime, *, waits: bool
    ) -> None:
        """A notice that arrived, every second one read; or one that an officer still carries."""
        self._notice += 1
        method = Method.OFFICER if waits else Method.SANA
        viewed = at + READ_AFTER if self._notice % 2 and not waits else None
        served = (None, None) if waits else (at, viewed)
        number = f"1405{self._notice:08}"
        here = number, hearing, person, Serving.LISTED.value, 1, method.value, at
        self.notices.rows.append((*here, *served, start))
