"""Book a visit by answering one question a page: whom, with whom, where, which day, what time.

Everything is a plain form; what was answered stands in the address. Choosing a time holds the
places for some minutes, and the last page books them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from remote_court import policy
from remote_court.calendars.jalali import Month
from remote_court.clock import local
from remote_court.errors import Forbidden, NotFound, RuleRefused
from remote_court.people import Actor, Person
from remote_court.places import queries as places
from remote_court.places.distance import Point
from remote_court.policy import Policy
from remote_court.scheduling.hold import SlotTaken
from remote_court.server.deps import Now, Work
from remote_court.server.filters import Speech
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.locale import N_, locale_of, translate
from remote_court.server.pages import render
from remote_court.server.problems import Again, said_reasons
from remote_court.server.visits import calendar, companion
from remote_court.server.visits.api import near, rule_of
from remote_court.server.visits.choice import Choice, choice
from remote_court.server.visits.shapes import age
from remote_court.visits import queries
from remote_court.visits.book import DESK, book
from remote_court.visits.models import VisitKind
from remote_court.visits.move import Target, move
from remote_court.visits.queries import InmateView
from remote_court.visits.request import Request as Wanted
from remote_court.visits.slots import Search, slots, window

router = APIRouter(prefix="/visits", include_in_schema=False, route_class=OnceRoute)
Chosen = Annotated[Choice, Depends(choice)]
STEPS = (N_("Prisoner"), N_("Office"), N_("Day"), N_("Time"), N_("Check and confirm"))
OFFICES_A_PAGE = 10
CHOOSE_OFFICE, CHOOSE_TIME = N_("Choose an office."), N_("Choose a time.")
TAKEN = N_("Somebody else has just taken this time. Choose another: these are still free.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of the wizard knows: who asks, for whom, and about what."""

    request: Request
    work: AsyncSession
    actor: Actor
    chosen: Choice
    now: datetime

    @property
    def speech(self) -> Speech:
        """The reader's language."""
        return Speech(locale_of(self.request))

    @property
    def today(self) -> date:
        """The day on the wall in Tehran."""
        return local(self.now).date()

    async def rule(self) -> Policy:
        """Today's policy."""
        return await policy.current(self.work, self.today)

    async def guest(self) -> Person:
        """Whose visit it is: the caller, or whom a clerk books for.

        Raises:
            Forbidden: somebody who is no clerk names another.
            NotFound: there is no such person.
        """
        if self.chosen.guest and not self.actor.holds(*DESK):
            raise Forbidden
        person = await self.work.get(Person, self.chosen.guest or self.actor.person_id)
        if person is None:
            raise NotFound
        return person

    async def inmate(self, guest: Person) -> InmateView:
        """The inmate that was chosen.

        Raises:
            NotFound: not one this person may visit.
        """
        found = await queries.inmates_of(self.work, guest.id)
        for one in found:
            if one.id == self.chosen.inmate:
                return one
        raise NotFound

    def search(self, first: date, last: date) -> Search:
        """Where to look for times."""
        assert self.chosen.inmate is not None, "asked after the prisoner"
        assert self.chosen.office is not None, "asked after the office"
        return Search(
            inmate_id=self.chosen.inmate,
            office_id=self.chosen.office,
            visitor_ids=self.chosen.who,
            first=first,
            last=last,
            kind=self.chosen.kind,
            step_free=self.chosen.step_free,
            holder=self.chosen.guest or self.actor.person_id,
            moving=self.chosen.visit,
            standing=self.chosen.makeup is not None,
        )

    def page(
        self, template: str, step: int, question: str, back: str | None, **more: Any
    ) -> Response:
        """One question, with what was answered before beside it."""
        said = self.speech.gettext
        return render(
            self.request,
            template,
            steps=[said(label) for label in STEPS],
            step=step,
            question=said(question),
            back=back,
            chosen=self.chosen,
            **more,
        )


async def desk(request: Request, work: Work, actor: Signed, chosen: Chosen, now: Now) -> Desk:
    """What the pages ask for."""
    return Desk(request, work, actor, chosen, now)


