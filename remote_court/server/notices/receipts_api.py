"""The door at which the carrier of texts says what became of them."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request

from remote_court.errors import NotFound, Refusal
from remote_court.notices import receipts
from remote_court.notices.messages import Arrival
from remote_court.notices.receipts import Receipt
from remote_court.notices.signing import verified
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import guard

router = APIRouter(prefix="/api/v1/carrier", tags=["carriers"])
TIMESTAMP, SIGNATURE = "X-Timestamp", "X-Signature"
MOST = 500


class NotSigned(Refusal):
    """The signature of this request is missing, wrong or too old."""


class ReceiptIn(BaseModel):
    """What became of one text."""

    reference: str = Field(min_length=1, max_length=100, description="as we gave it to you")
    state: Arrival
    at: AwareDatetime = Field(description="when, by your clock")


class ReceiptsIn(BaseModel):
    """Some receipts, in any order; telling them again changes nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "receipts": [
                        {
                            "reference": "letter-1207",
                            "state": "delivered",
                            "at": "2026-11-24T12:00:05+03:30",
                        }
                    ]
                }
            ]
        }
    )

    receipts: list[ReceiptIn] = Field(min_length=1, max_length=MOST)


class TakenOut(BaseModel):
    """How many receipts speak of texts we sent."""

    known: int
    unknown: int


@guard
async def carrier(request: Request, site: SiteDep, now: Now) -> None:
    """Only the carrier comes in: it signs ``<timestamp>.<body>`` with the secret it shares.

    Raises:
        NotFound: no secret is set, so there is no such door.
        NotSigned: the signature does not fit, or its moment is more than five minutes off.
    """
    secret = site.settings.sms_secret
    if secret is None:
        raise NotFound
    key = secret.get_secret_value().encode()
    at, signature = (request.headers.get(name, "") for name in (TIMESTAMP, SIGNATURE))
    if not verified(key, at, signature, await request.body(), now):
        raise NotSigned


@router.post("/receipts", dependencies=[Depends(carrier)])
async def take(work: Work, told: ReceiptsIn) -> TakenOut:
    """Take receipts of texts; ``X-Timestamp`` and ``X-Signature`` (HMAC-SHA256) prove who asks."""
    found = [Receipt(one.reference, one.state, one.at) for one in told.receipts]
    known = await receipts.take(work, found)
    return TakenOut(known=known, unknown=len(found) - known)
