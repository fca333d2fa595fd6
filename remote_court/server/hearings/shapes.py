"""What the API says and hears of sittings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from remote_court.hearings.adjournment import Code
from remote_court.hearings.door import LONGEST_REASON
from remote_court.hearings.forums import Forum
from remote_court.hearings.plan import Coming, Plan, seats_of
from remote_court.hearings.roles import Mode, Seat, Site
from remote_court.server.visits.shapes import IdText, Named, example

MOST_BENCH, MOST_PARTIES, MOST_MORE = 7, 60, 9
START, END = "2026-11-30T09:00:00+03:30", "2026-11-30T09:25:00+03:30"
PART = {
    "party_id": "71002",
    "person_id": "30018",
    "name": "پروین اسدی",
    "role": "plaintiff",
    "site": "office",
    "place": {"id": "1012", "name": "دفتر آزادی"},
    "room": "اتاق ۱",
    "agenda": None,
}
HEARING = {
    "id": "90411",
    "case_id": "5120",
    "case_number": "140591000000000001",
    "sub_row": "1",
    "number": 1,
    "date_no": 1,
    "status": "provisional",
    "mode": "remote",
    "forum": "civil_court",
    "branch": {"id": "8012", "name": "مجتمع قضایی صدر", "number": 12},
    "starts_at": START,
    "ends_at": END,
    "bench": [{"person_id": "40001", "name": "سعید موسوی", "seat": "presiding_judge"}],
    "parties": [PART],
    "confirmed_at": None,
    "adjournment": None,
    "reason": None,
    "follows_id": None,
}
OFFER_PLACE = {
    "party_id": "71002",
    "person_id": "30018",
    "name": "پروین اسدی",
    "role": "plaintiff",
    "site": "office",
    "place": {"id": "1012", "name": "دفتر آزادی"},
    "unit_id": "2203",
    "km": 0.0,
}
WHY = {
    "from": "2026-11-24",
    "to": "2026-11-29",
    "code": "clear-days",
    "message": "The clear days of everybody who must be served run until 29 November.",
    "citation": "Civil Procedure Code, art. 64",
}
SLOT = {
    "starts_at": START,
    "ends_at": END,
    "places": [OFFER_PLACE],
    "why_not_earlier": [WHY],
}
PartyText = Annotated[
    str,
    StringConstraints(
        pattern=r"^[1-9][0-9]{0,17}(:(office(:[1-9][0-9]{0,17})?|prison|own_device|courtroom))?$"
    ),
]


class SeatIn(BaseModel):
    """Somebody on the bench."""

    model_config = example({"person_id": "40001", "seat": "presiding_judge"})

    person_id: IdText
    seat: Seat


class PartyIn(BaseModel):
    """Somebody of the case who is to attend; what is left out is as their entry has it."""

    model_config = example({"party_id": "71002", "site": "office", "place_id": "1012"})

    party_id: IdText
    site: Site | None = None
    place_id: IdText | None = Field(None, description="exactly this office")
    agenda: str | None = Field(None, max_length=200, description="the item an expert comes for")


class ListIn(BaseModel):
    """A sitting to be listed, or several that follow one another."""

    model_config = example(
        {
            "case_id": "5120",
            "starts_at": START,
            "bench": [{"person_id": "40001", "seat": "presiding_judge"}],
            "order": "رسیدگی از راه دور انجام شود.",
        }
    )

    case_id: IdText
    starts_at: AwareDatetime
    also_at: list[AwareDatetime] = Field(
        [], max_length=MOST_MORE, description="further sessions of the same series"
    )
    bench: list[SeatIn] = Field(min_length=1, max_length=MOST_BENCH)
    mode: Mode = Mode.REMOTE
    order: str = Field("", max_length=2000, description="the judge's order to hold it remotely")
    ordered_by: IdText | None = Field(None, description="default: the presiding judge")
    minutes: int | None = Field(None, description="default: as policy has it for this court")
    parties: list[PartyIn] | None = Field(
        None, max_length=MOST_PARTIES, description="default: everybody in the case"
    )

    def plan(self) -> Plan:
        """What is to be listed."""
        return Plan(
            case_id=int(self.case_id),
            bench=seats_of([(int(one.person_id), one.seat) for one in self.bench]),
            mode=self.mode,
            order=self.order,
            ordered_by=int(self.ordered_by) if self.ordered_by else None,
            minutes=self.minutes,
            coming=coming_of(self.parties),
        )


class MoveHearingIn(BaseModel):
    """The new date of a sitting, and why."""

    model_config = example({"starts_at": START, "reason": "بیماری قاضی"})

    starts_at: AwareDatetime
    reason: str = Field(max_length=LONGEST_REASON)
    minutes: int | None = None
    parties: list[PartyIn] | None = Field(None, max_length=MOST_PARTIES)


class CancelHearingIn(BaseModel):
    """Why a sitting is cancelled."""

    model_config = example({"reason": "سازش طرفین"})

    reason: str = Field(max_length=LONGEST_REASON)


class ReassignIn(BaseModel):
    """Which judge goes, which one comes, and why."""

    model_config = example({"from": "40001", "to": "40002", "reason": "مرخصی"})

    old: IdText = Field(alias="from")
    new: IdText = Field(alias="to")
    reason: str = Field(max_length=LONGEST_REASON)


class AdjournIn(BaseModel):
    """Why a sitting is adjourned, and when the next one begins if that is set now."""

    model_config = example({"code": "witness_absent", "note": "", "next_starts_at": START})

    code: Code
    note: str = Field("", max_length=LONGEST_REASON)
    next_starts_at: AwareDatetime | None = None


class BranchOut(Named):
    """A branch of a court: the building's name, and its number there."""

    number: int