DeskDep = Annotated[Desk, Depends(desk)]


@router.get("/new")
async def whom(desk: DeskDep) -> Response:
    """Which prisoner?"""
    guest = await desk.guest()
    found = await queries.inmates_of(desk.work, guest.id)
    return desk.page(
        "visits/whom.html", 1, N_("Whom would you like to visit?"), None, inmates=found, guest=guest
    )


@router.get("/new/who")
async def who(desk: DeskDep) -> Response:
    """Who comes along?"""
    guest = await desk.guest()
    inmate = await desk.inmate(guest)
    if inmate.as_lawyer:
        alone = desk.chosen.put(kind=VisitKind.LAWYER, who=(guest.id,))
        return RedirectResponse(alone.url("office"), 303)
    if inmate.as_consul:
        alone = desk.chosen.put(kind=VisitKind.CONSULAR, who=(guest.id,))
        return RedirectResponse(alone.url("office"), 303)
    rule = await desk.rule()
    adult_age = rule.integer("visit.adult_age")
    others = [
        {
            "id": one.id,
            "name": one.name,
            "child": age(one, desk.today) < adult_age,
            "kinship": one.kinship,
        }
        for one in inmate.visitors
        if one.id != guest.id
    ]
    return desk.page(
        "visits/who.html",
        1,
        N_("Who comes along?"),
        desk.chosen.put(inmate=None).url(""),
        inmate=inmate,
        guest=guest,
        others=others,
        most_adults=rule.integer("visit.visitors_max.adults"),
        most_children=rule.integer("visit.visitors_max.children"),
    )


@router.get("/new/office")
async def office(
    desk: DeskDep,
    province: Annotated[str | None, Query(pattern="^[0-9]{0,2}$")] = None,
    q: Annotated[str | None, Query(max_length=80)] = None,
    error: bool = False,
) -> Response:
    """Which office?"""
    guest = await desk.guest()
    inmate = await desk.inmate(guest)
    chosen = desk.chosen.put(who=(guest.id, *(w for w in desk.chosen.who if w != guest.id)))
    if await companion.is_asked(desk.work, chosen):
        return RedirectResponse(chosen.url("companion"), 303)
    known = await places.provinces(desk.work)
    names = await places.province_names(desk.work, locale_of(desk.request))
    here = province if province is not None else guest.province_code
    centre = next((Point(p.lat, p.lon) for p in known if p.code == here), None)
    found = await places.offices(desk.work, province=here, q=q, near=centre, limit=OFFICES_A_PAGE)
    own = desk.actor.places_of(*DESK) if desk.chosen.guest else ()
    lines = [line for line in found.items if line.id not in own]
    first = [line for i in own if (line := await places.office_line(desk.work, i)) is not None]
    return desk.page(
        "visits/office.html",
        2,
        N_("Which office will you come to?"),
        desk.chosen.url("who"),
        offices=[*first, *lines],
        more=found.next is not None,
        provinces=list(names.items()),
        province=here,
        q=q or "",
        inmate=inmate,
        next_chosen=chosen,
        error=translate(desk.request, CHOOSE_OFFICE) if error else None,
    )


@router.get("/new/day")
async def day(
    desk: DeskDep, month: Annotated[str | None, Query(pattern="^[0-9]{4}-[0-9]{1,2}$")] = None
) -> Response:
    """Which day?"""
    if desk.chosen.office is None:
        return RedirectResponse(f"{desk.chosen.url('office')}&error=1", 303)
    guest = await desk.guest()
    inmate = await desk.inmate(guest)
    rule = await desk.rule()
    least, most = rule.between("visit.book_ahead_days")
    least = 0 if desk.chosen.makeup else least
    bounds = (desk.today + timedelta(days=least), desk.today + timedelta(days=most))
    found = await slots(desk.work, desk.search(*bounds), desk.now, rule)
    counts = calendar.per_day(found)
    free_days = [d for d in sorted(counts) if counts[d]]
    shown = Month.read(month) if month else Month.of(free_days[0] if free_days else bounds[0])
    chosen = desk.chosen.put(day=None)
    shown_month = calendar.month(
        shown, counts, bounds, lambda m: f"{chosen.url('day')}&month={m}", desk.speech
    )
    return desk.page(
        "visits/day.html",
        3,
        N_("Which day will you come?"),
        desk.chosen.put(office=None).url("office"),
        month=shown_month,
        none_free=not free_days,
        inmate=inmate,
        office=await places.office_line(desk.work, desk.chosen.office),
    )


