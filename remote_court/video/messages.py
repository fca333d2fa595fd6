"""The words of the signalling protocol (docs/signalling.md), read and written; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from remote_court.errors import CourtError, RuleRefused
from remote_court.video.ports import CallState, Figures
from remote_court.video.refusals import BadMessage, MessageTooLong

Message = dict[str, Any]

LONGEST = 65_536
LONGEST_TEXT = 500
LONGEST_NAME = 64
MOST_ITEMS = 64
LONGEST_SIDE = 16_384
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""What JSON can say and neither the record nor another socket can take."""


def decode(text: str) -> Message:
    """Read a message; raises BadMessage or MessageTooLong."""
    if len(text) > LONGEST:
        raise MessageTooLong
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadMessage(where="json") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise BadMessage(where="type")
    return message


def encode(message: Message) -> str:
    """Write a message."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def text(message: Message, name: str, *, most: int = LONGEST_TEXT, optional: bool = False) -> str:
    """A text of a message; raises BadMessage when it is missing, empty or too long."""
    value = message.get(name)
    if value is None and optional:
        return ""
    if not isinstance(value, str) or not (optional or value.strip()) or len(value) > most:
        raise BadMessage(where=name)
    if UNWRITABLE.search(value):
        raise BadMessage(where=name)
    return value


def flag(message: Message, name: str, *, default: bool | None = None) -> bool:
    """A yes or no of a message; raises BadMessage."""
    value = message.get(name, default)
    if not isinstance(value, bool):
        raise BadMessage(where=name)
    return value


def number(message: Message, name: str) -> float | None:
    """A finite number of a message, or None; raises BadMessage."""
    value = message.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:  # noqa: PLR2004 - beyond any figure of a call
        raise BadMessage(where=name)
    return value


def minutes(message: Message) -> int:
    """Whole minutes, 1 to 240; raises BadMessage."""
    value = number(message, "minutes")
    if value is None or value != int(value) or not 1 <= value <= 240:  # noqa: PLR2004
        raise BadMessage(where="minutes")
    return int(value)


def names(message: Message, name: str) -> tuple[str, ...]:
    """A list of ids, each once; raises BadMessage."""
    value = message.get(name)
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise BadMessage(where=name)
    if not all(isinstance(item, str) and len(item) <= LONGEST_NAME for item in value):
        raise BadMessage(where=name)
    return tuple(dict.fromkeys(value))


def sizes(message: Message, name: str) -> dict[str, tuple[int, int]]:
    """Widths and heights by id; raises BadMessage."""
    value = message.get(name)
    if not isinstance(value, dict) or len(value) > MOST_ITEMS:
        raise BadMessage(where=name)
    return {key[:LONGEST_NAME]: size(one, name) for key, one in value.items()}


def size(value: object, name: str) -> tuple[int, int]:
    """A width and a height in pixels; raises BadMessage."""
    match value:
        case [int() | float() as width, int() | float() as height] if (
            0 <= width <= LONGEST_SIDE and 0 <= height <= LONGEST_SIDE
        ):
            return int(width), int(height)
        case _:
            raise BadMessage(where=name)


def figures(message: Message) -> Figures:
    """What a client saw of its line; raises BadMessage."""
    frames, freezes = number(message, "frames_decoded"), number(message, "freezes")
    return Figures(
        rtt_ms=number(message, "rtt_ms"),
        loss_ratio=number(message, "loss_ratio"),
        jitter_ms=number(message, "jitter_ms"),
        received_bps=number(message, "received_bps"),
        sent_bps=number(message, "sent_bps"),
        frames_decoded=None if frames is None else int(frames),
        freezes=None if freezes is None else int(freezes),
        frozen_ms=number(message, "frozen_ms"),
    )


@dataclass(frozen=True, slots=True)
class Join:
    """The first message."""

    token: str
    resumes: bool
    sdp: str
    sources: Mapping[str, str] | None
    muted: bool
    camera: bool

    @classmethod
    def read(cls, message: Message) -> Join:
        """Read it; raises BadMessage."""
        resumes = "ticket" not in message
        sources = message.get("sources")
        if sources is not None and not (
            isinstance(sources, dict) and all(isinstance(value, str) for value in sources.values())
        ):
            raise BadMessage(where="sources")
        return cls(
            token=text(message, "resume" if resumes else "ticket", most=4096),
            resumes=resumes,
            sdp=text(message, "sdp", most=LONGEST),
            sources=sources,
            muted=flag(message, "muted", default=False),
            camera=flag(message, "camera", default=True),
        )


def state(call: CallState) -> Message:
    """A call's state as clients see it."""
    return {
        "state": call.state.value,
        "starts_at": call.starts_at.isoformat(),
        "ends_at": call.ends_at.isoformat(),
        "reason": call.reason,
        "revision": call.revision,
    }


def state_changed(call: CallState, now: datetime) -> Message:
    """Tell a call's state, and what time it is here."""
    return {"type": "state", "state": state(call), "now": now.isoformat()}


def recording(*, on: bool, failing: bool) -> Message:
    """Tell whether the call is recorded, and whether that goes wrong."""
    return {"type": "recording", "on": on, "failing": failing}


def problem(error: CourtError) -> Message:
    """An error in the shape of RFC 9457."""
    where = getattr(error, "where", None) or getattr(error, "detail", {}).get("where")
    shape: Message = {
        "type": f"/problems/{error.code}",
        "title": error.message,
        "detail": str(where or ""),
        "code": error.code,
    }
    if isinstance(error, RuleRefused):
        shape["reasons"] = [
            {"code": r.code, "message": r.message, "citation": r.citation} for r in error.reasons
        ]
    return shape


def error(cause: CourtError, about: str, *, fatal: bool = False) -> Message:
    """Tell why a message was refused."""
    return {"type": "error", "about": about, "fatal": fatal, "problem": problem(cause)}


def closed(reason: str, detail: str, *, rejoin: bool) -> Message:
    """The last message."""
    return {"type": "closed", "reason": reason, "detail": detail, "rejoin": rejoin}


def quality(*, audio_only: bool, reason: str, target_bps: int) -> Message:
    """Tell somebody what their line allows."""
    return {
        "type": "quality",
        "audio_only": audio_only,
        "reason": reason,
        "target_bps": target_bps,
    }


def speaking(ids: Sequence[str]) -> Message:
    """Tell who speaks."""
    return {"type": "speaking", "speaking": list(ids)}
