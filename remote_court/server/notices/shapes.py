"""What the API says of messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from remote_court.clock import local
from remote_court.hearings.letters import HEARING
from remote_court.notices.messages import Message, MessageKind
from remote_court.visits.letters import VISIT


class MessageOut(BaseModel):
    """A message, in the language it was written in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "1207",
                    "kind": "booked",
                    "visit_id": "90211",
                    "hearing_id": None,
                    "locale": "fa",
                    "subject": "نوبت شما ثبت شد",
                    "body": "خانم مریم رضایی گرامی، …",
                    "created_at": "2026-11-24T12:00:00+03:30",
                    "read_at": None,
                }
            ]
        }
    )

    id: str
    kind: MessageKind
    visit_id: str | None = Field(description="the visit it speaks of, if of one")
    hearing_id: str | None = Field(description="the hearing it speaks of, if of one")
    locale: str
    subject: str
    body: str | None = Field(
        description="paragraphs are set apart by empty lines; null: a court's notice that was not "
        "opened yet, which has legal effects: ask for it by its id"
    )
    created_at: datetime
    read_at: datetime | None


def message_out(message: Message, kinds: Mapping[int, str]) -> MessageOut:
    """A message as the API tells it.

    Args:
        kinds: the kind of each session by its id.
    """
    kind = kinds.get(message.session_id or 0)
    session_id = str(message.session_id) if message.session_id else None
    sealed = message.kind is MessageKind.NOTICE and message.read_at is None
    return MessageOut(
        id=str(message.id),
        kind=message.kind,
        visit_id=session_id if kind == VISIT else None,
        hearing_id=session_id if kind == HEARING else None,
        locale=message.locale,
        subject=message.subject,
        body=None if sealed else message.body,
        created_at=local(message.created_at),
        read_at=local(message.read_at) if message.read_at else None,
    )
