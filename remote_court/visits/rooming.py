"""Which other room takes whom, when a room is closed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from remote_court.calendars.interval import Interval
from remote_court.scheduling.availability import Taken


@dataclass(frozen=True, slots=True)
class Guest:
    """A session that needs another room: when it keeps one, and what the room must have."""

    session_id: int
    reserved: Interval
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Host:
    """A room that could take somebody."""

    unit_id: int
    features: frozenset[str] = frozenset()


def rooming(
    guests: Iterable[Guest], hosts: Sequence[Host], taken: Iterable[Taken]
) -> Mapping[int, int | None]:
    """Return the room of each guest, or none where no room is free.

    Who needs most is served first, then by time; each gets the room with the fewest features that
    will do, so that the step-free room stays free for who needs it.
    """
    busy: dict[int, list[Interval]] = {host.unit_id: [] for host in hosts}
    for row in taken:
        if row.resource_id in busy:
            busy[row.resource_id].append(Interval(row.start, row.end))
    plain_first = sorted(hosts, key=lambda host: (len(host.features), host.unit_id))
    rooms: dict[int, int | None] = {}
    for guest in sorted(guests, key=lambda g: (-len(g.needs), g.reserved, g.session_id)):
        free = (
            host.unit_id
            for host in plain_first
            if guest.needs <= host.features
            and not any(guest.reserved.overlaps(other) for other in busy[host.unit_id])
        )
        found = rooms[guest.session_id] = next(free, None)
        if found is not None:
            busy[found].append(guest.reserved)
    return rooms
