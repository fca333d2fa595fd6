"""Unsafe requests that act once, however often they are sent.

A route asks for ``key: Key`` and belongs to a router with ``route_class=OnceRoute``. The key is
claimed in the transaction of the act, so a second request under the same key waits for the
first and then gives its answer again, byte for byte. A refusal is kept too: its transaction is
rolled back, then the refusal is written by another one; if somebody acted under the key in
between, both get that answer. An answer of 5xx is never kept.

Under ``/api`` the key is the header ``Idempotency-Key``; in a form the field
``idempotency_key`` that ``tokens()`` writes, and only the redirect after success is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi import Depends, Header, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from typing_extensions import override

from remote_court.errors import Refusal
from remote_court.people import answers
from remote_court.people.answers import Answer, Asked, Kept
from remote_court.people.refusals import NotSignedIn, PasswordChangeNeeded, SecondFactorNeeded
from remote_court.server.deps import site_of
from remote_court.server.problems import MEDIA_TYPE, is_api, refused
from remote_court.server.refusals import FormNotOurs, KeyMissing, KeyReused

HEADER, FIELD = "Idempotency-Key", "idempotency_key"
SHORTEST, LONGEST = 8, 128
UNKEPT = (NotSignedIn, PasswordChangeNeeded, SecondFactorNeeded, FormNotOurs)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def idempotency_key(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias=HEADER,
            description="Chosen by you, new for each act; sent again, it gives the same answer.",
            examples=["4f6c1f0e-8a56-4b58-9a35-7a3f9b7c1d10"],
        ),
    ] = None,
) -> str:
    """The key under which this act is done once.

    Raises:
        NotSignedIn: keys belong to people.
    """
    if getattr(request.state, "work", None) is None:
        if getattr(request.state, "user", None) is None:
            raise NotSignedIn
        raise RuntimeError(f"{request.url.path} asks for a key outside OnceRoute")
    return key or str((await request.form()).get(FIELD, ""))


Key = Annotated[str, Depends(idempotency_key)]


class OnceRoute(APIRoute):
    """A route whose act is done once per key, if it asks for one."""

    @override
    def get_route_handler(self) -> Handler:
        act = super().get_route_handler()
        if idempotency_key not in calls(self.dependant):
            return act

        async def once(request: Request) -> Response:
            if getattr(request.state, "user", None) is None:
                return await act(request)  # to be refused by its guard
            return await act_once(request, act)

        return once


async def act_once(request: Request, act: Handler) -> Response:
    """Act under the request's key, or give again what was answered under it."""
    site = site_of(request)
    asked = await asked_by(request)
    try:
        async with site.database.transaction() as session:
            kept = await answers.claim(session, asked, site.now())
            if kept is not None:
                return again(kept, asked)
            request.state.work = session
            answer = await act(request)
            if answer.status_code < 400 and (is_api(request) or "location" in answer.headers):  # noqa: PLR2004
                await answers.keep(session, asked, answer_of(answer))
            return answer
    except Refusal as refusal:
        if not is_api(request) or isinstance(refusal, (*UNKEPT, KeyReused)):
            raise
        return await keep_refusal(request, asked, refusal)
    finally:
        request.state.work = None


async def keep_refusal(request: Request, asked: Asked, refusal: Refusal) -> Response:
    """Keep a refusal after its act was rolled back, with what could be had instead."""
    site = site_of(request)
    async with site.database.transaction() as session:
        kept = await answers.claim(session, asked, site.now())
        if kept is not None:
            return again(kept, asked)
        if refusal.remedy is not None:
            await refusal.remedy(session)
        answer = refused(request, refusal)
        await answers.keep(session, asked, answer_of(answer))
        return answer


def again(kept: Kept, asked: Asked) -> Response:
    """The kept answer, byte for byte.

    Raises:
        KeyReused: the key belongs to another request.
    """
    if kept.request_hash != asked.request_hash:
        raise KeyReused
    said = kept.answer
    media = "application/json" if said.status < 400 else MEDIA_TYPE  # noqa: PLR2004
    headers = {"Idempotency-Replayed": "true"}
    if said.location:
        headers["Location"] = said.location
    return Response(said.body, said.status, headers, media_type=media if said.body else None)


def answer_of(response: Response) -> Answer:
    """What to keep of an answer."""
    return Answer(
        response.status_code, bytes(response.body), location=response.headers.get("location")
    )


async def asked_by(request: Request) -> Asked:
    """The request under its key.

    Raises:
        KeyMissing: there is none, or it is too short or too long.
    """
    if is_api(request):
        key, content = request.headers.get(HEADER, ""), await request.body()
    else:
        form = await request.form()
        key = str(form.get(FIELD, ""))
        fields = [(k, str(v)) for k, v in form.multi_items() if k not in {FIELD, "csrf"}]
        content = repr(fields).encode()
    if not SHORTEST <= len(key) <= LONGEST or not key.isprintable():
        raise KeyMissing
    address = f"{request.url.path}?{request.url.query}"  # the wizard's answers stand in it
    what = f"{request.method} {address}\0".encode() + content
    return Asked(request.state.user.person_id, key, hashlib.sha256(what).digest())


def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """Every function a route depends on."""
    for each in dependant.dependencies:
        if each.call is not None:
            yield each.call
        yield from calls(each)
