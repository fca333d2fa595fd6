"""A sent form: what is refused is said on its own page, with what was typed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import Response

from remote_court.errors import Conflict, Invalid, Refusal, RuleRefused
from remote_court.server.fields import Fields
from remote_court.server.problems import Again, said

Page = Callable[..., Awaitable[Response]]


@asynccontextmanager
async def sent(request: Request, form: Fields, page: Page) -> AsyncIterator[None]:
    """Act on a sent form; a refusal is said on its page.

    Raises:
        Again: something was refused, and nothing was done.
    """
    try:
        yield
    except (Invalid, Conflict, RuleRefused) as refusal:
        note(form, refusal)
        if isinstance(refusal, Conflict):
            form.errors[""] = said(request, refusal)
        raise Again(await page(form=form, refusal=refusal)) from refusal


def note(form: Fields, refusal: Refusal) -> None:
    """Put a refusal beside the field it names; what could not be read is said there already."""
    unread = type(refusal) is Invalid and form.errors
    if isinstance(refusal, Invalid) and not unread:
        form.refuse(refusal)
