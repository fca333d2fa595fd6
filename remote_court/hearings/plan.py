"""What a court wants to list: over which case, by which bench, who comes and from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from remote_court.hearings.facts import CaseFacts, PartyFacts
from remote_court.hearings.placing import Guest
from remote_court.hearings.roles import Mode, PartyRole, Seat, Site
from remote_court.places.features import Feature

ROOM_FEATURES = frozenset(Feature)
UNCALLED = frozenset({PartyRole.OBSERVER})
"""Who has a part in a case and yet no place in its sittings: they come by the public link."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who is to attend. What is left out is as their part in the case has it.

    ``place_id`` asks for exactly that office; ``agenda`` is the item an expert comes for.
    """

    party_id: int
    site: Site | None = None
    place_id: int | None = None
    agenda: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A sitting to be. ``bench`` in the order of the court, the president first.

    ``order`` is the judge's text by which it is held remotely, ``ordered_by`` none: the presiding
    judge's. ``minutes`` none: as long as policy has it. ``coming`` none: everybody in the case.
    """

    case_id: int
    bench: Mapping[int, Seat]
    mode: Mode = Mode.REMOTE
    order: str = ""
    ordered_by: int | None = None
    minutes: int | None = None
    coming: tuple[Coming, ...] | None = None
    closed_reason: str | None = None

    @property
    def judge_id(self) -> int | None:
        """The judge by whose order it is remote."""
        chief = (who for who, seat in self.bench.items() if seat is Seat.PRESIDING)
        return self.ordered_by or next(chief, None)


@dataclass(frozen=True, slots=True)
class Attendee:
    """A party who attends: from where, and the places where that can be, best first."""

    party: PartyFacts
    site: Site
    places: tuple[int, ...] = ()
    agenda: str | None = None

    @property
    def needs_room(self) -> bool:
        """Whether a room or a booth is taken for them."""
        return self.site in {Site.OFFICE, Site.PRISON}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who attends a sitting, and who of the plan is not in the case."""

    attendees: tuple[Attendee, ...]
    strangers: tuple[int, ...] = field(default=())

    @property
    def person_ids(self) -> list[int]:
        """Everybody who must be free then, each once."""
        return sorted({one.party.person_id for one in self.attendees})

    @property
    def place_ids(self) -> list[int]:
        """Every office and prison where somebody could sit."""
        return sorted({place for one in self.attendees for place in one.places})

    @property
    def guests(self) -> list[Guest]:
        """Who needs a room; a prisoner's needs are the prison's affair."""
        return [
            Guest(
                (one.party.id,),
                one.places,
                one.party.needs & ROOM_FEATURES if one.site is Site.OFFICE else frozenset(),
            )
            for one in self.attendees
            if one.needs_room
        ]

    @property
    def speakers(self) -> Mapping[int, frozenset[int]]:
        """Who may share a room with whom: who speaks for a party, and who guards a prisoner."""
        here = {one.party.id: one for one in self.attendees if one.needs_room}
        jailed = frozenset(i for i, one in here.items() if one.party.imprisoned)
        found: dict[int, frozenset[int]] = {}
        for party_id, one in here.items():
            if one.party.role is PartyRole.ESCORT_GUARD:
                found[party_id] = jailed
            else:
                clients = frozenset(c for c in one.party.clients if c in here)
                found[party_id] = frozenset(c for c in clients if here[c].site is one.site)
        return {who: clients for who, clients in found.items() if clients}


def cast_of(plan: Plan, case: CaseFacts) -> Cast:
    """Resolve who attends, from where."""
    parties = {party.id: party for party in case.parties}
    coming = plan.coming
    if coming is None:
        coming = tuple(Coming(p.id) for p in case.parties if p.role not in UNCALLED)
    prison = next((p.prison_id for p in case.parties if p.imprisoned), None)
    attendees = [
        attendee(parties[one.party_id], one, prison) for one in coming if one.party_id in parties
    ]
    unknown = tuple(one.party_id for one in coming if one.party_id not in parties)
    return Cast(tuple(attendees), unknown)


def attendee(party: PartyFacts, coming: Coming, prison_id: int | None) -> Attendee:
    """From where one party attends; a prisoner from the prison, unless they are brought."""
    site = coming.site or (
        Site.PRISON if party.imprisoned and party.site is not Site.COURTROOM else party.site
    )
    return Attendee(party, site, places(party, coming, site, prison_id), coming.agenda)


def places(party: PartyFacts, coming: Coming, site: Site, prison_id: int | None) -> tuple[int, ...]:
    """Where somebody could sit, the best first.

    Who comes with a prisoner, a guard or a lawyer, sits in the same prison; a guard beside them.
    """
    if site is Site.PRISON:
        if party.role is PartyRole.ESCORT_GUARD:
            return ()
        where = party.prison_id if party.imprisoned else prison_id
        return (where,) if where is not None else ()
    if site is not Site.OFFICE:
        return ()
    return (coming.place_id,) if coming.place_id is not None else tuple(party.office_ids)


def seats_of(bench: Sequence[tuple[int, Seat]]) -> Mapping[int, Seat]:
    """A bench as a mapping, the president first, everybody else in the order given."""
    return dict(sorted(bench, key=lambda one: one[1] is not Seat.PRESIDING))
