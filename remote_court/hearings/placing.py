"""Who sits in which room at one moment: offices in the order people like, no room twice. Pure.

Several people may come to the same office, so rooms are matched to them for each candidate start:
that each of them alone would find one does not mean that all of them do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

PLACE_COST, FEATURE_COST, MOST_NUMBERS = 1_000_000, 1_000, 999
NEVER: Final = float("inf")
MOST_SHARED = 6
"""Beyond so many who might share, all of them do or none does."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room of an office or a booth of a prison; ``place_id`` is whose."""

    unit_id: int
    place_id: int
    features: frozenset[str] = frozenset()
    number: int = 1


@dataclass(frozen=True, slots=True)
class Guest:
    """Who needs a room, alone or together: ``parties`` who share it, the places they can reach.

    ``places`` come best first; ``needs`` are features their room must have.
    """

    parties: tuple[int, ...]
    places: tuple[int, ...]
    needs: frozenset[str] = frozenset()

    def cost(self, room: Room) -> float:
        """How little a room suits them: the place first, then what it has beyond their needs."""
        if room.place_id not in self.places or not self.needs <= room.features:
            return NEVER
        spare = len(room.features - self.needs)
        rank = self.places.index(room.place_id)
        return rank * PLACE_COST + spare * FEATURE_COST + min(room.number, MOST_NUMBERS)


def seated(guests: Sequence[Guest], rooms: Sequence[Room]) -> list[Room] | None:
    """Give each guest a room of their own, all of them together as well as can be; or nothing.

    Guests are added one by one along the cheapest chain of moves, which keeps the sum least.
    """
    costs = [[guest.cost(room) for room in rooms] for guest in guests]
    holder: dict[int, int] = {}
    for guest in range(len(guests)):
        chain = _cheapest_chain(guest, costs, holder)
        if chain is None:
            return None
        holder |= {room: who for who, room in chain}
    room_of = {who: room for room, who in holder.items()}
    return [rooms[room_of[guest]] for guest in range(len(guests))]


def _cheapest_chain(
    guest: int, costs: Sequence[Sequence[float]], holder: Mapping[int, int]
) -> list[tuple[int, int]] | None:
    """The moves after which a further guest has a room: (guest, room), the last one first.

    Bellman and Ford's search: leaving a room gives its cost back, so steps may be negative.
    """
    best: dict[int, float] = {guest: 0}
    came: dict[int, tuple[int, int]] = {}
    end, least = None, NEVER
    for _ in range(len(costs) + 1):
        for who, room, total in list(_steps(best, costs, holder)):
            held_by = holder.get(room)
            if held_by is None:
                if total < least:
                    least, end = total, (who, room)
            elif total - costs[held_by][room] < best.get(held_by, NEVER):
                best[held_by] = total - costs[held_by][room]
                came[held_by] = (who, room)
    return _back(end, came, guest) if end is not None else None


def _steps(
    best: Mapping[int, float], costs: Sequence[Sequence[float]], holder: Mapping[int, int]
) -> Iterator[tuple[int, int, float]]:
    """Every room that somebody who must move could go to, with what it costs up to there."""
    for who, so_far in best.items():
        for room, cost in enumerate(costs[who]):
            if cost != NEVER and holder.get(room) != who:
                yield who, room, so_far + cost


def _back(
    end: tuple[int, int], came: Mapping[int, tuple[int, int]], guest: int
) -> list[tuple[int, int]]:
    """The moves that lead to an end, the last one first."""
    chain = [end]
    while chain[-1][0] != guest:
        chain.append(came[chain[-1][0]])
    return chain


def groupings(
    guests: Sequence[Guest], speakers: Mapping[int, frozenset[int]]
) -> Iterator[list[Guest]]:
    """Ways to share rooms, the most shared first: nobody shares but with who speaks for them.

    Args:
        guests: one for each who needs a room.
        speakers: the parties each lawyer or guardian among them speaks for. One who names no
            place of their own sits with their client, and never alone.
    """
    by_party = {guest.parties[0]: guest for guest in guests}
    pairs = [
        (speaker, client)
        for speaker, clients in sorted(speakers.items())
        for client in sorted(clients)
        if speaker in by_party and client in by_party and _together(by_party, speaker, client)
    ]
    first: dict[int, int] = {}
    for speaker, client in pairs:
        first.setdefault(speaker, client)
    free = [who for who in first if by_party[who].places]
    bound = [who for who in first if not by_party[who].places]
    for sharing in _subsets(free):
        yield _grouped(guests, {who: first[who] for who in (*bound, *sharing)})


def _together(by_party: Mapping[int, Guest], speaker: int, client: int) -> bool:
    own, theirs = by_party[speaker].places, by_party[client].places
    return not own or bool(set(own) & set(theirs))


def _subsets(free: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if len(free) > MOST_SHARED:
        yield from (tuple(free), ())
        return
    for size in range(len(free), -1, -1):
        yield from combinations(free, size)


def _grouped(guests: Sequence[Guest], joins: Mapping[int, int]) -> list[Guest]:
    """The guests after each of these speakers joined their client."""
    made = {guest.parties[0]: guest for guest in guests if guest.parties[0] not in joins}
    for speaker, client in joins.items():
        joined = next(g for g in guests if g.parties[0] == speaker)
        host = made.get(client)
        if host is None:  # the client is with somebody who speaks for them in turn
            made[speaker] = joined
            continue
        both = tuple(p for p in host.places if not joined.places or p in joined.places)
        if not both:  # two speakers reach their client at different offices
            made[speaker] = joined
            continue
        made[client] = replace(
            host,
            parties=(*host.parties, speaker),
            places=both,
            needs=host.needs | joined.needs,
        )
    return list(made.values())
