"""A sitting as a form: who is on the bench, who attends from where, how and how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from remote_court.calendars import jalali
from remote_court.calendars.opening_hours import on_wall
from remote_court.errors import Invalid
from remote_court.hearings import case_queries
from remote_court.hearings.bench import Bench, bench_of
from remote_court.hearings.case_queries import PartyLine
from remote_court.hearings.entering import COURT
from remote_court.hearings.forums import law_of
from remote_court.hearings.models import CourtCase
from remote_court.hearings.plan import UNCALLED, Coming, Plan, seats_of
from remote_court.hearings.roles import Mode, Seat, Site
from remote_court.people import Person, queries
from remote_court.server.fields import Fields
from remote_court.server.hearings.chamber import Chamber
from remote_court.server.listing import id_of
from remote_court.server.people.lookups import looked_up
from remote_court.server.prison.hours import clock
from remote_court.text import ascii_digits

CLOSING = "publicity.closed_if"
MINUTE_DIGITS = 3
AN_INSTANT = TypeAdapter(AwareDatetime)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: judges of the building, parties, the bench the law asks for.

    ``closing`` are the reasons for which a sitting may be closed to the public.
    """

    judges: Sequence[tuple[int, str, bool]]
    parties: Sequence[PartyLine]
    bench: Bench
    minutes: int
    closing: Sequence[str]


async def choices(chamber: Chamber, case: CourtCase) -> Choices:
    """What there is to choose from for a case."""
    rule = await chamber.rules()
    law = law_of(chamber.branch.forum, grave=case.grave)
    every = await case_queries.parties(chamber.work, case.id)
    return Choices(
        await case_queries.judges(chamber.work, chamber.branch.id),
        [line for line in every if line.party.role not in UNCALLED],
        bench_of(law, rule),
        rule.integer(law.duration),
        rule.words(CLOSING),
    )


def values(chamber: Chamber, found: Choices, form: Fields | None) -> Mapping[str, str]:
    """What stands in the fields: as typed, else as a court would have it most often."""
    if form is not None:
        return dict(form.pairs())
    ready: dict[str, str] = {"mode": Mode.REMOTE, "minutes": str(found.minutes)}
    mine = [one for one, _, _ in found.judges if one == chamber.actor.person_id]
    here = mine or [one for one, _, at_branch in found.judges if at_branch]
    for one in here[:1]:
        ready[f"seat-{one}"] = Seat.PRESIDING
    for line in found.parties:
        ready[f"come-{line.id}"] = "1"
        ready[f"site-{line.id}"] = line.party.site
    return ready


async def adviser(chamber: Chamber, form: Fields) -> Person | None:
    """The adviser whose number was typed; that somebody looked for them is written down."""
    number = form.read("adviser", queries.identifier) if form.text("adviser") else None
    if number is None:
        return None
    found = await queries.person_by(chamber.work, number)
    at = COURT, chamber.branch.id, form.text("adviser")
    await looked_up(chamber.request, chamber.actor, *at, found.id if found else None)
    if found is None:
        raise Invalid(where="adviser")
    return found


async def plan_of(chamber: Chamber, case: CourtCase, found: Choices, form: Fields) -> Plan:
    """The sitting as the form has it.

    Raises:
        Invalid: a field cannot be read.
    """
    mode = form.read("mode", Mode)
    length = ascii_digits(form.text("minutes"))
    if length and not (length.isdecimal() and len(length) <= MINUTE_DIGITS):
        form.refuse(Invalid(where="minutes"))
    seats = [
        (one, Seat(chosen))
        for one, _, _ in found.judges
        if (chosen := form.text(f"seat-{one}")) in set(Seat)
    ]
    beside = await adviser(chamber, form)
    if beside is not None:
        seats.append((beside.id, Seat.ADVISER))
    if form.errors or mode is None:
        raise Invalid
    closed = form.text("closed")
    return Plan(
        case_id=case.id,
        bench=seats_of(seats),
        mode=mode,
        order=form.text("order"),
        minutes=int(length) if length else None,
        coming=tuple(coming(found.parties, form)),
        closed_reason=closed if closed in found.closing else None,
    )


def coming(parties: Sequence[PartyLine], form: Fields) -> Iterable[Coming]:
    """Who was ticked, and from where they attend."""
    for line in parties:
        if form.text(f"come-{line.id}"):
            site = form.text(f"site-{line.id}")
            yield Coming(
                line.id,
                Site(site) if site in set(Site) else None,
                id_of(form.text(f"place-{line.id}")),
                form.text(f"agenda-{line.id}") or None,
            )


def start_of(form: Fields) -> datetime | None:
    """The start that was chosen among the offers, or typed as a day and a time of one's own."""
    if chosen := form.text("start"):
        try:
            return AN_INSTANT.validate_python(chosen)
        except ValidationError:
            form.refuse(Invalid(where="start"))
            return None
    if not form.text("day"):
        return None
    day, at = form.read("day", jalali.read), form.read("time", clock)
    return on_wall(day, at) if day is not None and isinstance(at, time) else None


def carried(form: Fields) -> list[tuple[str, str]]:
    """What the next page carries on of this one, hidden."""
    return form.pairs("csrf", "idempotency_key", "step", "start", "day", "time")


def placed(parties: Sequence[PartyLine], seats: Iterable[Any]) -> list[tuple[PartyLine, Any]]:
    """Each who attends with the place an offer has for them."""
    by_id = {line.id: line for line in parties}
    return [(by_id[seat.party_id], seat) for seat in seats if seat.party_id in by_id]
