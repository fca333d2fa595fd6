"""Carriers of short texts: one that writes a log line, and one that speaks HTTP."""

from __future__ import annotations

import logging
from typing import Final

import httpx

from remote_court.config import Settings
from remote_court.notices.ports import Carrier, CarrierFailed
from remote_court.people import Channel

log = logging.getLogger(__name__)
PATIENCE: Final = httpx.Timeout(10.0, connect=5.0)
RECEIPT_MOST: Final = 100
OURS: Final = frozenset({401, 403, 404, 408, 425, 429})
"""Refusals that speak of our token, our address or our haste, and not of the letter."""


class LogCarrier:
    """Sends nothing: it writes down that a letter left.

    Args:
        shows_text: write the text too; for development, never where real people are.
    """

    name = "log"

    def __init__(self, *, shows_text: bool = False) -> None:
        self.shows_text = shows_text

    async def send(self, to: str, text: str, reference: str, channel: Channel) -> str:
        """Log the letter, without the number it would go to."""
        del to
        if self.shows_text:
            log.info("%s: %s", reference, text)
        else:
            log.info("%s left by %s, %d characters", reference, channel, len(text))
        return reference

    async def close(self) -> None:
        """Nothing is held."""


class HttpCarrier:
    """Posts each text to a gateway of text messages and voice calls.

    The request is ``POST <url>`` with the JSON body ``{"to", "text", "reference", "channel"}``
    (``text`` or ``voice``), the header ``Idempotency-Key`` (the reference again) and, with a
    token, ``Authorization: Bearer``. Any 2xx is a yes; an ``id`` in a JSON answer is kept as the
    receipt. What became of it the gateway tells later (``POST /api/v1/carrier/receipts``).
    """

    name = "http"

    def __init__(
        self, url: str, token: str | None = None, *, patience: httpx.Timeout = PATIENCE
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._url = url
        self._client = httpx.AsyncClient(headers=headers, timeout=patience)

    async def send(self, to: str, text: str, reference: str, channel: Channel) -> str:
        """Hand a text to the gateway.

        Raises:
            CarrierFailed: permanent when the gateway refuses this very letter; not when it is
                unreachable, slow or broken, or does not know our token.
        """
        body = {"to": to, "text": text, "reference": reference, "channel": channel}
        try:
            answer = await self._client.post(
                self._url, json=body, headers={"Idempotency-Key": reference}
            )
        except httpx.HTTPError as error:
            raise CarrierFailed(type(error).__name__) from error
        if not answer.is_success:
            permanent = answer.is_client_error and answer.status_code not in OURS
            raise CarrierFailed(f"HTTP {answer.status_code}", permanent=permanent)
        return receipt_of(answer)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def receipt_of(answer: httpx.Response) -> str:
    """The gateway's own number for a text, empty when it gives none."""
    try:
        told = answer.json()
    except ValueError:
        return ""
    receipt = told.get("id", "") if isinstance(told, dict) else ""
    return str(receipt)[:RECEIPT_MOST]


def carrier_of(settings: Settings) -> Carrier:
    """The carrier that the settings name."""
    if settings.sms_url is None:
        return LogCarrier(shows_text=settings.shows_codes)
    token = settings.sms_token.get_secret_value() if settings.sms_token else None
    return HttpCarrier(settings.sms_url, token)