class SeatOut(BaseModel):
    """Somebody on the bench."""

    person_id: str
    name: str
    seat: Seat


class PartOut(BaseModel):
    """Somebody who attends: from where, in which room."""

    model_config = example(PART)

    party_id: str
    person_id: str
    name: str
    role: str
    site: Site
    place: Named | None
    room: str | None
    agenda: str | None


class HearingOut(BaseModel):
    """A sitting. Who has a part in it sees the bench and their own part."""

    model_config = example(HEARING)

    id: str
    case_id: str
    case_number: str
    sub_row: str
    number: int = Field(description="which sitting of the case it is")
    date_no: int = Field(description="how often a date was set; notices tell of which")
    status: str
    mode: Mode
    forum: Forum
    branch: BranchOut
    starts_at: datetime
    ends_at: datetime
    bench: list[SeatOut]
    parties: list[PartOut]
    confirmed_at: datetime | None
    adjournment: Code | None
    reason: str | None = Field(description="why it was cancelled, adjourned or displaced")
    follows_id: str | None


class ListedOut(HearingOut):
    """What was listed; ``series`` are the sittings that follow it."""

    model_config = example({**HEARING, "series": []})

    series: list[HearingOut]


class AdjournedOut(HearingOut):
    """A sitting that was adjourned, and the next one."""

    model_config = example({**HEARING, "status": "adjourned", "following": None, "latest": None})

    following: HearingOut | None
    latest: date | None = Field(description="the last day on which the next one may be held")


class OfferPlaceOut(BaseModel):
    """From where a party would attend; ``km`` from the office they like best."""

    model_config = example(OFFER_PLACE)

    party_id: str
    person_id: str
    name: str
    role: str
    site: Site
    place: Named | None
    unit_id: str | None
    km: float | None


class WhyOut(BaseModel):
    """Why nothing could be from one time to another: instants, or whole days."""

    model_config = example(WHY)

    first: datetime | date = Field(serialization_alias="from")
    last: datetime | date = Field(serialization_alias="to")
    code: str
    message: str
    citation: str | None


class HearingSlotOut(BaseModel):
    """A start at which everything is free and lawful."""

    model_config = example(SLOT)

    starts_at: datetime
    ends_at: datetime
    places: list[OfferPlaceOut]
    why_not_earlier: list[WhyOut]


class EarliestOut(BaseModel):
    """The first lawful day for one recipient; ``assumed``: counted as if served today."""

    model_config = example(
        {
            "person_id": "30018",
            "role": "plaintiff",
            "earliest": "2026-11-30",
            "served_on": None,
            "assumed": True,
            "method": "sana",
            "citation": "Civil Procedure Code, art. 64",
        }
    )

    person_id: str
    role: str
    earliest: date
    served_on: date | None
    assumed: bool
    method: str
    citation: str


class SlotsOut(BaseModel):
    """The earliest times; ``why_nothing_more`` says what stands between the last and the end."""

    model_config = example(
        {"items": [SLOT], "next": None, "earliest_lawful": [], "why_nothing_more": []}
    )

    items: list[HearingSlotOut]
    next: str | None = None
    earliest_lawful: list[EarliestOut]
    why_nothing_more: list[WhyOut]


class ClashAtOut(BaseModel):
    """A sitting of somebody's."""

    hearing_id: str
    branch_id: str
    starts_at: datetime
    ends_at: datetime


class ClashOut(BaseModel):
    """Two sittings of one person, at one hour or without time between."""

    model_config = example(
        {
            "person_id": "30020",
            "name": "سارا محمدی",
            "role": "lawyer",
            "overlap": True,
            "sittings": [
                {"hearing_id": "90411", "branch_id": "8012", "starts_at": START, "ends_at": END},
                {"hearing_id": "90502", "branch_id": "8013", "starts_at": START, "ends_at": END},
            ],
        }
    )

    person_id: str
    name: str
    role: str
    overlap: bool
    sittings: list[ClashAtOut]


def coming_of(parties: Sequence[PartyIn] | None) -> tuple[Coming, ...] | None:
    """Who is to attend; none: everybody in the case."""
    if parties is None:
        return None
    found: dict[int, Coming] = {}
    for one in parties:
        place = int(one.place_id) if one.place_id else None
        found[int(one.party_id)] = Coming(int(one.party_id), one.site, place, one.agenda)
    return tuple(found.values())


def coming_from(texts: Sequence[str] | None) -> tuple[Coming, ...] | None:
    """Who is to attend, as an address has it: ``71002:office:1012``."""
    if not texts:
        return None
    found: dict[int, Coming] = {}
    for text in texts:
        party, site, place = (*text.split(":"), None, None)[:3]
        where: dict[str, Any] = {"site": Site(site)} if site else {}
        if place:
            where["place_id"] = int(place)
        found[int(str(party))] = Coming(int(str(party)), **where)
    return tuple(found.values())
