"""The page of one's own account, and the set-up of a code generator."""

from __future__ import annotations

from datetime import datetime

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid
from remote_court.identifiers import Mobile
from remote_court.people import generator, prove, queries, vault
from remote_court.people.choose_channel import choose_channel
from remote_court.people.choose_language import choose_language
from remote_court.people.grants import STAFF
from remote_court.people.persons import Channel, Person
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Form
from remote_court.server.guards import Signed, SignedAnyhow
from remote_court.server.locale import locale_of, switch
from remote_court.server.pages import render
from remote_court.server.people.cookies import forget, sign_browser_in
from remote_court.server.people.places import held
from remote_court.server.problems import Again
from remote_court.server.site import Site

router = APIRouter(prefix="/account", include_in_schema=False)
SETTING_UP = "generator being set up"


@router.get("")
async def account(request: Request, actor: Signed, work: Work, now: Now) -> Response:
    """Show what is kept about the reader, and what they may change."""
    person = await queries.person(work, actor.person_id)
    kept = await queries.account(work, actor.person_id)
    assert kept is not None
    return render(
        request,
        "people/account.html",
        person=person,
        number=number(person),
        mobile=Mobile(person.mobile).local if person.mobile else None,
        verified=(await queries.verifications(work, actor.person_id))[:1],
        roles=await held(work, sorted(actor.grants, key=str), locale_of(request)),
        browsers=await queries.sessions_open(work, actor.person_id, now),
        generator=kept.totp_secret is not None,
        works=not actor.roles.isdisjoint(STAFF),
    )


def number(person: Person) -> str:
    """The number somebody signs in with."""
    return person.national_id or person.fida_code or ""


@router.post("/language")
async def language(request: Request, actor: Signed, form: Form, work: Work, now: Now) -> Response:
    """Write letters, and show pages, in the chosen language."""
    person = await choose_language(work, actor, form.text("locale"), now)
    forget(request, actor.person_id)
    return switch(request, person.locale, "/account")


@router.post("/channel")
async def channel(actor: Signed, form: Form, work: Work, now: Now) -> Response:
    """Tell the telephone by what was chosen."""
    chosen = form.text("channel")
    if chosen not in set(Channel):
        raise Invalid(where="channel")
    await choose_channel(work, actor, Channel(chosen), now)
    return RedirectResponse("/account", 303)


@router.get("/generator")
async def ask_generator(request: Request, actor: SignedAnyhow, site: SiteDep) -> Response:
    """Show a new secret as a QR code and as letters."""
    return await show(request, site, actor.person_id, generator.new_secret(), {})


async def show(
    request: Request, site: Site, person_id: int, secret: str, errors: dict[str, str]
) -> Response:
    """The page; the secret travels in it locked, and is kept once a code proved it."""
    replaces = await has_generator(site, person_id)
    address = generator.address(secret, f"{person_id}")
    drawn = segno.make(address, micro=False).svg_inline(scale=5, border=2, svgclass="qr")
    return render(
        request,
        "people/generator.html",
        status=422 if errors else 200,
        qr=Markup(drawn),  # noqa: S704 - drawn by us
        secret=secret,
        locked=vault.lock(site.key, SETTING_UP + str(person_id), secret, site.now()),
        errors=errors,
        replaces=replaces,
    )


async def has_generator(site: Site, person_id: int) -> bool:
    """Whether the person signs in by a generator now."""
    async with site.database.transaction() as session:
        kept = await queries.account(session, person_id)
    return kept is not None and kept.totp_secret is not None


async def prove_again(site: Site, person_id: int, typed: str, now: datetime) -> None:
    """Ask for what protects the account now: its generator, or else its password.

    Raises:
        CodeRefused, WrongPassword: it was not shown.
    """
    if await has_generator(site, person_id):
        await prove.by_generator(site.database, person_id, typed, site.key, now)
    else:
        await prove.by_password(site.database, person_id, typed, now)


@router.post("/generator")
async def set_generator(
    request: Request, actor: SignedAnyhow, form: Form, site: SiteDep, work: Work, now: Now
) -> Response:
    """Keep the secret once the new generator has shown a right code, and the present one too.

    Who has none yet shows their password. A browser left open is not enough to take an account.
    """
    locked, purpose = form.text("locked"), SETTING_UP + str(actor.person_id)
    secret = vault.unlock(site.key, purpose, locked, now, vault.HOUR)
    if secret is None:
        return RedirectResponse("/account/generator", 303)
    code, present = form.read("code", str), form.read(prove.FIELD, str)
    try:
        if code is not None and present is not None:
            generator.need_code_of(secret, code, now)
            await prove_again(site, actor.person_id, present, now)
            await generator.enrol(work, actor, secret, code, site.key, now)
    except Invalid as refusal:
        form.refuse(refusal, "code")
    if form.errors:
        raise Again(await show(request, site, actor.person_id, secret, form.errors))
    return await sign_browser_in(work, request, actor.person_id, "/account", now)
