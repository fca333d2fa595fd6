"""What routes ask for: the site, the present instant, a transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection, Request

from remote_court.server.site import Site


def site_of(connection: HTTPConnection) -> Site:
    """The site that serves this request or socket."""
    site: Site = connection.app.state.site
    return site


async def now(connection: HTTPConnection) -> datetime:
    """The present instant, as the site's clock has it."""
    return site_of(connection).now()


async def unit_of_work(request: Request) -> AsyncIterator[AsyncSession]:
    """The request's one transaction: committed before the answer leaves, or rolled back.

    A route that answers once per key runs in the transaction that keeps its key.
    """
    shared: AsyncSession | None = getattr(request.state, "work", None)
    if shared is not None:
        yield shared
        return
    async with site_of(request).database.transaction() as session:
        yield session


async def the_site(connection: HTTPConnection) -> Site:
    """The site, for routes: what is not a coroutine would be run in a thread."""
    return site_of(connection)


SiteDep = Annotated[Site, Depends(the_site)]
Now = Annotated[datetime, Depends(now)]
Work = Annotated[AsyncSession, Depends(unit_of_work, scope="function")]
"""A session in the request's transaction.

``scope="function"``: with FastAPI's default the commit would run after the answer has left, and
a failed commit would still say 201.
"""
