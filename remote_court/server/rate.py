"""From where a request comes, as far as limits on trying ask."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from remote_court.people.tokens import sealed
from remote_court.server.deps import SiteDep


async def address_key(request: Request, site: SiteDep) -> str:
    """A word for the sender's address: the same for the same address, and not the address."""
    host = request.client.host if request.client else "nowhere"
    return sealed(site.key, "address", host).hex()[:24]


AddressKey = Annotated[str, Depends(address_key)]
