"""The first page of each role, and the demo's choice of a role."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import NotFound
from remote_court.people import demo, sign_in
from remote_court.people.actor import Actor
from remote_court.people.grants import PLACE_OF, Role
from remote_court.server import place
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Form
from remote_court.server.guards import Somebody, guard
from remote_court.server.listing import id_of
from remote_court.server.locale import locale_of
from remote_court.server.pages import render
from remote_court.server.people.cookies import sign_browser_in

router = APIRouter(include_in_schema=False)
HOME: Mapping[Role, str] = {
    Role.FAMILY: "/visits",
    Role.LAWYER: "/visits",
    Role.OFFICE_CLERK: "/desk/{place}",
    Role.OFFICE_MANAGER: "/offices/{place}/manage",
    Role.PRISON_OFFICER: "/prisons/{place}",
    Role.COURT_CLERK: "/court",
    Role.JUDGE: "/court",
    Role.HQ_PLANNER: "/hq",
    Role.AUDITOR: "/audit",
    Role.OPERATOR: "/operator",
}


def home_of(actor: Actor | None, here: Mapping[str, int | None] | None = None) -> str:
    """Where somebody's day begins; ``here``: the place of each kind where they work now."""
    if actor is None or actor.role is None:
        return "/sign-in"
    places = actor.places_of(actor.role)
    now = (here or {}).get(PLACE_OF[actor.role] or "")
    return HOME[actor.role].format(place=now if now in places else next(iter(places), ""))


@router.get("/")
async def home(request: Request, actor: Somebody) -> Response:
    """Lead to where the day begins."""
    return RedirectResponse(home_of(actor, place.here(actor, "/", request.cookies)), 303)


@guard
async def demo_only(site: SiteDep) -> None:
    """Open to everybody, in the demo alone.

    Raises:
        NotFound: this is not the demo.
    """
    if not site.settings.demo:
        raise NotFound


@router.get("/demo", dependencies=[Depends(demo_only)])
async def choose(request: Request, work: Work) -> Response:
    """Offer one invented person for each role."""
    lines = await demo.one_of_each(work)
    column = f"place_{locale_of(request)}"
    return render(request, "people/demo.html", accounts=lines, place=column)


@router.post("/demo/enter", dependencies=[Depends(demo_only)])
async def enter(request: Request, form: Form, work: Work, now: Now) -> Response:
    """Sign in as a listed person, at one click."""
    person_id = id_of(form.text("person_id"))
    if person_id is None or not await demo.is_listed(work, person_id):
        raise NotFound
    await sign_in.note(work, person_id, "demo", now)
    return await sign_browser_in(work, request, person_id, form.text("next") or "/", now)
