"""Service of process of a sitting, for court systems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from remote_court.calendars.deadlines import Standing
from remote_court.clock import local
from remote_court.hearings import door
from remote_court.hearings.door import Opened
from remote_court.hearings.roles import PartyRole
from remote_court.hearings.service_state import Recipient, ServiceState, service_state
from remote_court.notices import service
from remote_court.notices.service import Method
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of

router = APIRouter(prefix="/api/v1", tags=["hearings"])


class ServedOut(BaseModel):
    """A notice and how far its service has come."""

    notice_id: str
    number: str
    occasion: str
    method: Method
    state: service.ServiceState
    queued_at: datetime
    delivered_at: datetime | None
    viewed_at: datetime | None
    published_on: date | None

    @classmethod
    def of(cls, found: service.Service) -> Self:
        """A notice as the API tells it."""
        return cls(
            notice_id=str(found.notice_id),
            number=found.number,
            occasion=found.occasion,
            method=found.method,
            state=found.state,
            queued_at=local(found.queued_at),
            delivered_at=local(found.delivered_at) if found.delivered_at else None,
            viewed_at=local(found.viewed_at) if found.viewed_at else None,
            published_on=found.published_on,
        )


class RecipientOut(BaseModel):
    """Somebody who is summoned, how they were served, and from which day on that is enough."""

    person_id: str
    name: str
    role: PartyRole
    notice: ServedOut | None = Field(description="the latest of the present date")
    earliest_lawful: date | None = Field(description="null: need not be served first")
    assumed: bool | None = Field(description="counted as if they were served today")
    citation: str | None = Field(description="the rule that says how many clear days they get")

    @classmethod
    def of(cls, found: Recipient, locale: str) -> Self:
        """A recipient as the API tells them."""
        earliest = found.earliest
        return cls(
            person_id=str(found.person_id),
            name=found.name,
            role=found.role,
            notice=ServedOut.of(found.service) if found.service else None,
            earliest_lawful=earliest.day if earliest else None,
            assumed=earliest.assumed if earliest else None,
            citation=earliest.source.text(locale) if earliest else None,
        )


class ServiceOut(BaseModel):
    """How a sitting stands by service."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "hearing_id": "90431",
                    "starts_at": "2026-12-08T09:30:00+03:30",
                    "date_no": 1,
                    "standing": "provisional",
                    "earliest_lawful": "2026-12-01",
                    "recipients": [
                        {
                            "person_id": "5021",
                            "name": "مریم رضایی",
                            "role": "defendant",
                            "notice": {
                                "notice_id": "771",
                                "number": "7K3M9QX2VAT",
                                "occasion": "listed",
                                "method": "sana",
                                "state": "delivered",
                                "queued_at": "2026-11-25T09:00:00+03:30",
                                "delivered_at": "2026-11-25T09:00:01+03:30",
                                "viewed_at": None,
                                "published_on": None,
                            },
                            "earliest_lawful": "2026-12-01",
                            "assumed": False,
                            "citation": "Civil Procedure Code, art. 64",
                        }
                    ],
                }
            ]
        }
    )

    hearing_id: str
    starts_at: datetime
    date_no: int = Field(description="how often a date was set; notices of older ones do not count")
    standing: Standing
    earliest_lawful: date | None = Field(description="the first day that is lawful for all")
    recipients: list[RecipientOut]

    @classmethod
    def of(cls, opened: Opened, state: ServiceState, locale: str) -> Self:
        """A sitting's service as the API tells it."""
        return cls(
            hearing_id=str(opened.hearing.id),
            starts_at=local(opened.session.starts_at),
            date_no=opened.hearing.date_no,
            standing=state.standing,
            earliest_lawful=state.earliest,
            recipients=[RecipientOut.of(one, locale) for one in state.recipients],
        )


@router.get("/hearings/{hearing_id}/service")
async def served(
    request: Request, actor: Signed, work: Work, now: Now, hearing_id: Id
) -> ServiceOut:
    """Per recipient: queued, delivered, viewed, by which method, and the earliest lawful date."""
    opened = await door.seen(work, actor, hearing_id)
    return ServiceOut.of(opened, await service_state(work, opened, now), locale_of(request))
