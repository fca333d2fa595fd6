"""What the API says of messages."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from remote_court.clock import local
from remote_court.notices.messages import Message, MessageKind


class MessageOut(BaseModel):
    """A message, in the language it was written in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "1207",
                    "kind": "booked",
                    "visit_id": "90211",
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
    locale: str
    subject: str
    body: str = Field(description="paragraphs are set apart by empty lines")
    created_at: datetime
    read_at: datetime | None


def message_out(message: Message) -> MessageOut:
    """A message as the API tells it."""
    return MessageOut(
        id=str(message.id),
        kind=message.kind,
        visit_id=str(message.session_id) if message.session_id else None,
        locale=message.locale,
        subject=message.subject,
        body=message.body,
        created_at=local(message.created_at),
        read_at=local(message.read_at) if message.read_at else None,
    )
