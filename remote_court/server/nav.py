"""The menu of each role: where it leads, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remote_court.people.actor import Actor
from remote_court.people.grants import PLACE_OF, STAFF, Role
from remote_court.server.locale import N_

Places = Mapping[str, int | None]
FAMILY = (
    ("/visits", N_("My visits")),
    ("/visits/new", N_("Book a visit")),
    ("/kinships", N_("Whom may I visit?")),
    ("/hearings", N_("My hearings")),
    ("/inbox", N_("Messages")),
    ("/account", N_("My account")),
)
DESK = (
    ("/desk/{place}", N_("Today's desk")),
    ("/desk/{place}/rooms", N_("Room board")),
    ("/desk/{place}/displaced", N_("Without a place")),
    ("/desk/{place}/walk-in", N_("Book for a visitor")),
    ("/desk/{place}/identity", N_("Verify identity")),
    ("/desk/{place}/kinship", N_("Kinship documents")),
)
COURT = (
    ("/court/{place}", N_("The court's first page")),
    ("/court/{place}/diary", N_("Court diary")),
    ("/court/{place}/cases", N_("Cases")),
)
OWN = (("/inbox", N_("Messages")), ("/account", N_("My account")))
MENU: Mapping[Role, tuple[tuple[str, str], ...]] = {
    Role.FAMILY: FAMILY,
    Role.LAWYER: FAMILY,
    Role.OFFICE_CLERK: DESK,
    Role.OFFICE_MANAGER: (*DESK, ("/offices/{place}/manage", N_("Rooms and hours"))),
    Role.PRISON_OFFICER: (
        ("/prisons/{place}", N_("Today's visits")),
        ("/prisons/{place}/requests", N_("Requests")),
        ("/prisons/{place}/inmates", N_("Prisoners")),
        ("/prisons/{place}/booths", N_("Booths")),
        ("/prisons/{place}/hours", N_("Visiting hours")),
        ("/watch/{place}", N_("Watch")),
    ),
    Role.COURT_CLERK: (*COURT, ("/court/{place}/import", N_("Import a diary"))),
    Role.JUDGE: (*COURT, ("/court/{place}/my-day", N_("My day"))),
    Role.HQ_PLANNER: (
        ("/hq", N_("Map of offices")),
        ("/hq/rules", N_("Rules")),
        ("/hq/officials", N_("Interpreters and experts")),
        ("/staff", N_("Staff")),
    ),
    Role.AUDITOR: (("/audit", N_("Records")),),
    Role.OPERATOR: (
        ("/operator", N_("The system")),
        ("/line-test", N_("Line test")),
        ("/staff", N_("Staff")),
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    url: str
    label: str
    current: bool


def menu(actor: Actor | None, path: str, here: Places | None = None) -> tuple[Item, ...]:
    """The entries for all roles somebody holds; the longest address we are below is current.

    Args:
        actor: whose menu it is.
        path: the page they look at.
        here: at which place of each kind they work now; none: at the first.
    """
    entries = dict(addresses(actor, here or {})) if actor else {}
    below = [url for url in entries if path == url or path.startswith(f"{url}/")]
    current = max(below, key=len, default=None)
    return tuple(Item(url, label, url == current) for url, label in entries.items())


def addresses(actor: Actor, here: Places) -> Iterator[tuple[str, str]]:
    """Each address and its label, at the places where somebody works now.

    Everybody is family too; who works here sees the work, and visits of their own from it.
    """
    works = not actor.roles.isdisjoint(STAFF)
    for role in Role:
        if actor.holds(role) and (role in STAFF or not works):
            places = actor.places_of(role)
            place = here.get(PLACE_OF[role] or "", next(iter(places), None))
            if places and place not in places:
                continue  # a role of theirs at another of their places
            yield from ((url.format(place=place or ""), label) for url, label in MENU[role])
    if works:
        yield from OWN
