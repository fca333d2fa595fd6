"""Calls for clients that know nothing of us: WHIP (RFC 9725) to publish, WHEP to watch.

The ticket is the bearer token of every request. The routes keep to what ``video.resource`` does:
one offer, one answer, no restart; they serve a media worker's own process as well as the site.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from remote_court import clock
from remote_court.calls.refusals import NoWorker
from remote_court.errors import NotFound, Refusal
from remote_court.server.calls import manners
from remote_court.server.calls.manners import FRAGMENT, SDP
from remote_court.server.deps import site_of
from remote_court.server.guards import public
from remote_court.server.problems import refused
from remote_court.video.one_way import Way
from remote_court.video.resource import Resource
from remote_court.video.worker import Worker

RETRY_AFTER_S = "5"
EVERY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}
"""No cookie is read here, so a page of any origin may ask, with a ticket that it was given."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "86400",
    "Accept-Post": SDP,
    "Accept-Patch": FRAGMENT,
}
CREATED: dict[int | str, dict[str, Any]] = {
    201: {"description": "You are in; the answer to your offer", "content": {SDP: {}}}
}
OFFER = {
    "requestBody": {
        "required": True,
        "content": {SDP: {"schema": {"type": "string"}, "example": "v=0\r\n…"}},
    }
}
CANDIDATES = {
    "requestBody": {
        "required": True,
        "content": {FRAGMENT: {"schema": {"type": "string"}, "example": "a=end-of-candidates"}},
    }
}
Shown = Annotated[str, Depends(manners.ticket_shown)]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OpenRoute(APIRoute):
    """A route that pages of other origins may read, its refusals too."""

    @override
    def get_route_handler(self) -> Handler:
        act = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                response = await act(request)
            except Refusal as refusal:
                response = refused(request, refusal)
                if response.status_code == 401:  # noqa: PLR2004 - RFC 6750, section 3
                    response.headers["WWW-Authenticate"] = "Bearer"
                if isinstance(refusal, NoWorker):
                    response.headers["Retry-After"] = RETRY_AFTER_S
            response.headers.update(EVERY_ORIGIN)
            return response

        return handler


def worker_of(request: Request) -> Worker:
    """The worker of this process.

    Raises:
        NoWorker: there is none, or it is about to go.
    """
    worker: Worker | None = site_of(request).worker
    if worker is None or worker.stopped:
        raise NoWorker
    return worker


@dataclass(frozen=True, slots=True)
class Door:
    """The addresses of one of the two: ``/whip/…`` or ``/whep/…``."""

    name: str
    way: Way
    about: str

    async def enter(self, request: Request, session_id: str, ticket: Shown) -> Response:
        """Enter a call; the answer says where the client's resource is."""
        worker = worker_of(request)
        manners.need_sdp_accepted(request)
        offer = await manners.body(request, SDP)
        made = await Resource.create(worker, session_id, ticket, offer, self.way)
        path = f"/{self.name}/{quote(session_id, safe='')}/{made.id}"
        here = str(request.url.replace(path="", query="", fragment=""))
        address = (site_of(request).media_base or here) + path
        headers = {"Location": address, "ETag": made.tag, "Content-Type": SDP}
        answer = Response(made.answer, 201, headers)
        for link in manners.links(worker.ice_servers(made.connection_id, clock.now())):
            answer.headers.append("Link", link)
        return answer

    async def trickle(
        self, request: Request, session_id: str, resource_id: str, ticket: Shown
    ) -> Response:
        """Take note of candidates; we need none, for the client's checks come to us."""
        found = self.kept(request, session_id, resource_id, ticket)
        fragment = await manners.body(request, FRAGMENT)
        manners.need_fragment(fragment)
        manners.need_tag(request, found.tag)
        if found.restarts(fragment):
            raise manners.NoRestart
        return Response(status_code=204)

    async def leave(
        self, request: Request, session_id: str, resource_id: str, ticket: Shown
    ) -> Response:
        """Leave the call."""
        await self.kept(request, session_id, resource_id, ticket).leave()
        return Response()

    async def endpoint(self) -> Response:
        """Nothing to see; a player knows by the type that it may post an offer."""
        return Response(headers={"Content-Type": SDP, "Accept-Post": SDP})

    async def shown(self, request: Request, session_id: str, resource_id: str) -> Response:
        """Nothing to see, but that it is there."""
        self.found(request, session_id, resource_id)
        return Response(status_code=204)

    async def preflight(self) -> Response:
        """What may be sent, and from where: anywhere."""
        return Response(headers=PREFLIGHT)

    def found(self, request: Request, session_id: str, resource_id: str) -> Resource:
        """The resource at this address; raises NotFound."""
        resource = worker_of(request).resources.get(resource_id)
        if resource is None or (resource.session_id, resource.way) != (session_id, self.way):
            raise NotFound
        return resource

    def kept(self, request: Request, session_id: str, resource_id: str, ticket: str) -> Resource:
        """The resource at this address, where this ticket made it; raises NotTheResource."""
        resource = self.found(request, session_id, resource_id)
        if not resource.is_of(ticket):
            raise manners.NotTheResource
        return resource

    def router(self) -> APIRouter:
        """Its routes."""
        made = APIRouter(prefix=f"/{self.name}", tags=["calls"], route_class=OpenRoute)
        door, inside = "/{session_id}", "/{session_id}/{resource_id}"
        told: dict[str, Any] = {"response_class": Response}
        made.post(
            door,
            status_code=201,
            responses=CREATED,
            openapi_extra=OFFER,
            description=self.about,
            **told,
        )(self.enter)
        made.patch(inside, status_code=204, openapi_extra=CANDIDATES, **told)(self.trickle)
        made.delete(inside, **told)(self.leave)
        told |= {"include_in_schema": False, "dependencies": [Depends(public)]}
        made.api_route(door, methods=["GET", "HEAD"], **told)(self.endpoint)
        made.api_route(inside, methods=["GET", "HEAD"], **told)(self.shown)
        for path in (door, inside):
            made.options(path, **told)(self.preflight)
        return made


ROUTERS = (
    Door("whip", Way.SENDS, "Send sound and a picture to a call (RFC 9725).").router(),
    Door("whep", Way.RECEIVES, "Receive a call's sound and pictures (WHEP).").router(),
)
