"""An inmate's file as an officer of the prison works on it: its forms are asked, sent, refused."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import Refusal
from remote_court.people import Actor, Person, Role
from remote_court.people.inmates import Inmate
from remote_court.places import Prison
from remote_court.policy import Policy
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields
from remote_court.server.idempotency import OnceRoute
from remote_court.server.listing import Id
from remote_court.server.people.lookups import visitor_of
from remote_court.server.prison.access import Officer, officer, own_inmate, show
from remote_court.server.prison.inmates import person_of
from remote_court.server.sent import Page, sent


def file_router() -> APIRouter:
    """A router for forms of the file: officers only, and each sent form acts once."""
    return APIRouter(
        prefix="/prisons/{prison_id}/inmates/{inmate_id}",
        include_in_schema=False,
        dependencies=[Depends(officer)],
        route_class=OnceRoute,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The file of an inmate of the officer's own prison, in the request's transaction."""

    request: Request
    work: AsyncSession
    actor: Actor
    now: datetime
    prison: Prison
    inmate: Inmate

    @property
    def prison_id(self) -> int:
        """The prison in the address, which is the officer's own."""
        return self.prison.id

    @property
    def inmate_id(self) -> int:
        """Whose file it is."""
        return self.inmate.person_id

    @property
    def url(self) -> str:
        """The page of the file."""
        return f"/prisons/{self.prison_id}/inmates/{self.inmate_id}"

    @property
    def today(self) -> date:
        """The day on the wall."""
        return local(self.now).date()

    async def rules(self) -> Policy:
        """What holds today."""
        return await policy.current(self.work, self.today)

    def shown(self) -> Response:
        """Back to the file, after an act."""
        return RedirectResponse(self.url, 303)

    async def visitor(self, form: Fields) -> Person:
        """The person whose number was typed; that an officer looked for them is written down.

        Raises:
            Invalid: nobody has it.
        """
        at = (Role.PRISON_OFFICER,), self.prison_id
        return await visitor_of(self.request, self.actor, *at, self.work, form)

    async def page(
        self,
        template: str,
        *,
        form: Fields | None = None,
        refusal: Refusal | None = None,
        **context: object,
    ) -> Response:
        """A form of the file; with one that was refused, what is wrong with it."""
        person = await person_of(self.work, self.inmate_id)
        return show(
            self.request,
            template,
            self.prison,
            form=form,
            refusal=refusal,
            inmate=self.inmate,
            person=person,
            root=self.url,
            **context,
        )

    def sent(self, form: Fields, page: Page) -> AbstractAsyncContextManager[None]:
        """Act on a sent form; what is refused is said on its page, with what was typed."""
        return sent(self.request, form, page)


async def file_of(
    request: Request, prison_id: Id, inmate_id: Id, actor: Officer, work: Work, now: Now
) -> File:
    """The file in the address.

    Raises:
        NotFound: it is another prison's, or there is none.
    """
    prison, inmate = await own_inmate(work, actor, prison_id, inmate_id)
    return File(request=request, work=work, actor=actor, now=now, prison=prison, inmate=inmate)


FileDep = Annotated[File, Depends(file_of)]
