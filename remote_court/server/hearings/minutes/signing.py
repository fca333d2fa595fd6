"""The signers' page: read the closed minutes, ask for a code, sign with it, or refuse."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.errors import Invalid
from remote_court.hearings.minutes import sign as signing
from remote_court.hearings.minutes.access import Opened, look
from remote_court.hearings.minutes.draft import write
from remote_court.hearings.minutes.fingerprint import LARGEST, rewritten
from remote_court.hearings.minutes.models import MinutesSigner
from remote_court.hearings.minutes.order import Method, turn
from remote_court.hearings.minutes.record import names_of
from remote_court.hearings.minutes.refusals import FingerprintUnusable, NotFrozen
from remote_court.hearings.minutes.signer_keys import CourtKeys
from remote_court.people import Actor, codes, sign_in
from remote_court.people import queries as people
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.guards import Signed
from remote_court.server.hearings import words
from remote_court.server.hearings.minutes import words as minutes_words
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.pages import render
from remote_court.server.problems import Again

router = APIRouter(
    prefix="/hearings/{hearing_id}/minutes", include_in_schema=False, route_class=OnceRoute
)


@dataclass(frozen=True, slots=True)
class Line:
    """A signer as the page shows them, and what the reader may do for them now."""

    person_id: int
    name: str
    signer: MinutesSigner
    may_sign: bool
    may_refuse: bool

    @property
    def by_print(self) -> bool:
        """Whether a picture of a fingerprint is asked for."""
        return self.signer.method is Method.FINGERPRINT


async def lines_of(work: AsyncSession, opened: Opened, actor: Actor) -> list[Line]:
    """Everybody who signs, in their order."""
    names = await names_of(work, {one.person_id for one in opened.signers})
    now = turn(opened.signers)
    found = []
    for one in opened.signers:
        waits = one.part is now and not one.is_done
        may_sign = waits and signing.acts_for(opened, one, actor)
        may_refuse = waits and signing.may_note_refusal(opened, one, actor)
        found.append(Line(one.person_id, names[one.person_id], one, may_sign, may_refuse))
    return found


async def page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    hearing_id: int,
    *,
    form: Fields | None = None,
    sent: bool = False,
    shown: str = "",
) -> Response:
    """The closed minutes and who has signed them.

    Raises:
        NotFound, Forbidden, NotFrozen: as ``look``.
    """
    opened = await look(work, actor, hearing_id)
    if not opened.is_frozen:
        raise NotFrozen
    return render(
        request,
        "hearings/minutes_sign.html",
        status=422 if form and form.errors else 200,
        facts=opened.facts,
        minutes=opened.minutes,
        lines=await lines_of(work, opened, actor),
        errors=dict(form.errors) if form else {},
        typed=form.text if form else lambda _name: "",
        sent=sent,
        shown=shown,
        chosen=form.text("person") if form else "",
        words=words,
        mw=minutes_words,
        largest_kb=LARGEST // 1000,
    )


def person_of(form: Fields) -> int:
    """Whose signature a form is about.

    Raises:
        Invalid: it says nobody.
    """
    typed = form.text("person")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 19):  # noqa: PLR2004 - bigint
        raise Invalid(where="person")
    return int(typed)


@router.get("")
async def show(request: Request, hearing_id: Id, actor: Signed, work: Work) -> Response:
    """Show who has signed, and what the reader may do."""
    return await page(request, work, actor, hearing_id)


@router.post("/code")
async def send_code(
    request: Request,
    hearing_id: Id,
    actor: Signed,
    work: Work,
    site: SiteDep,
    now: Now,
    form: Form,
    _key: Key,
) -> Response:
    """Send the reader a code that is good for signing these minutes, and nothing else."""
    CourtKeys.read(site.settings.recording_keys())
    found = await signing.may_sign(work, actor, hearing_id, person_of(form))
    account = await people.account(work, actor.person_id)
    code = account.demo_code if account is not None else None
    if code is None:
        code = await codes.issue(work, actor.person_id, "minutes", site.key, now, found.sha256)
    signer = found.signer.person_id
    await write(work, found.opened, actor, "code_sent", now, person=signer)
    shown = code if site.settings.shows_codes else ""
    return await page(request, work, actor, hearing_id, form=form, sent=True, shown=shown)


@router.post("/sign")
async def signs(
    request: Request,
    hearing_id: Id,
    actor: Signed,
    work: Work,
    site: SiteDep,
    now: Now,
    form: Form,
    _key: Key,
) -> Response:
    """Sign; a wrong code counts, whatever becomes of the rest."""
    keys = CourtKeys.read(site.settings.recording_keys())
    try:
        person_id = person_of(form)
        found = await signing.may_sign(work, actor, hearing_id, person_id)
        picture = await fingerprint_of(form, found.signer)
        await sign_in.code(
            site.database,
            actor.person_id,
            form.text("code"),
            "minutes",
            site.key,
            now,
            found.sha256,
        )
        await signing.sign(work, actor, hearing_id, person_id, keys, now, picture)
    except Invalid as refusal:
        form.refuse(refusal)
        raise Again(await page(request, work, actor, hearing_id, form=form)) from refusal
    return RedirectResponse(f"/hearings/{hearing_id}/minutes", 303)


async def fingerprint_of(form: Fields, signer: MinutesSigner) -> bytes | None:
    """The picture that was sent, written anew; none where none is asked for.

    Raises:
        FingerprintUnusable: none was sent, or it cannot be used.
    """
    if signer.method is not Method.FINGERPRINT:
        return None
    sent = form.file("fingerprint")
    if sent is None:
        raise FingerprintUnusable(where="fingerprint")
    return rewritten(await sent.read(LARGEST + 1))


@router.post("/refuse")
async def refuses(
    request: Request, hearing_id: Id, actor: Signed, work: Work, now: Now, form: Form, _key: Key
) -> Response:
    """Write down that somebody does not sign, and why."""
    try:
        await signing.refuse(work, actor, hearing_id, person_of(form), form.text("reason"), now)
    except Invalid as refusal:
        form.refuse(refusal)
        raise Again(await page(request, work, actor, hearing_id, form=form)) from refusal
    return RedirectResponse(f"/hearings/{hearing_id}/minutes", 303)
