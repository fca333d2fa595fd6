"""The clerk's page: the minutes are drafted, saved over the revision that was read, and closed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from starlette.responses import Response

from remote_court.errors import Conflict, Refusal
from remote_court.hearings.cast import Cast
from remote_court.hearings.diary_queries import SittingLine
from remote_court.hearings.minutes.access import Opened, is_time, look
from remote_court.hearings.minutes.draft import Draft, Section, save
from remote_court.hearings.minutes.freeze import freeze
from remote_court.hearings.minutes.record import Record, record_of
from remote_court.hearings.minutes.refusals import ChangedMeanwhile
from remote_court.hearings.minutes.roll import Called, Ticked, Verified, roll
from remote_court.server.fields import Fields, Form
from remote_court.server.filters import Speech
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.hearings.minutes import printed, template
from remote_court.server.hearings.minutes import words as minutes_words
from remote_court.server.hearings.minutes.record_lines import lines
from remote_court.server.hearings.sitting import sitting_of
from remote_court.server.idempotency import Key
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of

router = chamber_router("/hearings/{hearing_id}/minutes")


@dataclass(frozen=True, slots=True)
class Desk:
    """A sitting of the branch with its minutes and its record."""

    chamber: Chamber
    line: SittingLine
    opened: Opened
    record: Record

    @property
    def revision(self) -> int:
        """Over which a saving goes; 0: none yet."""
        return self.opened.minutes.revision if self.opened.minutes is not None else 0

    @property
    def called(self) -> list[Called]:
        """The roll as it is kept, or as the call suggests it."""
        kept = self.opened.minutes.roll if self.opened.minutes is not None else {}
        return list(roll(self.opened.facts, kept, self.record.connected))

    @property
    def sections(self) -> dict[str, str]:
        """The texts as they are kept, or as the template suggests them."""
        if self.opened.minutes is not None:
            return dict(self.opened.minutes.sections)
        speech = Speech(printed.COURTS_LANGUAGE)
        suggested = template.sections(self.line, self.opened.hearing, self.opened.facts, speech)
        return {section.value: text for section, text in suggested.items()}


async def desk_of(chamber: Chamber, hearing_id: int) -> Desk:
    """A sitting of the branch at the clerk's desk.

    Raises:
        NotFound, Forbidden: as ``look``, or it is another branch's.
    """
    line, _ = await sitting_of(chamber, hearing_id)
    opened = await look(chamber.work, chamber.actor, hearing_id)
    return Desk(chamber, line, opened, await record_of(chamber.work, opened.facts))


async def page(
    desk: Desk, *, form: Fields | None = None, refusal: Refusal | None = None
) -> Response:
    """The draft: as it is kept, or as it was typed when it was refused."""
    chamber, opened = desk.chamber, desk.opened
    sections = desk.sections
    called = desk.called
    if form is not None:
        sections = {section.value: form.long_text(section) for section in Section}
        ticked = roll_of(form, called)
        called = [replace_ticked(one, ticked[one.person_id]) for one in called]
    shown = await chamber.page(
        "minutes",
        form=form,
        refusal=refusal,
        theirs=desk.sections if isinstance(refusal, ChangedMeanwhile) else {},
        sitting=desk.line,
        mw=minutes_words,
        sections=sections,
        people=called,
        revision=desk.revision,
        record=lines(desk.record, opened.facts, Speech(locale_of(chamber.request))),
        writes=opened.cast is Cast.CLERK
        and not opened.is_frozen
        and await is_time(chamber.work, opened, chamber.now),
        frozen=opened.is_frozen,
    )
    if isinstance(refusal, Conflict):
        shown.status_code = 409
    return shown


async def page_anew(chamber: Chamber, hearing_id: int, **refused: Any) -> Response:
    """The page after a refusal, over what is kept now: somebody may have saved meanwhile."""
    return await page(await desk_of(chamber, hearing_id), **refused)


def replace_ticked(one: Called, ticked: Ticked) -> Called:
    """Somebody of the roll, ticked otherwise."""
    return Called(one.person_id, one.name, one.role, one.site, one.on_bench, ticked)


def roll_of(form: Fields, called: list[Called]) -> dict[int, Ticked]:
    """What was ticked for each."""
    found = {}
    for one in called:
        how = form.text(f"verified_{one.person_id}")
        found[one.person_id] = Ticked(
            bool(form.text(f"present_{one.person_id}")),
            Verified(how) if how in set(Verified) else None,
            bool(form.text(f"aloud_{one.person_id}")),
        )
    return found


def draft_of(form: Fields, called: list[Called]) -> Draft:
    """What the clerk sent."""
    revision = form.text("revision")
    return Draft(
        int(revision) if revision.isascii() and revision.isdecimal() else -1,
        {section: form.long_text(section) for section in Section},
        roll_of(form, called),
    )


@router.get("")
async def show(chamber: ChamberDep, hearing_id: Id) -> Response:
    """Show the draft, or lead on to the closed minutes."""
    return await page(await desk_of(chamber, hearing_id))


@router.post("")
async def keep(chamber: ChamberDep, hearing_id: Id, form: Form, _key: Key) -> Response:
    """Save the draft, and close the minutes where that was asked for."""
    desk = await desk_of(chamber, hearing_id)
    async with chamber.sent(form, partial(page_anew, chamber, hearing_id)):
        draft = draft_of(form, desk.called)
        minutes = await save(chamber.work, chamber.actor, hearing_id, draft, chamber.now)
        if not form.text("freeze"):
            return chamber.go(f"/hearings/{hearing_id}/minutes")
        called = list(roll(desk.opened.facts, minutes.roll, desk.record.connected))
        told = lines(desk.record, desk.opened.facts, Speech(printed.COURTS_LANGUAGE))
        made = await anyio.to_thread.run_sync(
            printed.pdf, desk.line, desk.opened.facts, minutes, called, told, chamber.now
        )
        await freeze(chamber.work, chamber.actor, hearing_id, minutes.revision, made, chamber.now)
    return chamber.go(f"/hearings/{hearing_id}/minutes")
