"""As whom somebody enters a hearing's call; pure."""

from __future__ import annotations

from collections.abc import Iterator

from remote_court.calls.kinds import Admission, Asker, PairedDevice
from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.cast import SEAT_OF, Cast
from remote_court.hearings.in_call_facts import HearingFacts, Part
from remote_court.hearings.roles import Site
from remote_court.people import Actor, Role

BY_THEMSELVES = frozenset({Site.OWN_DEVICE, Site.COURTROOM})
"""Sites from which somebody enters with their own account; elsewhere the room's device does."""


def admitted(facts: HearingFacts, asker: Asker, as_: str) -> Admission:
    """As whom this asker enters in this role.

    Raises:
        NotFound: the hearing is nothing to the asker.
        Forbidden: the asker may not enter in this role.
    """
    found = next((one for one in entrances(facts, asker) if one.role == as_), None)
    if found is not None:
        return found
    raise Forbidden if concerns(facts, asker) else NotFound


def entrances(facts: HearingFacts, asker: Asker) -> Iterator[Admission]:
    """Every role in which this asker may enter, the usual one first."""
    if isinstance(asker, PairedDevice):
        yield from (as_part(p) for p in facts.parts if p.unit_id == asker.unit_id)
        return
    person_id = asker.person_id
    if (seat := facts.seats.get(person_id)) is not None:
        yield Admission(
            person_id=person_id,
            role=SEAT_OF[seat],
            name=facts.judges[person_id],
            label="",
            place_id=facts.branch_id,
        )
    if asker.holds_at(facts.branch_id, Role.COURT_CLERK):
        yield Admission(
            person_id=person_id,
            role=Cast.CLERK,
            name=asker.name,
            label="",
            place_id=facts.branch_id,
        )
    part = facts.part(person_id)
    if part is not None and part.site in BY_THEMSELVES:
        yield as_part(part)
    yield from at_prison(facts, asker)
    if facts.doors_open and part is None:
        yield Admission(person_id=person_id, role=Cast.OBSERVER, name=asker.name, label="")


def at_prison(facts: HearingFacts, actor: Actor) -> Iterator[Admission]:
    """An officer brings in the prisoners of their prison, and stands guard there."""
    for part in facts.parts:
        if part.site is Site.PRISON and actor.holds_at(part.place_id, Role.PRISON_OFFICER):
            yield as_part(part)
            yield Admission(
                person_id=actor.person_id,
                role=Cast.GUARD,
                name=actor.name,
                label="",
                place_id=part.place_id,
            )


def as_part(part: Part) -> Admission:
    """Somebody who is to attend."""
    return Admission(
        person_id=part.person_id,
        role=part.cast,
        name=part.name,
        label=part.role.value,
        place_id=part.place_id,
    )


def concerns(facts: HearingFacts, asker: Asker) -> bool:
    """Whether the hearing is something to the asker, so that a refusal may admit it exists.

    A public one is everybody's business.
    """
    if isinstance(asker, PairedDevice):
        return any(part.unit_id == asker.unit_id for part in facts.parts)
    return (
        facts.doors_open
        or asker.person_id in facts.seats
        or facts.part(asker.person_id) is not None
        or asker.holds_at(facts.branch_id, Role.JUDGE, Role.COURT_CLERK)
        or any(asker.holds_at(place, Role.PRISON_OFFICER) for place in facts.places)
    )
