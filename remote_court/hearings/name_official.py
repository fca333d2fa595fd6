"""Headquarters enter interpreters, sign interpreters and experts, with their licences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid, NotFound
from remote_court.hearings.enter_party import LANGUAGE, BadLanguage
from remote_court.hearings.entering import Needed, written
from remote_court.hearings.officials import Official, OfficialKind
from remote_court.hearings.who import Identity, person_of
from remote_court.people import Actor, Role
from remote_court.places import Province

OFFICIAL = "official"
LICENCE_MOST = 40


class LicenceEntered(Conflict):
    """A licence of this kind and number is entered already."""


class LicenceOver(Invalid):
    """The licence ends before today."""


class UnknownProvince(Invalid):
    """There is no such province."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDraft:
    """What is entered of a licence; no provinces: they may be called anywhere."""

    kind: OfficialKind
    licence: str
    languages: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    valid_to: date | None = None


def check(draft: OfficialDraft, today: date) -> OfficialDraft:
    """Return the draft if it is whole.

    Raises:
        Needed: an interpreter without a language, or an expert without a field.
        BadLanguage: a language is no code of ISO 639.
        LicenceOver: it has ended.
    """
    if draft.kind is OfficialKind.INTERPRETER and not draft.languages:
        raise Needed(where="languages")
    if draft.kind is OfficialKind.EXPERT and not draft.fields:
        raise Needed(where="fields")
    if not all(LANGUAGE.fullmatch(code) for code in draft.languages):
        raise BadLanguage(where="languages")
    if draft.valid_to is not None and draft.valid_to < today:
        raise LicenceOver(where="valid_to")
    return draft


async def name_official(
    session: AsyncSession, actor: Actor, who: Identity, draft: OfficialDraft, *, now: datetime
) -> Official:
    """Enter a licence.

    Raises:
        Forbidden: the actor is not of headquarters.
        LicenceEntered: it is entered already.
        Invalid: a field is not right.
    """
    actor.need(Role.HQ_PLANNER)
    today = local(now).date()
    check(draft, today)
    licence = written(draft.licence, "licence", LICENCE_MOST)
    known = set(await session.scalars(select(Province.code)))
    if not set(draft.provinces) <= known:
        raise UnknownProvince(where="provinces")
    person = await person_of(session, who, today=today)
    row = insert(Official).values(
        person_id=person.id,
        kind=draft.kind,
        licence=licence,
        languages=list(draft.languages),
        fields=list(draft.fields),
        provinces=list(draft.provinces),
        valid_to=draft.valid_to,
        entered_by=actor.person_id,
        entered_at=now,
    )
    quiet = row.on_conflict_do_nothing(index_elements=["kind", "licence"])
    official_id = await session.scalar(quiet.returning(Official.id))
    if official_id is None:
        raise LicenceEntered
    await audit.record(session, now, _act(actor, "official.entered", official_id, kind=draft.kind))
    return await session.get_one(Official, official_id)


async def end_licence(
    session: AsyncSession, actor: Actor, official_id: int, *, last: date, now: datetime
) -> Official:
    """Write down the last day of a licence.

    Raises:
        NotFound: there is no such licence.
    """
    actor.need(Role.HQ_PLANNER)
    official = await session.get(Official, official_id, with_for_update=True)
    if official is None:
        raise NotFound
    official.valid_to = last
    await session.flush()
    act = _act(actor, "official.ended", official_id, last=last.isoformat())
    await audit.record(session, now, act)
    return official


def _act(actor: Actor, name: str, official_id: int, **detail: object) -> Act:
    return Act(
        name, OFFICIAL, official_id, actor_id=actor.person_id, role=Role.HQ_PLANNER, detail=detail
    )
