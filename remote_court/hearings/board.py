"""What stands in the way of a sitting at a moment, and where everybody would sit if nothing does.

Pure: the courts' hours, the rooms and what is taken of them are loaded before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from remote_court.calendars.interval import Interval
from remote_court.clock import local
from remote_court.errors import Reason
from remote_court.hearings.courts import Court
from remote_court.hearings.facts import SeatFacts
from remote_court.hearings.placing import Guest, Room, groupings, seated
from remote_court.hearings.plan import Cast
from remote_court.hearings.roles import Site
from remote_court.places import Audience
from remote_court.policy import Citation
from remote_court.scheduling.availability import QUARTER, Taken, closed_starts
from remote_court.scheduling.opening import Openings

EVERYBODY = tuple(Audience)
"""A session of the court is no visit: a prison's days for men and women do not bind it."""


@dataclass(frozen=True, slots=True)
class Seating:
    """Where one party attends from; ``unit_id`` is the room they sit in, if one is taken."""

    party_id: int
    person_id: int
    site: Site
    place_id: int | None
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing can be at a start; ``taken``: who or what is, none where a rule is the reason."""

    reason: Reason
    taken: int | None = None


@dataclass(frozen=True)
class Board:
    """Everything that could be taken or closed, over a window that begins at ``origin``."""

    court: Court
    bench: Sequence[SeatFacts]
    cast: Cast
    places: Openings
    rooms: Sequence[Room]
    taken: Sequence[Taken]
    told: timedelta
    reserved: timedelta
    origin: datetime
    open_hours: dict[tuple[int, date], list[Interval]] = field(default_factory=dict)
    """What was worked out already: a search asks of each place at every quarter hour."""

    @property
    def people(self) -> list[int]:
        """Everybody who must be free, the branch with its clerk among them."""
        return sorted(
            {self.court.branch_id, *(o.person_id for o in self.bench), *self.cast.person_ids}
        )

    @cached_property
    def closed(self) -> Mapping[int, int]:
        """Bits of starts at which each resource is taken."""
        return closed_starts(self.origin, self.reserved, self.taken)

    def interval(self, start: datetime) -> Interval:
        """What a sitting of this length reserves."""
        return Interval.lasting(start, self.reserved)

    def free(self, resource_id: int, start: datetime) -> bool:
        """Whether nothing is reserved on a resource then."""
        steps, rest = divmod(start - self.origin, QUARTER)
        if rest == timedelta(0) and steps >= 0:
            return not self.closed.get(resource_id, 0) >> steps & 1
        wanted = self.interval(start)
        return not any(
            row.resource_id == resource_id and Interval(row.start, row.end).overlaps(wanted)
            for row in self.taken
        )

    def at(self, start: datetime) -> list[Seating] | Obstacle:
        """Where everybody sits at a start, or the first thing that stands in the way."""
        if (obstacle := self.court_closed(start)) is not None:
            return obstacle
        if (obstacle := next(self.busy(start), None)) is not None:
            return obstacle
        return self.seats(start)

    def court_closed(self, start: datetime) -> Obstacle | None:
        """Why the court does not sit then, if so."""
        day = local(start).date()
        if (why := self.court.why_closed(day)) is not None:
            return Obstacle(court_closed(why.fa, why.en))
        told = Interval.lasting(start, self.told)
        if any(hours.contains(told) for hours in self.court.hours(day)):
            return None
        rule = self.court.policy(day)
        return Obstacle(
            Reason(
                "outside-court-hours",
                "The court sits from %(opens)s to %(closes)s.",
                "calendar.hours.start",
                {
                    "opens": f"{rule.clock('calendar.hours.start'):%H:%M}",
                    "closes": f"{rule.clock('calendar.hours.end'):%H:%M}",
                },
            )
        )

    def busy(self, start: datetime) -> Iterator[Obstacle]:
        """Who is in another session then: the branch, the bench, whoever attends."""
        if not self.free(self.court.branch_id, start):
            yield Obstacle(
                Reason(
                    "branch-sits",
                    "The branch sits in another session until %(until)s.",
                    values=self.until(self.court.branch_id, start),
                ),
                self.court.branch_id,
            )
        for one in self.bench:
            if not self.free(one.person_id, start):
                values = {"name": one.name, **self.until(one.person_id, start)}
                reason = Reason(
                    "judge-sits",
                    "Judge %(name)s sits in another session until %(until)s.",
                    values=values,
                )
                yield Obstacle(reason, one.person_id)
        for each in self.cast.attendees:
            person_id = each.party.person_id
            if not self.free(person_id, start):
                values = {"name": each.party.name, **self.until(person_id, start)}
                reason = Reason(
                    "party-elsewhere",
                    "%(name)s is in another session until %(until)s.",
                    values=values,
                )
                yield Obstacle(reason, person_id)

    def until(self, resource_id: int, start: datetime) -> dict[str, object]:
        """When what takes a resource then is over, for people to read."""
        wanted = self.interval(start)
        ends = [
            row.end
            for row in self.taken
            if row.resource_id == resource_id and Interval(row.start, row.end).overlaps(wanted)
        ]
        return {"until": f"{local(max(ends)):%H:%M}"}

    def seats(self, start: datetime) -> list[Seating] | Obstacle:
        """A room for everybody who needs one, or for whom none is left."""
        guests = self.cast.guests
        open_places = {p for p in self.cast.place_ids if self.is_open(p, start)}
        open_rooms = [room for room in self.rooms if room.place_id in open_places]
        rooms = [room for room in open_rooms if self.free(room.unit_id, start)]
        for groups in groupings(guests, self.cast.speakers):
            if (found := seated(groups, rooms)) is not None:
                return self.seatings(groups, found)
        return self.no_room(guests, open_rooms, rooms)

    def is_open(self, place_id: int, start: datetime) -> bool:
        """Whether an office or a prison is open for the whole of it."""
        day = local(start).date()
        if (place_id, day) not in self.open_hours:
            place = self.places.places.get(place_id)
            self.open_hours[place_id, day] = place.on(day, EVERYBODY) if place else []
        wanted = self.interval(start)
        return any(hours.contains(wanted) for hours in self.open_hours[place_id, day])

    def seatings(self, groups: Sequence[Guest], rooms: Sequence[Room]) -> list[Seating]:
        """Everybody's place, in the order in which they attend."""
        room_of = {
            party: room
            for group, room in zip(groups, rooms, strict=True)
            for party in group.parties
        }
        return [
            Seating(
                one.party.id,
                one.party.person_id,
                one.site,
                room_of[one.party.id].place_id if one.party.id in room_of else None,
                room_of[one.party.id].unit_id if one.party.id in room_of else None,
            )
            for one in self.cast.attendees
        ]

    def no_room(
        self, guests: Sequence[Guest], open_rooms: Sequence[Room], rooms: Sequence[Room]
    ) -> Obstacle:
        """Whom no room is left for, and whether it is closed there or taken."""
        by_party = {one.party.id: one for one in self.cast.attendees}
        for guest in guests:
            if any(guest.cost(room) != float("inf") for room in rooms) or not guest.places:
                continue
            one = by_party[guest.parties[0]]
            told = {"name": one.party.name}
            if not any(room.place_id in guest.places for room in open_rooms):
                return Obstacle(
                    Reason(
                        "place-closed",
                        "Where %(name)s attends, it is closed at this time.",
                        values=told,
                    )
                )
            if one.site is Site.PRISON:
                return Obstacle(
                    Reason("booths-full", "Every booth of the prison is taken."), guest.places[0]
                )
            fits = any(guest.cost(room) != float("inf") for room in self.rooms)
            if not fits:
                return Obstacle(
                    Reason(
                        "no-such-room",
                        "No room of their offices has what %(name)s needs.",
                        values=told,
                    )
                )
            return Obstacle(
                Reason("rooms-full", "No room is left at the offices of %(name)s.", values=told),
                guest.places[0],
            )
        place = next((guest.places[0] for guest in guests if guest.places), None)
        reason = Reason("too-few-rooms", "Their offices have too few free rooms for all of them.")
        return Obstacle(reason, place)


def court_closed(fa: str, en: str) -> Reason:
    """That the court does not sit, in words a calendar gave in both languages."""
    return Reason("court-closed", "The court is closed: %(why)s.", values={"why": Citation(fa, en)})


def days_of(first: date, last: date) -> Iterator[date]:
    """Days from one to another, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
