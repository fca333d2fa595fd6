"""Every page there is: who sees it and where it is. A test keeps the list whole."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """A page: its route, who looks at it, and its address with the cast's ids filled in."""

    route: str
    who: str | None
    path: str

    @property
    def name(self) -> str:
        """A file's name for its picture."""
        plain = self.route.translate(str.maketrans("/", ".", "{}")).strip(".")
        return plain or "home"


def stop(route: str, who: str | None, path: str | None = None) -> Stop:
    return Stop(route, who, path or route)


CHOSEN = "inmate={inmate}&who={person}"
STOPS: tuple[Stop, ...] = (
    stop("/sign-in", None),
    stop("/register", None),
    stop("/register/done", None),
    stop("/password/forgotten", None),
    stop("/kiosk", None),
    stop("/court", "judge", "/court"),
    stop("/court/{branch_id}", "court_clerk", "/court/{branch}"),
    *(
        stop(f"/court/{{branch_id}}/{page}", who, f"/court/{{branch}}/{page}")
        for page, who in (
            ("diary", "court_clerk"),
            ("diary/week", "court_clerk"),
            ("my-day", "judge"),
            ("cases", "court_clerk"),
            ("cases/new", "court_clerk"),
            ("import", "court_clerk"),
        )
    ),
    stop("/court/{branch_id}/import/{import_id}", "court_clerk", "/court/{branch}/import/{import}"),
    stop("/court/{branch_id}/hearings/{hearing_id}", "judge", "/court/{branch}/hearings/{sitting}"),
    *(
        stop(
            f"/court/{{branch_id}}/hearings/{{hearing_id}}/{act}",
            "court_clerk",
            f"/court/{{branch}}/hearings/{{sitting}}/{act}",
        )
        for act in ("move", "cancel", "adjourn")
    ),
    stop(
        "/court/{branch_id}/hearings/{hearing_id}/minutes",
        "court_clerk",
        "/court/{branch}/hearings/{written}/minutes",
    ),
    stop("/hearings/{hearing_id}/minutes", "family", "/hearings/{closed}/minutes"),
    stop("/court/{branch_id}/cases/{case_id}", "court_clerk", "/court/{branch}/cases/{case}"),
    *(
        stop(
            f"/court/{{branch_id}}/cases/{{case_id}}/{route}",
            who,
            f"/court/{{branch}}/cases/{{case}}/{path}",
        )
        for route, path, who in (
            ("correct", "correct", "court_clerk"),
            ("parties/new", "parties/new", "court_clerk"),
            ("parties/{party_id}", "parties/{party}", "court_clerk"),
            ("parties/{party_id}/leave", "parties/{party}/leave", "court_clerk"),
            ("parties/{party_id}/own-device", "parties/{party}/own-device", "judge"),
            ("representation/new", "representation/new", "court_clerk"),
            ("list", "list", "court_clerk"),
            (
                "representation/{representation_id}/end",
                "representation/{representation}/end",
                "court_clerk",
            ),
        )
    ),
    stop("/hearings", "family"),
    stop("/hq/officials", "hq_planner"),
    stop("/hq/officials/new", "hq_planner"),
    stop("/visits", "family"),
    stop("/visits/new", "sister"),
    stop("/visits/new/who", "sister", "/visits/new/who?inmate={inmate}"),
    stop("/visits/new/office", "sister", f"/visits/new/office?{CHOSEN}"),
    stop("/visits/new/day", "sister", f"/visits/new/day?{CHOSEN}&office={{office}}"),
    stop("/visits/new/time", "sister", f"/visits/new/time?{CHOSEN}&office={{office}}&day={{day}}"),
    stop("/visits/new/companion", "office_clerk", f"/visits/new/companion?{CHOSEN}"),
    stop("/visits/{visit_id}", "family", "/visits/{coming}"),
    stop("/visits/{visit_id}/check", "sister", "/visits/{held}/check"),
    stop("/visits/{visit_id}/cancel", "family", "/visits/{coming}/cancel"),
    stop("/account", "family"),
    stop("/inbox", "family"),
    stop("/inbox/{message_id}", "family", "/inbox/{message}"),
    stop("/inbox/{message_id}", "family", "/inbox/{notice_message}"),
    stop("/notices/{notice_id}", "court_clerk", "/notices/{notice}"),
    stop("/hearings/{hearing_id}/service", "court_clerk", "/hearings/{sitting}/service"),
    stop("/kinships", "family"),
    stop("/desk/{office_id}/kinship", "office_clerk", "/desk/{office}/kinship"),
    stop("/desk/{office_id}/mandate", "office_clerk", "/desk/{office}/mandate"),
    stop("/desk/{office_id}", "office_clerk", "/desk/{office}"),
    *(
        stop(f"/desk/{{office_id}}/{page}", "office_clerk", f"/desk/{{office}}/{page}")
        for page in ("rooms", "displaced", "walk-in")
    ),
    stop(
        "/desk/{office_id}/walk-in/{person_id}", "office_clerk", "/desk/{office}/walk-in/{mother}"
    ),
    stop("/desk/{office_id}/visits/{visit_id}", "office_clerk", "/desk/{office}/visits/{visit}"),
    stop(
        "/desk/{office_id}/visits/{visit_id}/move",
        "office_clerk",
        "/desk/{office}/visits/{coming}/move",
    ),
    stop("/offices/{office_id}/manage", "office_manager", "/offices/{office}/manage"),
    *(
        stop(
            f"/offices/{{office_id}}/manage/{page}",
            "office_manager",
            f"/offices/{{office}}/manage/{page}",
        )
        for page in ("rooms/new", "days/close", "hours", "details")
    ),
    *(
        stop(
            f"/offices/{{office_id}}/manage/rooms/{{room_id}}{verb}",
            "office_manager",
            f"/offices/{{office}}/manage/rooms/{{room}}{verb}",
        )
        for verb in ("", "/close", "/withdraw")
    ),
    stop("/hq", "hq_planner"),
    stop("/hq/provinces/{code}", "hq_planner", "/hq/provinces/11"),
    stop("/hq/offices/{office_id}", "hq_planner", "/hq/offices/{office}"),
    stop("/hq/rules", "hq_planner"),
    stop("/hq/rules/{rule}", "hq_planner", "/hq/rules/visit.book_ahead_days"),
    stop("/hq/rules/{rule}/amend", "hq_planner", "/hq/rules/visit.relatives_auto/amend"),
    stop("/operator", "operator"),
    stop("/operator/outages", "operator"),
    stop("/line-test", "operator"),
    stop("/audit", "auditor"),
    stop("/password/change", "family"),
    stop("/call/{session_id}", "family", "/call/{visit}"),
    stop("/desk/{office_id}/identity", "office_clerk", "/desk/{office}/identity"),
    stop("/desk/{office_id}/identity/register", "office_clerk", "/desk/{office}/identity/register"),
    stop(
        "/desk/{office_id}/identity/{person_id}",
        "office_clerk",
        "/desk/{office}/identity/{newcomer}",
    ),
    stop("/units/{unit_id}/devices", "office_manager", "/units/{room}/devices"),
    stop("/watch/{prison_id}", "prison_officer", "/watch/{prison}"),
    stop("/prisons/{prison_id}", "prison_officer", "/prisons/{prison}"),
    stop("/prisons/{prison_id}/requests", "prison_officer", "/prisons/{prison}/requests"),
    stop(
        "/prisons/{prison_id}/requests/{visit_id}",
        "prison_officer",
        "/prisons/{prison}/requests/{request}",
    ),
    stop("/prisons/{prison_id}/inmates", "prison_officer", "/prisons/{prison}/inmates"),
    stop(
        "/prisons/{prison_id}/inmates/{inmate_id}",
        "prison_officer",
        "/prisons/{prison}/inmates/{inmate}",
    ),
    *(
        stop(
            f"/prisons/{{prison_id}}/inmates/{{inmate_id}}/{what}",
            "prison_officer",
            f"/prisons/{{prison}}/inmates/{{inmate}}/{what}",
        )
        for what in (
            "kinship",
            "permit",
            "mandate",
            "ban",
            "whereabouts",
            "language",
            "papers",
            "security",
        )
    ),
    *(
        stop(
            f"/prisons/{{prison_id}}/inmates/{{inmate_id}}/{what}s/{{entry_id}}/{verb}",
            "prison_officer",
            f"/prisons/{{prison}}/inmates/{{{whose}}}/{what}s/{{{what}}}/{verb}",
        )
        for what, verb, whose in (
            ("permit", "revoke", "inmate"),
            ("mandate", "end", "inmate"),
            ("ban", "lift", "other_inmate"),
            ("paper", "withdraw", "inmate"),
        )
    ),
    stop("/prisons/{prison_id}/booths", "prison_officer", "/prisons/{prison}/booths"),
    stop(
        "/prisons/{prison_id}/booths/{booth_id}/withdraw",
        "prison_officer",
        "/prisons/{prison}/booths/{booth}/withdraw",
    ),
    stop("/prisons/{prison_id}/hours", "prison_officer", "/prisons/{prison}/hours"),
    stop("/staff", "operator"),
    stop("/staff/new", "operator"),
    stop("/staff/{person_id}", "operator", "/staff/{person}"),
    stop(
        "/staff/{person_id}/grants/new",
        "operator",
        "/staff/{person}/grants/new?role=office_clerk",
    ),
)
NOT_PAGES = frozenset(
    {
        "/",  # leads on by role
        "/desk/{office_id}/check-in",  # the slip's QR code; leads on to the visit
        "/place",  # remembers a choice and leads on
        "/healthz", "/readyz", "/metrics", "/lang/{code}",
        "/docs",  # Swagger's own page, with contrasts of its own
        "/gallery", "/gallery/call", "/gallery/events",  # development only; tested beside pages
        "/demo",  # demo only; tested in tests/demo
        "/sign-in/code", "/password/new",  # second steps, walked in tests/server/people
        "/account/generator",  # needs a session without one
        "/notices/{notice_id}/proof.pdf",
        "/visits/{visit_id}/slip.pdf", "/visits/{visit_id}/visit.ics",
        "/watch/{prison_id}/events", "/prisons/{prison_id}/events",
        "/whip/{session_id}", "/whip/{session_id}/{resource_id}",  # programs, not pages
        "/whep/{session_id}", "/whep/{session_id}/{resource_id}",
        "/court/{branch_id}/import/{import_id}/progress",  # a part of a page
        "/desk/{office_id}/events", "/desk/{office_id}/rooms/events",
    }
)  # fmt: skip
"""Routes that answer GET outside the API and are no page of the tour, each with its reason."""
