"""The inbox: what was told to whom, and one message."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from remote_court.notices import queries, service_queries
from remote_court.notices.messages import Message, MessageKind
from remote_court.notices.open_message import open_message
from remote_court.notices.service import Method
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.listing import Id, WindowDep, encode
from remote_court.server.locale import DIRECTION
from remote_court.server.pages import render
from remote_court.visits.letters import VISIT

router = APIRouter(prefix="/inbox", include_in_schema=False)
PAGE = 20
OF_ACCOUNT = frozenset({MessageKind.ACCOUNT, MessageKind.CODE})


@router.get("")
async def inbox(request: Request, actor: Signed, work: Work, window: WindowDep) -> Response:
    """My messages, the newest first."""
    found = await queries.inbox(work, actor.person_id, before=window.id, limit=PAGE + 1)
    shown, rest = found[:PAGE], found[PAGE:]
    notices = await service_queries.of_messages(work, [message.id for message in shown])
    return render(
        request,
        "notices/inbox.html",
        messages=shown,
        notices=notices,
        unread=await queries.unread(work, actor.person_id),
        many=queries.MANY,
        directions=DIRECTION,
        next=f"/inbox?cursor={encode((shown[-1].id,))}" if rest else None,
        first="/inbox" if window.after else None,
    )


@router.get("/{message_id}")
async def one(request: Request, actor: Signed, work: Work, now: Now, message_id: Id) -> Response:
    """One message; it counts as read from now on."""
    message = await open_message(work, actor, message_id, now)
    found = await service_queries.of_messages(work, [message.id])
    notice = found.get(message.id)
    said = await service_queries.rebuttals(work, [notice.id]) if notice else []
    return render(
        request,
        "notices/message.html",
        message=message,
        direction=DIRECTION[message.locale],
        paragraphs=paragraphs(message.body),
        english=paragraphs(message.english or ""),
        notice=notice,
        rebuttals=said,
        may_rebut=notice is not None
        and notice.method is Method.SANA
        and all(one.decided_at for one in said),
        visit=await visit_of(work, message),
    )


def paragraphs(body: str) -> list[list[str]]:
    """A text's paragraphs, each as its lines; none of an empty text."""
    return [part.split("\n") for part in body.split("\n\n")] if body else []


async def visit_of(work: AsyncSession, message: Message) -> int | None:
    """The visit that a message speaks of, if it speaks of one."""
    if message.session_id is None or message.kind in OF_ACCOUNT:
        return None
    kinds = await queries.kinds(work, [message.session_id])
    return message.session_id if VISIT in kinds else None
