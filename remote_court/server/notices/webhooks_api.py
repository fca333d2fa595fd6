"""Webhooks of a branch, for court systems."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from starlette.responses import Response

from remote_court.clock import local
from remote_court.notices import webhooks
from remote_court.notices.of_court import COURT
from remote_court.notices.webhooks import Event, Wanted, Webhook
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id, Listing
from remote_court.server.visits.shapes import IdText

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"], route_class=OnceRoute)


class WebhookIn(BaseModel):
    """Where to post events of a branch, and the secret that signs them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "branch_id": "1043",
                    "url": "https://cases.court.example/remote-court",
                    "secret": "sixteen characters or more",
                    "events": ["hearing.listed", "notice.delivered"],
                }
            ]
        }
    )

    branch_id: IdText
    url: str = Field(max_length=webhooks.URL_MOST)
    secret: SecretStr
    events: list[Event] = Field(max_length=len(Event))


class WebhookOut(BaseModel):
    """A webhook; its secret is never told again."""

    id: str
    branch_id: str
    url: str
    events: list[Event]
    registered_at: datetime

    @classmethod
    def of(cls, found: Webhook) -> Self:
        """A webhook as the API tells it."""
        return cls(
            id=str(found.id),
            branch_id=str(found.place_id),
            url=found.url,
            events=[Event(one) for one in found.events],
            registered_at=local(found.registered_at),
        )


@router.post("", status_code=201)
async def register(
    actor: Signed, work: Work, now: Now, site: SiteDep, wanted: WebhookIn, _key: Key
) -> WebhookOut:
    """Hear of a branch's events.

    Each is posted as JSON with ``X-Event``, ``Idempotency-Key``, ``X-Timestamp`` (Unix seconds)
    and ``X-Signature: sha256=<HMAC-SHA256 of "timestamp.body">``, and again until it is taken.
    """
    asked = Wanted(
        int(wanted.branch_id), wanted.url, wanted.secret.get_secret_value(), wanted.events
    )
    private = site.settings.webhooks_private
    return WebhookOut.of(
        await webhooks.register(work, actor, asked, site.key, now, plain_http=private)
    )


@router.get("")
async def registered(
    actor: Signed, work: Work, branch_id: Annotated[IdText, Query()]
) -> Listing[WebhookOut]:
    """The webhooks of a branch, the oldest first."""
    actor.need_at(int(branch_id), *COURT)
    found = await webhooks.of_place(work, int(branch_id))
    return Listing(items=[WebhookOut.of(one) for one in found])


@router.delete("/{webhook_id}", status_code=204)
async def remove(actor: Signed, work: Work, now: Now, webhook_id: Id, _key: Key) -> Response:
    """Hear nothing more there."""
    await webhooks.remove(work, actor, webhook_id, now)
    return Response(status_code=204)
