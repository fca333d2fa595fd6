"""A branch as its judge or clerk works at it: who may come in, its pages, its sent forms."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import NotFound, Refusal, RuleRefused
from remote_court.hearings import case_queries
from remote_court.hearings.case_queries import BranchLine
from remote_court.hearings.entering import COURT
from remote_court.hearings.models import CourtCase
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields
from remote_court.server.guards import needs
from remote_court.server.hearings import words
from remote_court.server.idempotency import OnceRoute
from remote_court.server.listing import Id
from remote_court.server.pages import render
from remote_court.server.problems import said, said_reasons
from remote_court.server.sent import Page, sent

court = needs(*COURT)
AtCourt = Annotated[Actor, Depends(court)]


def chamber_router(prefix: str = "") -> APIRouter:
    """A router of a branch's pages: its judges and clerks only, and each sent form acts once."""
    return APIRouter(
        prefix=f"/court/{{branch_id}}{prefix}",
        include_in_schema=False,
        dependencies=[Depends(court)],
        route_class=OnceRoute,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chamber:
    """A branch of the reader's own, in the request's transaction."""

    request: Request
    work: AsyncSession
    actor: Actor
    now: datetime
    branch: BranchLine

    @property
    def url(self) -> str:
        """The branch's first page."""
        return f"/court/{self.branch.id}"

    @property
    def today(self) -> date:
        """The day on the wall."""
        return local(self.now).date()

    @property
    def is_judge(self) -> bool:
        """Whether the reader sits here as a judge."""
        return self.actor.holds_at(self.branch.id, Role.JUDGE)

    async def rules(self) -> Policy:
        """What holds today in the branch's province."""
        return await policy.current(self.work, self.today, self.branch.province_code)

    async def case(self, case_id: int) -> CourtCase:
        """A case of the branch.

        Raises:
            NotFound: it is another branch's, or there is none.
        """
        case = await self.work.get(CourtCase, case_id)
        if case is None or case.branch_id != self.branch.id:
            raise NotFound
        return case

    def go(self, path: str = "") -> Response:
        """On to a page of the branch, after an act."""
        return RedirectResponse(f"{self.url}{path}", 303)

    async def page(
        self,
        template: str,
        *,
        form: Fields | None = None,
        refusal: Refusal | None = None,
        **context: Any,
    ) -> Response:
        """A page of the branch; with a form that was refused, what is wrong with it."""
        rule = isinstance(refusal, RuleRefused)
        return render(
            self.request,
            f"hearings/{template}.html",
            status=422 if form else 200,
            branch=self.branch,
            root=self.url,
            is_judge=self.is_judge,
            words=words,
            now=self.now,
            early=(await self.rules()).minutes("hearing.join_open_before_min"),
            errors=dict(form.errors) if form else {},
            reasons=said_reasons(self.request, refusal.reasons) if rule else [],  # type: ignore[union-attr]
            refused=said(self.request, refusal) if rule and refusal else None,
            **context,
        )

    def sent(self, form: Fields, page: Page) -> AbstractAsyncContextManager[None]:
        """Act on a sent form; what is refused is said on its page, with what was typed."""
        return sent(self.request, form, page)


async def chamber_of(
    request: Request, branch_id: Id, actor: AtCourt, work: Work, now: Now
) -> Chamber:
    """The branch in the address.

    Raises:
        NotFound: it is another's, or there is none.
    """
    actor.need_at(branch_id, *COURT)
    branch = await case_queries.branch(work, branch_id)
    if branch is None:
        raise NotFound
    return Chamber(request=request, work=work, actor=actor, now=now, branch=branch)


ChamberDep = Annotated[Chamber, Depends(chamber_of)]
