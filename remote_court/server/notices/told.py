"""What the writer of a letter left for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self

from remote_court.notices.ports import Unwritable


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the writer of a letter left for it; each kind uses its own part."""

    by: str | None = None
    reason: str | None = None
    until: date | None = None
    starts_at: datetime | None = None
    room_id: int | None = None
    prison_id: int | None = None
    unanswered: bool = False
    displaced: bool = False
    companion: bool = False
    appeal: bool = False
    hours: int | None = None
    event: str | None = None
    cause: str | None = None
    counts: bool = False
    after: int = 0
    within_days: int = 0
    pause_days: int = 0
    code: str | None = None
    purpose: str | None = None
    minutes: int | None = None
    expires_at: str | None = None
    notice_id: int = 0
    number: str = ""
    occasion: str = ""
    date_no: int = 0
    method: str = ""

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        """Read a letter's parameters.

        Raises:
            Unwritable: one of them is not known, or not in its form.
        """
        if unknown := set(params) - {field.name for field in fields(cls)}:
            raise Unwritable(f"unknown parameters: {', '.join(sorted(unknown))}")
        values = dict(params)
        try:
            if values.get("until"):
                values["until"] = date.fromisoformat(values["until"])
            if values.get("starts_at"):
                values["starts_at"] = datetime.fromisoformat(values["starts_at"])
        except (TypeError, ValueError) as error:
            raise Unwritable("a day or an instant that is none") from error
        return cls(**values)
