"""The parties of a case: entered, corrected, gone; and a judge's leave to use an own device."""

from __future__ import annotations

from functools import partial

from starlette.responses import Response

from remote_court.calendars import jalali
from remote_court.errors import Invalid, NotFound
from remote_court.hearings import case_queries
from remote_court.hearings.allow_own_device import allow_own_device, revoke_own_device
from remote_court.hearings.case_queries import PartyLine
from remote_court.hearings.enter_party import (
    Need,
    PartyDraft,
    UnknownOffice,
    correct_party,
    enter_party,
    leave,
)
from remote_court.hearings.entering import COURT
from remote_court.hearings.models import CourtCase
from remote_court.hearings.roles import Address, PartyRole, Site
from remote_court.hearings.who import Identity, NotKnownYet
from remote_court.identifiers import FidaCode, compact
from remote_court.people import Gender, queries
from remote_court.server.fields import Fields, Form
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id
from remote_court.server.people.lookups import looked_up
from remote_court.server.people.registration import nationality

router = chamber_router("/cases/{case_id}/parties")
FIELDS = (
    "national_id", "given_name", "family_name", "gender", "born_on", "nationality", "role",
    "language", "interpreter", "address", "protected", "site", "offices",
)  # fmt: skip


async def line_of(chamber: Chamber, case_id: int, party_id: int) -> tuple[CourtCase, PartyLine]:
    """Somebody who has a part in a case of the branch now.

    Raises:
        NotFound: nobody has this part, or the case is another branch's.
    """
    case = await chamber.case(case_id)
    for line in await case_queries.parties(chamber.work, case_id):
        if line.id == party_id:
            return case, line
    raise NotFound


async def form_page(
    chamber: Chamber,
    case: CourtCase,
    line: PartyLine | None = None,
    *,
    form: Fields | None = None,
    refusal: object = None,
    **more: object,
) -> Response:
    """The form of a part; the document's fields once nobody is known by the number."""
    return await chamber.page(
        "party_form",
        form=form,
        refusal=refusal,  # type: ignore[arg-type]
        case=case,
        line=line,
        unknown=isinstance(refusal, NotKnownYet) or bool(form and form.text("given_name")),
        typed=shown(line, form),
        needs=form.all("needs") if form else line.party.needs if line else (),
        **more,
    )


def shown(line: PartyLine | None, form: Fields | None) -> dict[str, str]:
    """What stands in the fields."""
    if form is not None:
        return {name: form.text(name) for name in FIELDS}
    empty = dict.fromkeys(FIELDS, "") | {"language": "fa", "address": "known", "site": "office"}
    if line is None:
        return empty
    party = line.party
    return empty | {
        "language": party.language,
        "interpreter": "1" if party.needs_interpreter else "",
        "address": party.address,
        "protected": "1" if party.protected else "",
        "site": party.site,
        "offices": " ".join(office["code"] for office in line.offices),
    }


async def draft_of(chamber: Chamber, form: Fields) -> PartyDraft | None:
    """The part as typed; none when something cannot be read."""
    site, address = form.read("site", Site), form.read("address", Address)
    codes = form.text("offices").replace("،", " ").replace(",", " ").split()
    codes = [compact(code) for code in codes]
    known = await case_queries.codes_of(chamber.work, codes)
    if not set(codes) <= set(known):
        form.refuse(UnknownOffice(where="offices"))
    if site is None or address is None or form.errors:
        return None
    return PartyDraft(
        language=form.text("language").lower() or "fa",
        needs_interpreter=bool(form.text("interpreter")),
        needs=tuple(need for need in Need if need in form.all("needs")),
        address=address,
        protected=bool(form.text("protected")),
        site=site,
        office_ids=tuple(dict.fromkeys(known[code] for code in codes)),
    )