@router.get("/new/time")
async def time(desk: DeskDep) -> Response:
    """What time?"""
    if desk.chosen.office is None or desk.chosen.day is None:
        return RedirectResponse(desk.chosen.url("day"), 303)
    return await time_page(desk, {}, None)


async def time_page(
    desk: Desk, errors: dict[str, str], reasons: list[dict[str, Any]] | None
) -> Response:
    """The page of times, with what went wrong before, if anything did."""
    assert desk.chosen.day is not None
    assert desk.chosen.office is not None
    guest = await desk.guest()
    inmate = await desk.inmate(guest)
    rule = await desk.rule()
    search = desk.search(desk.chosen.day, desk.chosen.day)
    first, last = window(search, desk.now, rule)
    found = await slots(desk.work, search, desk.now, rule) if first <= last else []
    return desk.page(
        "visits/time.html",
        4,
        N_("What time will you come?"),
        desk.chosen.put(day=None).url("day"),
        groups=calendar.groups(found, desk.speech),
        lasts=rule.minutes(
            "visit.duration_min.lawyer" if inmate.as_lawyer else "visit.duration_min.electronic"
        ),
        early=rule.minutes("visit.grace_min"),
        errors=errors,
        reasons=reasons or [],
        inmate=inmate,
        office=await places.office_line(desk.work, desk.chosen.office),
        status=422 if errors or reasons else 200,
    )


@router.post("/new/time")
async def hold_time(
    desk: DeskDep, _key: Key, starts_at: Annotated[AwareDatetime | None, Form()] = None
) -> Response:
    """Hold the chosen time, or move the visit there, and go on to check it."""
    if desk.chosen.office is None or desk.chosen.day is None or desk.chosen.inmate is None:
        return RedirectResponse(desk.chosen.url("day"), 303)
    if starts_at is None:
        asked = translate(desk.request, CHOOSE_TIME)
        raise Again(await time_page(desk, {"starts_at": asked}, None))
    starts_at = near(starts_at, desk.now)
    rule = await rule_of(desk.work, local(starts_at).date(), desk.now)
    try:
        async with desk.work.begin_nested():
            visit_id = await take(desk, starts_at, rule)
    except SlotTaken:
        taken = translate(desk.request, TAKEN)
        raise Again(await time_page(desk, {"starts_at": taken}, None)) from None
    except RuleRefused as refused:
        told = said_reasons(desk.request, refused.reasons)
        raise Again(await time_page(desk, {}, told)) from None
    step = "" if desk.chosen.visit else "/check"
    return RedirectResponse(f"/visits/{visit_id}{step}", 303)


async def take(desk: Desk, starts_at: datetime, rule: Policy) -> int:
    """Hold a new visit's places, or move the visit that is being changed."""
    chosen = desk.chosen
    if chosen.visit is not None:
        target = Target(starts_at, chosen.office)
        return (await move(desk.work, desk.actor, chosen.visit, target, desk.now, rule)).id
    guest = await desk.guest()
    assert chosen.inmate is not None
    assert chosen.office is not None
    wanted = Wanted(
        kind=chosen.kind,
        inmate_id=chosen.inmate,
        office_id=chosen.office,
        starts_at=starts_at,
        visitor_ids=chosen.who or (guest.id,),
        booked_for=guest.id,
        step_free=chosen.step_free,
        held=True,
        makeup_of=chosen.makeup,
        interpreter_id=chosen.interpreter,
    )
    return (await book(desk.work, desk.actor, wanted, desk.now, rule)).id
