"""What the API says and hears of visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from remote_court.clock import local
from remote_court.visits.book import Booked
from remote_court.visits.models import VisitKind
from remote_court.visits.queries import Companion, InmateView, VisitView
from remote_court.visits.slots import Slot

IdText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$")]
"""An id as the API writes it."""
MOST_VISITORS = 20
START = "2026-11-29T09:30:00+03:30"
END = "2026-11-29T09:50:00+03:30"
BOOKED = {
    "id": "90211",
    "tracking_code": "7K3M9QX2VAT",
    "status": "booked",
    "kind": "family",
    "starts_at": START,
    "ends_at": END,
    "office": {"id": "1012", "name": "دفتر آزادی"},
    "prison": {"id": "5001", "name": "ندامتگاه تهران"},
}


def example(value: object) -> ConfigDict:
    """A model's example in the document."""
    return ConfigDict(json_schema_extra={"examples": [value]})  # type: ignore[list-item]


class Named(BaseModel):
    """Something with an id and a name in the reader's language."""

    id: str
    name: str


class VisitorOut(BaseModel):
    """Somebody on the inmate's visitor list."""

    id: str
    name: str
    is_me: bool
    adult: bool


class InmateOut(BaseModel):
    """An inmate one may visit."""

    id: str
    name: str
    prison: Named
    visitors: list[VisitorOut]


class SlotOut(BaseModel):
    """A start with at least one free room and booth."""

    model_config = example({"starts_at": START, "ends_at": END, "free": 2})

    starts_at: datetime
    ends_at: datetime
    free: int = Field(description="how many could still be booked")


class BookIn(BaseModel):
    """A visit to be booked."""

    model_config = example(
        {
            "inmate_id": "30017",
            "office_id": "1012",
            "starts_at": START,
            "visitor_ids": ["30018"],
            "kind": "family",
        }
    )

    inmate_id: IdText
    office_id: IdText
    starts_at: AwareDatetime
    visitor_ids: list[IdText] = Field(min_length=1, max_length=MOST_VISITORS)
    kind: VisitKind = VisitKind.FAMILY
    step_free: bool = Field(False, description="a room without steps is needed")
    makeup_of: IdText | None = Field(
        None, description="the visit of the same week whose lost minutes this one makes up for"
    )
    interpreter_id: IdText | None = Field(
        None, description="staff only: who knows the language of the visit and is reserved with it"
    )
    consent: str | None = Field(
        None, max_length=60, description="how somebody consented for whom a clerk books"
    )


class CancelIn(BaseModel):
    """Why a visit is cancelled; visitors may leave it empty."""

    model_config = example({"reason": "بیماری"})

    reason: str = Field("", max_length=500)


class MoveIn(BaseModel):
    """Where a visit should go."""

    model_config = example({"starts_at": START})

    starts_at: AwareDatetime
    office_id: IdText | None = None


class BookedOut(BaseModel):
    """What was booked; ``ends_at`` is without padding."""

    model_config = example(BOOKED)

    id: str
    tracking_code: str
    status: str
    kind: VisitKind
    starts_at: datetime
    ends_at: datetime
    office: Named
    prison: Named


class VisitOut(BookedOut):
    """A visit, as those see it whom it concerns."""

    inmate: Named
    visitors: list[Named]
    room: str | None
    booth: str | None
    operator: Named | None = Field(description="the clerk who booked for the visitor")
    reason: str | None = Field(description="why it was cancelled, rejected or displaced")
    checked_in_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    lost_seconds: int | None


def inmate_out(inmate: InmateView, me: int, today: date, adult_age: int, locale: str) -> InmateOut:
    """An inmate with the people on the visitor list."""
    return InmateOut(
        id=str(inmate.id),
        name=inmate.name,
        prison=Named(id=str(inmate.prison_id), name=inmate.prison(locale)),
        visitors=[
            VisitorOut(
                id=str(one.id),
                name=one.name,
                is_me=one.id == me,
                adult=age(one, today) >= adult_age,
            )
            for one in inmate.visitors
        ],
    )


def age(person: Companion, today: date) -> int:
    """Full years."""
    born = person.born_on
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def slot_out(slot: Slot) -> SlotOut:
    """A slot on Tehran's wall clock."""
    return SlotOut(starts_at=local(slot.starts_at), ends_at=local(slot.ends_at), free=slot.free)


def booked_out(booked: Booked, kind: VisitKind, locale: str) -> BookedOut:
    """What was just booked or moved."""
    office, prison = booked.office, booked.prison
    return BookedOut(
        id=str(booked.id),
        tracking_code=booked.tracking_code,
        status=booked.status,
        kind=kind,
        starts_at=local(booked.starts_at),
        ends_at=local(booked.ends_at),
        office=Named(id=str(booked.office_id), name=office.name(locale)),
        prison=Named(id=str(booked.prison_id), name=prison.name(locale)),
    )


def visit_out(visit: VisitView, locale: str) -> VisitOut:
    """A visit with the names of everything in it."""
    persian = locale == "fa"
    return VisitOut(
        id=str(visit.id),
        tracking_code=visit.tracking_code,
        status=visit.status,
        kind=visit.kind,
        starts_at=local(visit.starts_at),
        ends_at=local(visit.ends_at),
        office=Named(id=str(visit.office_id), name=visit.office(locale)),
        prison=Named(id=str(visit.prison_id), name=visit.prison(locale)),
        inmate=Named(id=str(visit.inmate_id), name=visit.inmate),
        visitors=[Named(id=str(one.id), name=one.name) for one in visit.visitors],
        room=visit.room_fa if persian else visit.room_en,
        booth=visit.booth_fa if persian else visit.booth_en,
        operator=Named(id=str(visit.operator_id), name=visit.operator or "")
        if visit.operator_id
        else None,
        reason=visit.cancel_reason or visit.decision_reason or visit.displaced_reason,
        checked_in_at=visit.checked_in_at,
        opened_at=visit.opened_at,
        closed_at=visit.closed_at,
        lost_seconds=visit.lost_seconds,
    )
