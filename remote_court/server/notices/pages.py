"""The inbox: what was told to whom, and one message."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from remote_court.notices import queries
from remote_court.notices.messages import MessageKind
from remote_court.notices.open_message import open_message
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.listing import Id, WindowDep, encode
from remote_court.server.locale import DIRECTION
from remote_court.server.pages import render

router = APIRouter(prefix="/inbox", include_in_schema=False)
PAGE = 20
OF_ACCOUNT = frozenset({MessageKind.ACCOUNT, MessageKind.CODE})


@router.get("")
async def inbox(request: Request, actor: Signed, work: Work, window: WindowDep) -> Response:
    """My messages, the newest first."""
    found = await queries.inbox(work, actor.person_id, before=window.id, limit=PAGE + 1)
    shown, rest = found[:PAGE], found[PAGE:]
    return render(
        request,
        "notices/inbox.html",
        messages=shown,
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
    return render(
        request,
        "notices/message.html",
        message=message,
        direction=DIRECTION[message.locale],
        paragraphs=[part.split("\n") for part in message.body.split("\n\n")],
        visit=message.session_id if message.kind not in OF_ACCOUNT else None,
    )
