"""Headquarters' rules: what holds and why, a rule's history, and a change from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import audit, policy
from remote_court.audit import Act
from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid, NotFound
from remote_court.people import Actor, Role
from remote_court.places import queries as places
from remote_court.policy import Amendment, Citation, Rule, Rulebook, bounds
from remote_court.policy import queries as rows
from remote_court.policy.units import Unit
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.filters import Speech
from remote_court.server.guards import needs
from remote_court.server.hq import queries, rule_values
from remote_court.server.hq.rule_words import CONFIDENCE, GROUPS, NAMES, OTHER, WORDS
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.locale import gettext_for, locale_of
from remote_court.server.pages import render
from remote_court.server.problems import Again, said
from remote_court.text import normalise

planner = needs(Role.HQ_PLANNER)
Planner = Annotated[Actor, Depends(planner)]
RuleKey = Annotated[str, Path(max_length=100)]
router = APIRouter(
    prefix="/hq/rules",
    include_in_schema=False,
    dependencies=[Depends(planner)],
    route_class=OnceRoute,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the list shows it."""

    key: str
    name: str
    value: str
    source: str
    first: date
    province: str | None


@router.get("")
async def listing(
    request: Request, work: Work, now: Now, q: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """List what holds today, by what it is about."""
    book = await policy.rulebook(work)
    provinces = await places.province_names(work, locale_of(request))
    today = local(now).date()
    lines = [line(request, rule, provinces) for rule in book.rules if rule.holds_on(today)]
    words = normalise(q).split()
    found = [one for one in lines if all(word in searched(one) for word in words)]
    groups = {name: [one for one in found if group_of(one.key) == name] for name in group_names()}
    return render(
        request, "hq/rules.html", groups={name: of for name, of in groups.items() if of}, q=q
    )


def line(request: Request, rule: Rule, provinces: dict[str, str]) -> Line:
    """A rule in the reader's language."""
    speech = Speech(locale_of(request))
    return Line(
        rule.key,
        name_of(request, rule.key),
        rule_values.said(rule.value, rule.unit, speech),
        rule.citation.text(speech.locale),
        rule.first,
        provinces.get(rule.province) if rule.province else None,
    )


def searched(one: Line) -> str:
    """What the search looks at."""
    return normalise(f"{one.key} {one.name} {one.source} {one.value}")


def name_of(request: Request, key: str) -> str:
    """What a rule is called; one that came with no name keeps its key."""
    return gettext_for(locale_of(request))(NAMES.get(key, key))


def group_of(key: str) -> str:
    """The group a rule stands in."""
    return GROUPS.get(key.split(".", maxsplit=1)[0], OTHER)


def group_names() -> tuple[str, ...]:
    """The groups in the order of the page, each once."""
    return tuple(dict.fromkeys(GROUPS.values()))


def rule_on(book: Rulebook, key: str, day: date, province: str | None = None) -> Rule:
    """The rule in force on a day, or the one that comes next.

    Raises:
        NotFound: no rule has this name.
    """
    history = book.history(key)
    if not history:
        raise NotFound
    return book.at(day, province).rules.get(key) or history[0]


@router.get("/{rule}")
async def one(
    request: Request,
    rule: RuleKey,
    work: Work,
    now: Now,
    changed: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """Show a rule's values of all times."""
    today, locale = local(now).date(), locale_of(request)
    history = await rows.history(work, rule)
    if not history:
        raise NotFound
    speech = Speech(locale)
    return render(
        request,
        "hq/rule.html",
        key=rule,
        name=name_of(request, rule),
        history=[(row, rule_values.said(row.value, row.unit, speech)) for row in history],
        names=await queries.names(work, {row.entered_by for row in history if row.entered_by}),
        provinces=await places.province_names(work, locale),
        confidence=CONFIDENCE,
        today=today,
        changed=bool(changed),
    )


async def form_page(
    request: Request,
    work: AsyncSession,
    now: Now,
    key: str,
    form: Fields | None = None,
) -> Response:
    """The form for a change, filled with what holds today or with what was typed."""
    locale = locale_of(request)
    rule = rule_on(await policy.rulebook(work), key, local(now).date())
    held = rule_values.typed(rule.value, rule.unit, locale)
    return render(
        request,
        "hq/rule_amend.html",
        status=422 if form and form.errors else 200,
        key=key,
        name=name_of(request, key),
        unit=rule.unit,
        present=rule_values.said(rule.value, rule.unit, Speech(locale)),
        typed=form.text if form else lambda name: held.get(name, ""),
        chosen=form.all("value") if form else bounds.listed(rule.value),
        options=[(w, WORDS.get(w, w)) for w in bounds.vocabulary(key)],
        steps=bounds.STEPS.get(key, ()),
        limits=bounds.bounds(key) if key in bounds.BOUNDS else None,
        provinces=(await places.province_names(work, locale)).items(),
        errors=form.errors if form else {},
    )


@router.get("/{rule}/amend")
async def ask(request: Request, rule: RuleKey, work: Work, now: Now) -> Response:
    """Ask for the new value, its day and its source."""
    return await form_page(request, work, now, rule)


@router.post("/{rule}/amend")
async def amend(
    request: Request,
    rule: RuleKey,
    actor: Planner,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Show what changes; once it was seen, change it."""
    book = await policy.rulebook(work)
    today = rule_on(book, rule, local(now).date())
    if form.text("verb") == "correct":
        raise Again(await form_page(request, work, now, rule, form))
    wanted = read(form, rule, today.unit)
    try:
        if wanted is None:
            raise Invalid
        if wanted.province and wanted.province not in await places.province_names(work, "en"):
            raise Invalid(where="province")
        entered = await policy.amend(work, wanted, now, entered_by=actor.person_id)
    except (Invalid, Conflict) as refusal:
        note(request, form, refusal, complete=wanted is not None)
        raise Again(await form_page(request, work, now, rule, form)) from refusal
    before = book.at(wanted.first, wanted.province).rules.get(rule, today)
    if form.text("verb") != "confirm":
        # Tried in earnest, to show what would be; raising takes it all back.
        raise Again(await review(request, work, form, before, entered))
    await record(work, actor, now, before, entered)
    return RedirectResponse(f"/hq/rules/{rule}?changed=1", 303)


def note(request: Request, form: Fields, refusal: Invalid | Conflict, *, complete: bool) -> None:
    """Say what is wrong beside its field; what the fields said themselves stays."""
    if isinstance(refusal, Conflict):
        form.errors["first"] = said(request, refusal)
    elif complete:
        form.refuse(refusal)


def read(form: Fields, key: str, unit: Unit) -> Amendment | None:
    """The change as typed; none, with errors noted, when something is missing or wrong."""
    value = rule_values.read(form, unit)
    first = form.read("first", jalali.read)
    fa, en = form.read("citation_fa", str), form.read("citation_en", str)
    if value is None or first is None or fa is None or en is None:
        return None
    province, remark = form.text("province") or None, form.text("note") or None
    return Amendment(key, value, first, Citation(fa, en), province, note=remark)


async def review(
    request: Request, work: AsyncSession, form: Fields, before: Rule, entered: Rule
) -> Response:
    """What held, and what will."""
    locale = locale_of(request)
    speech = Speech(locale)
    single = ("most", "first", "citation_fa", "citation_en", "province", "note")
    kept: list[tuple[str, Any]] = [("value", one) for one in form.all("value")]
    return render(
        request,
        "hq/rule_check.html",
        key=entered.key,
        name=name_of(request, entered.key),
        before=before,
        after=entered,
        was=rule_values.said(before.value, before.unit, speech),
        becomes=rule_values.said(entered.value, entered.unit, speech),
        province=(await places.province_names(work, locale)).get(entered.province or ""),
        kept=kept + [(name, form.text(name)) for name in single if form.text(name)],
    )


async def record(work: AsyncSession, actor: Actor, now: Now, before: Rule, entered: Rule) -> None:
    """Write down who changed what to what, from which day on and by which source."""
    history = await rows.history(work, entered.key)
    row = next(
        row
        for row in history
        if (row.province_code, row.effective_from) == (entered.province, entered.first)
    )
    detail = {
        "key": entered.key,
        "was": before.value,
        "becomes": entered.value,
        "from": entered.first.isoformat(),
        "province": entered.province,
        "citation": entered.citation.en,
    }
    act = Act("policy.amended", "policy", row.id, actor.person_id, Role.HQ_PLANNER, detail=detail)
    await audit.record(work, now, act)
