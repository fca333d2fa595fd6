"""Sittings as the API answers with them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from starlette.requests import Request

from remote_court.clock import local
from remote_court.hearings.board import Seating
from remote_court.hearings.clashes import At, Clash
from remote_court.hearings.find_times import Answer
from remote_court.hearings.lawful import Earliest
from remote_court.hearings.search import Offer, Skipped
from remote_court.hearings.sitting_queries import PartView, SittingView
from remote_court.server.hearings.shapes import (
    BranchOut,
    ClashAtOut,
    ClashOut,
    EarliestOut,
    HearingOut,
    HearingSlotOut,
    OfferPlaceOut,
    PartOut,
    SeatOut,
    SlotsOut,
    WhyOut,
)
from remote_court.server.locale import locale_of
from remote_court.server.problems import said_reasons
from remote_court.server.visits.shapes import Named

KM_M = 1000


def hearing_out(view: SittingView, locale: str, *, only: int | None = None) -> HearingOut:
    """A sitting; with ``only``, of its people no more than that person's own part."""
    hearing, owner = view.opened.hearing, view.opened.session
    parts = [one for one in view.parts if only is None or one.person_id == only]
    return HearingOut(
        id=str(hearing.id),
        case_id=str(hearing.case_id),
        case_number=view.case_number,
        sub_row=view.sub_row,
        number=hearing.number,
        date_no=hearing.date_no,
        status=view.opened.status,
        mode=hearing.mode,
        forum=view.forum,
        branch=BranchOut(
            id=str(hearing.branch_id), name=view.complex[locale], number=view.branch_number
        ),
        starts_at=local(owner.starts_at),
        ends_at=local(owner.ends_at),
        bench=[
            SeatOut(person_id=str(seat.person_id), name=name, seat=seat.seat)
            for seat, name in view.bench
        ],
        parties=[part_out(one, locale) for one in parts],
        confirmed_at=local(hearing.confirmed_at) if hearing.confirmed_at else None,
        adjournment=hearing.adjournment,
        reason=hearing.end_reason or hearing.displaced_reason,
        follows_id=str(hearing.follows_id) if hearing.follows_id else None,
    )


def part_out(one: PartView, locale: str) -> PartOut:
    """Somebody who attends."""
    place = Named(id=str(one.part.place_id), name=one.place[locale]) if one.place else None
    return PartOut(
        party_id=str(one.part.party_id),
        person_id=str(one.person_id),
        name=one.name,
        role=one.role,
        site=one.part.site,
        place=place,
        room=one.room[locale] if one.room else None,
        agenda=one.part.agenda,
    )


def slots_out(request: Request, answer: Answer) -> SlotsOut:
    """What a search for times found."""
    locale = locale_of(request)
    return SlotsOut(
        items=[offer_out(request, answer, offer) for offer in answer.found.offers],
        earliest_lawful=[earliest_out(one, locale) for one in answer.found.earliest],
        why_nothing_more=whys_out(request, answer.found.skipped),
    )


def offer_out(request: Request, answer: Answer, offer: Offer) -> HearingSlotOut:
    """A time that was found."""
    return HearingSlotOut(
        starts_at=local(offer.starts_at),
        ends_at=local(offer.ends_at),
        places=[offer_place_out(answer, seat, locale_of(request)) for seat in offer.seats],
        why_not_earlier=whys_out(request, offer.skipped),
    )


def offer_place_out(answer: Answer, seat: Seating, locale: str) -> OfferPlaceOut:
    """From where a party would attend."""
    party = next(p for p in answer.matter.case.parties if p.id == seat.party_id)
    place, far = None, None
    if seat.place_id is not None:
        name = answer.places.places[seat.place_id].name(locale)
        place = Named(id=str(seat.place_id), name=name)
        far = answer.metres.get((seat.party_id, seat.place_id))
    return OfferPlaceOut(
        party_id=str(seat.party_id),
        person_id=str(seat.person_id),
        name=party.name,
        role=party.role,
        site=seat.site,
        place=place,
        unit_id=str(seat.unit_id) if seat.unit_id is not None else None,
        km=round(far / KM_M, 1) if far is not None else None,
    )


def whys_out(request: Request, skipped: Sequence[Skipped]) -> list[WhyOut]:
    """Why nothing could be in between."""
    told = said_reasons(request, [one.reason for one in skipped])
    return [
        why_out(one, why["code"], why["message"], why["citation"])
        for one, why in zip(skipped, told, strict=True)
    ]


def why_out(one: Skipped, code: str, message: str, citation: str | None) -> WhyOut:
    """One stretch: instants where starts were looked at, else whole days."""
    first: datetime | date = local(one.first) if one.first is not None else one.day
    last: datetime | date = local(one.last) if one.last is not None else one.until
    return WhyOut(first=first, last=last, code=code, message=message, citation=citation)


def earliest_out(one: Earliest, locale: str) -> EarliestOut:
    """The first lawful day of one recipient."""
    return EarliestOut(
        person_id=str(one.person_id),
        role=one.role,
        earliest=one.day,
        served_on=one.served_on,
        assumed=one.assumed,
        method=one.method,
        citation=one.source.text(locale),
    )


def clashes_out(found: Iterable[Clash]) -> list[ClashOut]:
    """Who is expected twice."""
    return [
        ClashOut(
            person_id=str(one.person_id),
            name=one.name,
            role=one.role,
            overlap=one.overlap,
            sittings=[at_out(one.first), at_out(one.second)],
        )
        for one in found
    ]


def at_out(one: At) -> ClashAtOut:
    """A sitting of somebody's."""
    return ClashAtOut(
        hearing_id=str(one.id),
        branch_id=str(one.branch_id),
        starts_at=local(one.starts_at),
        ends_at=local(one.ends_at),
    )
