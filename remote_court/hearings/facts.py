"""What the rules of a sitting look at: facts, loaded by ``queries``; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remote_court.hearings.lawful import ToServe
from remote_court.hearings.roles import SERVED, Address, PartyRole, Seat, Site
from remote_court.notices.service import Service
from remote_court.people import Gender
from remote_court.people.inmates import InmateStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """Somebody who has a part in the case now.

    ``clients`` are the parties for whom they speak; ``held``: they are a prisoner, and whether
    they can be reached in ``prison_id``. ``own_device``: a judge allowed it.
    """

    id: int
    person_id: int
    name: str
    gender: Gender
    role: PartyRole
    clients: frozenset[int] = frozenset()
    needs_interpreter: bool = False
    needs: frozenset[str] = frozenset()
    address: Address = Address.KNOWN
    site: Site = Site.OFFICE
    office_ids: tuple[int, ...] = ()
    own_device: bool = False
    has_account: bool = True
    prison_id: int | None = None
    held: InmateStatus | None = None

    @property
    def imprisoned(self) -> bool:
        """Whether they are a prisoner at all; one on leave or in hospital is."""
        return self.held is not None and self.held is not InmateStatus.RELEASED


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Somebody on the bench; ``is_judge``: they hold that office at some branch."""

    person_id: int
    name: str
    gender: Gender
    seat: Seat
    is_judge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A case and everybody in it. ``last_number`` is that of its last sitting, 0: none yet.

    ``postponed``: how many of its sittings were adjourned at the parties' joint request.
    """

    id: int
    branch_id: int
    grave: bool
    juvenile: bool
    last_number: int
    postponed: int
    parties: tuple[PartyFacts, ...]

    def to_serve(self, services: Sequence[Service] = ()) -> Iterator[ToServe]:
        """Everybody who must be served, each once a part, with their first service."""
        first: dict[int, Service] = {}
        for service in services:
            known = first.get(service.person_id)
            days = (service.day, known.day if known else None)
            if known is None or (days[0] and (days[1] is None or days[0] < days[1])):
                first[service.person_id] = service
        for party in self.parties:
            if party.role in SERVED:
                service_of = first.get(party.person_id)
                yield ToServe(
                    party.person_id, party.role, party.address, party.has_account, service_of
                )