def identity_of(form: Fields) -> Identity | None:
    """Who it is, as typed; names and dates only where they were filled in."""
    number = form.read("national_id", queries.identifier)
    gender = form.read("gender", Gender) if form.text("gender") else None
    born_on = form.read("born_on", jalali.read) if form.text("born_on") else None
    country = "IR"
    if isinstance(number, FidaCode) and form.text("nationality"):
        country = form.read("nationality", nationality) or country
    if number is None or form.errors:
        return None
    return Identity(
        number=number,
        given_name=" ".join(form.text("given_name").split()),
        family_name=" ".join(form.text("family_name").split()),
        gender=gender,
        born_on=born_on,
        nationality=country,
    )


@router.get("/new")
async def ask(chamber: ChamberDep, case_id: Id) -> Response:
    """Ask who, as what, and what they need."""
    return await form_page(chamber, await chamber.case(case_id))


@router.post("/new")
async def enter(chamber: ChamberDep, case_id: Id, form: Form, _key: Key) -> Response:
    """Enter the part; that somebody was looked for by number is written down."""
    case = await chamber.case(case_id)
    role, who = form.read("role", PartyRole), identity_of(form)
    draft = await draft_of(chamber, form)
    async with chamber.sent(form, partial(form_page, chamber, case)):
        if role is None or who is None or draft is None:
            raise Invalid
        known = await queries.person_by(chamber.work, who.number)
        at = COURT, chamber.branch.id, form.text("national_id")
        await looked_up(chamber.request, chamber.actor, *at, known.id if known else None)
        await enter_party(chamber.work, chamber.actor, case_id, who, role, draft, now=chamber.now)
    return chamber.go(f"/cases/{case_id}")


@router.get("/{party_id}")
async def ask_correction(chamber: ChamberDep, case_id: Id, party_id: Id) -> Response:
    """Show what is entered, to be corrected."""
    return await form_page(chamber, *await line_of(chamber, case_id, party_id))


@router.post("/{party_id}")
async def correct(
    chamber: ChamberDep, case_id: Id, party_id: Id, form: Form, _key: Key
) -> Response:
    """Correct it."""
    case, line = await line_of(chamber, case_id, party_id)
    draft = await draft_of(chamber, form)
    async with chamber.sent(form, partial(form_page, chamber, case, line)):
        if draft is None:
            raise Invalid
        await correct_party(chamber.work, chamber.actor, party_id, draft, now=chamber.now)
    return chamber.go(f"/cases/{case_id}")


@router.get("/{party_id}/leave")
async def ask_leave(chamber: ChamberDep, case_id: Id, party_id: Id) -> Response:
    """Ask whether somebody really has no part any more."""
    return await question(chamber, "party_leave", case_id, party_id)


async def question(
    chamber: Chamber, template: str, case_id: int, party_id: int, **more: object
) -> Response:
    """A page about one part."""
    case, line = await line_of(chamber, case_id, party_id)
    return await chamber.page(template, case=case, line=line, **more)  # type: ignore[arg-type]


@router.post("/{party_id}/leave")
async def leaves(chamber: ChamberDep, case_id: Id, party_id: Id, form: Form, _key: Key) -> Response:
    """Write it down."""
    page = partial(question, chamber, "party_leave", case_id, party_id)
    async with chamber.sent(form, page):
        await line_of(chamber, case_id, party_id)
        await leave(chamber.work, chamber.actor, party_id, now=chamber.now)
    return chamber.go(f"/cases/{case_id}")


@router.get("/{party_id}/own-device")
async def ask_own_device(chamber: ChamberDep, case_id: Id, party_id: Id) -> Response:
    """Show whether a judge has allowed a device of their own, and ask."""
    return await question(chamber, "own_device", case_id, party_id)


@router.post("/{party_id}/own-device")
async def order_own_device(
    chamber: ChamberDep, case_id: Id, party_id: Id, form: Form, _key: Key
) -> Response:
    """Allow it, or take it back."""
    order = revoke_own_device if form.text("revoke") else allow_own_device
    async with chamber.sent(form, partial(question, chamber, "own_device", case_id, party_id)):
        await line_of(chamber, case_id, party_id)
        await order(chamber.work, chamber.actor, party_id, now=chamber.now)
    return chamber.go(f"/cases/{case_id}")
