"""As whom somebody enters a visit's call; pure."""

from __future__ import annotations

from remote_court.calls.kinds import Admission, Asker, PairedDevice
from remote_court.errors import Forbidden, NotFound
from remote_court.people import Actor, Role
from remote_court.visits.in_call_facts import Guest, VisitFacts

VISITOR, INMATE, SUPERVISOR, INTERPRETER = "visitor", "inmate", "supervisor", "interpreter"
USUAL = (VISITOR, SUPERVISOR, INTERPRETER, INMATE)
"""Every role; whoever may enter in several usually enters in the first of them."""
STAFF = (Role.OFFICE_CLERK, Role.OFFICE_MANAGER)


def admitted(facts: VisitFacts, asker: Asker, as_: str) -> Admission:
    """As whom this asker enters in this role.

    Raises:
        NotFound: the visit is nothing to the asker.
        Forbidden: the asker may not enter in this role.
    """
    found = entrance(facts, asker, as_)
    if found is not None:
        return found
    raise Forbidden if concerns(facts, asker) else NotFound


def entrance(facts: VisitFacts, asker: Asker, as_: str) -> Admission | None:
    """As whom this asker enters in this role; none: not in this role."""
    if isinstance(asker, PairedDevice):
        return of_device(facts, asker, as_)
    return of_person(facts, asker, as_)


def of_device(facts: VisitFacts, device: PairedDevice, as_: str) -> Admission | None:
    """A device speaks for the side whose room or booth it stands in."""
    if as_ == VISITOR and device.unit_id == facts.room_id and facts.speaker:
        return as_visitor(facts, facts.speaker)
    if as_ == INMATE and device.unit_id == facts.booth_id:
        return as_inmate(facts)
    return None


def of_person(facts: VisitFacts, actor: Actor, as_: str) -> Admission | None:
    """A visitor by their own account; the prison's officers for the inmate or to supervise."""
    officer = actor.holds_at(facts.prison_id, Role.PRISON_OFFICER)
    guest = facts.guest(actor.person_id)
    if as_ == VISITOR and guest and not guest.barred:
        return as_visitor(facts, guest)
    if as_ == INMATE and officer:
        return as_inmate(facts)
    if as_ == SUPERVISOR and officer:
        return Admission(
            person_id=actor.person_id,
            role=SUPERVISOR,
            name=facts.prison_name,  # a family sees which prison watches, not which officer
            label="",
            place_id=facts.prison_id,
        )
    if as_ == INTERPRETER and actor.person_id == facts.interpreter_id:
        return Admission(
            person_id=actor.person_id, role=INTERPRETER, name=facts.interpreter_name or "", label=""
        )
    return None


def as_visitor(facts: VisitFacts, guest: Guest) -> Admission:
    """A visitor, at the office."""
    return Admission(
        person_id=guest.person_id,
        role=VISITOR,
        name=guest.name,
        label=facts.office_name,
        place_id=facts.office_id,
    )


def as_inmate(facts: VisitFacts) -> Admission:
    """The inmate, at the prison."""
    return Admission(
        person_id=facts.inmate_id,
        role=INMATE,
        name=facts.inmate_name,
        label=facts.prison_name,
        place_id=facts.prison_id,
    )


def seen_at_desk(facts: VisitFacts, asker: Asker) -> bool:
    """Whether the desk saw who asks: each visitor themselves, a room's device any of them."""
    if isinstance(asker, PairedDevice):
        return facts.checked_in
    guest = facts.guest(asker.person_id)
    return guest is not None and guest.sighted


def concerns(facts: VisitFacts, asker: Asker) -> bool:
    """Whether the visit is something to the asker, so that a refusal may admit that it exists."""
    if isinstance(asker, PairedDevice):
        return asker.unit_id in {facts.room_id, facts.booth_id}
    return (
        facts.guest(asker.person_id) is not None
        or asker.person_id in {facts.booked_for, facts.interpreter_id}
        or asker.holds_at(facts.prison_id, Role.PRISON_OFFICER)
        or asker.holds_at(facts.office_id, *STAFF)
    )
