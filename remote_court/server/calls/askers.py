"""Who asks to enter: somebody signed in, or the device of a room or booth by its cookie."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from remote_court.calls import devices
from remote_court.calls.kinds import Asker, PairedDevice
from remote_court.calls.refusals import DeviceUnknown
from remote_court.server.deps import Now, Work, site_of
from remote_court.server.guards import guard, signed

COOKIE: Final = "rc_device"
HEADER: Final = "x-asks-as"
DEVICE: Final = "device"
LIFE: Final = timedelta(days=400)


@guard
async def paired(connection: HTTPConnection, work: Work, now: Now) -> PairedDevice:
    """The device that sends its cookie.

    Raises:
        DeviceUnknown: it has none, or its pairing was withdrawn.
    """
    credential = connection.cookies.get(COOKIE)
    if not credential:
        raise DeviceUnknown
    return await devices.recognise(work, credential, now)


@guard
async def asking(connection: HTTPConnection, work: Work, now: Now) -> Asker:
    """The device, where the request says that a device asks; else who is signed in.

    Raises:
        DeviceUnknown, NotSignedIn, PasswordChangeNeeded, SecondFactorNeeded: as they say.
    """
    if connection.headers.get(HEADER) == DEVICE:
        return await paired(connection, work, now)
    return await signed(connection)


def remember(response: Response, request: Request, credential: str) -> None:
    """Give a newly paired device its cookie; no other site can make a browser send it."""
    response.set_cookie(
        COOKIE,
        credential,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=site_of(request).settings.secure,
    )


Device = Annotated[PairedDevice, Depends(paired, scope="function")]
Asking = Annotated[Asker, Depends(asking, scope="function")]
