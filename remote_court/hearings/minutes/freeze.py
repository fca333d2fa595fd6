"""The minutes are closed: the document is kept with its hash, and those who sign are named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.errors import Reason, RuleRefused
from remote_court.hearings.bench import Bench
from remote_court.hearings.in_call import rule_of
from remote_court.hearings.in_call_facts import HearingFacts
from remote_court.hearings.letters import letter
from remote_court.hearings.minutes.access import locked, writing
from remote_court.hearings.minutes.draft import write
from remote_court.hearings.minutes.models import Minutes, MinutesSigner
from remote_court.hearings.minutes.order import ORDER, SIGNS, Method, Part, method_of
from remote_court.hearings.minutes.record import record_of
from remote_court.hearings.minutes.refusals import ChangedMeanwhile, FrozenAlready, Unverified
from remote_court.hearings.minutes.roll import Called, roll
from remote_court.hearings.roles import PartyRole, Seat
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor


async def freeze(
    session: AsyncSession,
    actor: Actor,
    hearing_id: int,
    revision: int,
    document: bytes,
    now: datetime,
) -> Minutes:
    """Close the minutes at a revision, of which ``document`` is the PDF; signing begins.

    Raises:
        NotFound, Forbidden, NoMinutesNow: as ``writing``.
        ChangedMeanwhile: another revision is there, or none.
        FrozenAlready: they are closed.
        Unverified, RuleRefused: as ``check``.
    """
    opened = await writing(session, actor, hearing_id, now)
    minutes = await locked(session, hearing_id)
    if minutes is None or minutes.revision != revision:
        raise ChangedMeanwhile
    if minutes.frozen_at is not None:
        raise FrozenAlready
    record = await record_of(session, opened.facts)
    called = list(roll(opened.facts, minutes.roll, record.connected))
    check(called, record.bench)
    minutes.document, minutes.sha256 = document, hashlib.sha256(document).hexdigest()
    minutes.frozen_by, minutes.frozen_at = actor.person_id, now
    await session.flush()
    rule = await rule_of(session, opened.facts)
    by_print = rule.flag("hearing.minutes.fingerprint_for_prisoner")
    chosen = list(signers(opened.facts, called, actor.person_id, by_print=by_print))
    session.add_all(chosen)
    await session.flush()
    await write(session, opened, actor, "frozen", now, sha256=minutes.sha256)
    told = [one.person_id for one in chosen if one.part in {Part.PARTY, Part.LAWYER}]
    await outbox.put(session, *(letter(MessageKind.MINUTES, who, hearing_id, now) for who in told))
    return minutes


def check(called: Sequence[Called], bench: Bench) -> None:
    """Go on only where the roll is whole.

    Raises:
        Unverified: of somebody present it is not said how they were verified.
        RuleRefused: the judges ticked as present are no quorum.
    """
    seats = [Seat(one.role) for one in called if one.on_bench and one.ticked.present]
    if not bench.is_quorate(seats):
        values = {"here": len(seats), "quorum": bench.quorum}
        raise RuleRefused(
            [
                Reason(
                    "not-quorate",
                    "Of the bench %(here)s are here; a session opens with %(quorum)s.",
                    bench.rule,
                    values,
                )
            ]
        )
    for one in called:
        if one.ticked.present and not one.on_bench and one.ticked.verified is None:
            raise Unverified(where=f"verified_{one.person_id}")


def signers(
    facts: HearingFacts, called: Iterable[Called], clerk_id: int, *, by_print: bool
) -> Iterator[MinutesSigner]:
    """Who signs: those present whose part signs, the clerk, and the judges who sat."""
    chosen = {
        one.person_id: (Part.JUDGE if one.on_bench else SIGNS[PartyRole(one.role)], one)
        for one in called
        if one.ticked.present and (one.on_bench or PartyRole(one.role) in SIGNS)
    }
    found = [
        signer(facts, one, part, by_print=by_print)
        for part, one in sorted(chosen.values(), key=lambda pair: ORDER.index(pair[0]))
    ]
    clerk = MinutesSigner(
        hearing_id=facts.id, person_id=clerk_id, part=Part.CLERK, role="clerk", method=Method.OWN
    )
    yield from (one for one in found if one.person_id != clerk_id)
    yield clerk


def signer(facts: HearingFacts, one: Called, part: Part, *, by_print: bool) -> MinutesSigner:
    """Somebody of the roll as a signer."""
    attends = facts.part(one.person_id)
    return MinutesSigner(
        hearing_id=facts.id,
        person_id=one.person_id,
        part=part,
        role=one.role,
        method=method_of(one.site, aloud=one.ticked.aloud, by_print=by_print),
        place_id=attends.place_id if attends is not None else None,
    )
