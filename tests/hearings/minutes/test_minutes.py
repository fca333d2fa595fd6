"""Minutes are written by the clerk alone, closed once, and signed by each in their turn."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court import outbox
from remote_court.audit.entries import AuditEntry
from remote_court.errors import Forbidden, NotFound, RuleRefused
from remote_court.hearings.minutes.access import look
from remote_court.hearings.minutes.access import signers_of as awaited
from remote_court.hearings.minutes.copy import file_of
from remote_court.hearings.minutes.draft import save
from remote_court.hearings.minutes.freeze import freeze
from remote_court.hearings.minutes.models import Minutes, SignerKey
from remote_court.hearings.minutes.order import Method, Part
from remote_court.hearings.minutes.refusals import (
    ChangedMeanwhile,
    FingerprintUnusable,
    FrozenAlready,
    KeysNotSet,
    NoMinutesNow,
    NotFrozen,
    NotTheirTurn,
    SignedAlready,
    Unverified,
    WhyRefused,
)
from remote_court.hearings.minutes.roll import Ticked, Verified
from remote_court.hearings.minutes.sign import refuse, sign
from remote_court.hearings.minutes.signer_keys import CourtKeys, public_keys
from remote_court.hearings.minutes.trust import Trust, write
from remote_court.hearings.minutes.verify import verify
from remote_court.hearings.models import Hearing
from tests.hearings.full_cast import SittingScene, make_sitting
from tests.hearings.minutes.desk import HERE, KEYS, PAGE, draft, frozen, signers_of, under_way
from tests.world import World


@pytest_asyncio.fixture
async def scene(village: World) -> SittingScene:
    return await under_way(await make_sitting(village))


def prints(scene: SittingScene, person_id: int) -> bytes | None:
    return b"\x89PNG" if person_id == scene.accused.person_id else None


async def give(scene: SittingScene, who, person_id: int, keys: CourtKeys = KEYS):
    picture = prints(scene, person_id)
    return await sign(scene.session, who, scene.hearing_id, person_id, keys, scene.start, picture)


async def test_only_the_clerk_writes_and_only_over_what_was_read(scene):
    here = (scene.session, scene.clerk, scene.hearing_id)
    for stranger, refusal in (
        (scene.president, Forbidden),
        (scene.own(scene.witnesses[0]), Forbidden),
        (scene.own(scene.lawyer), NotFrozen),
        (scene.officer, NotFrozen),
    ):
        with pytest.raises(refusal):
            await save(scene.session, stranger, scene.hearing_id, draft(scene), scene.start)
    first = await save(*here, draft(scene), scene.start)
    assert (first.revision, first.sections["opening"]) == (1, "")
    with pytest.raises(ChangedMeanwhile):
        await save(*here, draft(scene, 0), scene.start)
    assert (await save(*here, draft(scene, 1), scene.start)).revision == 2


async def test_minutes_are_written_during_the_session_and_for_a_while_after(scene):
    here = (scene.session, scene.clerk, scene.hearing_id)
    hearing = await scene.session.get_one(Hearing, scene.hearing_id)
    hearing.ended_at = scene.start
    await scene.session.flush()
    late = scene.start + timedelta(minutes=240)
    await save(*here, draft(scene), late - timedelta(seconds=1))
    with pytest.raises(NoMinutesNow):
        await save(*here, draft(scene, 1), late)


async def test_before_the_session_there_is_nothing_to_write(village):
    scene = await make_sitting(village)
    with pytest.raises(NoMinutesNow):
        await save(scene.session, scene.clerk, scene.hearing_id, draft(scene), scene.start)


async def test_they_are_closed_once_with_a_quorum_and_everybody_verified(scene):
    here = (scene.session, scene.clerk, scene.hearing_id)
    await save(*here, draft(scene, 0, lawyer=Ticked(True)), scene.start)
    with pytest.raises(Unverified):
        await freeze(*here, 1, PAGE, scene.start)
    await save(*here, draft(scene, 1, second=Ticked(False)), scene.start)
    with pytest.raises(RuleRefused):
        await freeze(*here, 2, PAGE, scene.start)
    await save(*here, draft(scene, 2), scene.start)
    with pytest.raises(ChangedMeanwhile):
        await freeze(*here, 2, PAGE, scene.start)
    await freeze(*here, 3, PAGE, scene.start)
    with pytest.raises(FrozenAlready):
        await freeze(*here, 3, PAGE, scene.start)
    with pytest.raises(FrozenAlready):
        await save(*here, draft(scene, 3), scene.start)


async def test_who_signs_is_who_was_there_each_in_their_way(scene):
    await frozen(scene)
    found = [
        (s.person_id, s.part, s.method) for s in await awaited(scene.session, scene.hearing_id)
    ]
    assert found == [
        (scene.accused.person_id, Part.PARTY, Method.FINGERPRINT),
        (scene.lawyer.person_id, Part.LAWYER, Method.OWN),
        (scene.clerk.person_id, Part.CLERK, Method.OWN),
        (scene.president.person_id, Part.JUDGE, Method.OWN),
        (scene.second.person_id, Part.JUDGE, Method.OWN),
    ]
    query = select(outbox.OutboxRow.payload).where(outbox.OutboxRow.topic == outbox.LETTER)
    told = [p["person_id"] for p in await scene.session.scalars(query) if p["kind"] == "minutes"]
    assert sorted(told) == sorted([scene.accused.person_id, scene.lawyer.person_id])


async def test_at_each_step_only_they_whose_turn_it_is_sign(scene):
    await frozen(scene)
    steps = signers_of(scene)
    for number, (who, person_id) in enumerate(steps):
        for other, signer in steps[number + 1 :]:
            if signer == scene.president.person_id and person_id == scene.second.person_id:
                continue  # judges sign in any order
            with pytest.raises(NotTheirTurn):
                await give(scene, other, signer)
        for actor, _ in steps:
            if actor is not who:
                with pytest.raises(Forbidden):
                    await give(scene, actor, person_id)
        await give(scene, who, person_id)
        with pytest.raises(SignedAlready):
            await give(scene, who, person_id)
    minutes = await scene.session.get_one(Minutes, scene.hearing_id)
    assert minutes.completed_at == scene.start


async def test_a_prisoners_signature_needs_the_picture_and_the_prison(scene):
    await frozen(scene)
    accused = scene.accused.person_id
    with pytest.raises(FingerprintUnusable):
        await sign(scene.session, scene.officer, scene.hearing_id, accused, KEYS, scene.start)
    with pytest.raises(Forbidden):
        await give(scene, scene.own(scene.accused), accused)


async def test_who_cannot_read_is_attested_by_the_clerk(scene):
    await frozen(scene, lawyer=Ticked(True, Verified.CARD, aloud=True))
    await give(scene, scene.officer, scene.accused.person_id)
    with pytest.raises(Forbidden):
        await give(scene, scene.own(scene.lawyer), scene.lawyer.person_id)
    signed = await give(scene, scene.clerk, scene.lawyer.person_id)
    assert (signed.method, signed.by_id) == (Method.READ_ALOUD, scene.clerk.person_id)


async def test_a_refusal_needs_a_reason_and_lets_the_others_go_on(scene):
    await frozen(scene)
    here = (scene.session, scene.clerk, scene.hearing_id, scene.accused.person_id)
    with pytest.raises(WhyRefused):
        await refuse(*here, "  ", scene.start)
    with pytest.raises(Forbidden):
        await refuse(scene.session, scene.second, *here[2:], "نه", scene.start)
    await refuse(*here, "متن را نپذیرفت", scene.start)
    with pytest.raises(SignedAlready):
        await give(scene, scene.officer, scene.accused.person_id)
    await give(scene, scene.own(scene.lawyer), scene.lawyer.person_id)


async def test_a_witness_reads_nothing_and_a_stranger_signs_nothing(scene):
    await frozen(scene)
    for person in (scene.own(scene.witnesses[0]), scene.stranger):
        with pytest.raises(Forbidden):
            await look(scene.session, person, scene.hearing_id)
    with pytest.raises(NotFound):
        await give(scene, scene.clerk, scene.stranger.person_id)


async def test_without_the_courts_keys_nobody_signs(scene):
    with pytest.raises(KeysNotSet):
        CourtKeys.read(None)
    await frozen(scene)
    await give(scene, *signers_of(scene)[0])
    other = CourtKeys.read(("33" * 32, "22" * 32))
    kept = await scene.session.get_one(SignerKey, scene.officer.person_id)
    assert kept.master == KEYS.master.name
    await give(scene, *signers_of(scene)[1], keys=other)  # a new signer's key is wrapped anew
    await give(scene, *signers_of(scene)[2])
    with pytest.raises(KeysNotSet):
        await refuse_then_sign_with(scene, other)


async def refuse_then_sign_with(scene: SittingScene, keys: CourtKeys) -> None:
    """A judge whose key another master wraps."""
    from remote_court.hearings.minutes.signer_keys import key_of

    await key_of(scene.session, scene.second.person_id, KEYS.master, scene.start)
    await give(scene, scene.second, scene.second.person_id, keys)


async def test_the_one_file_proves_itself_and_every_act_is_in_the_record(scene):
    await frozen(scene, lawyer=HERE)
    await refuse(
        scene.session, scene.clerk, scene.hearing_id, scene.accused.person_id, "نه", scene.start
    )
    for who, person_id in signers_of(scene)[1:]:
        await give(scene, who, person_id)
    file = await file_of(scene.session, scene.own(scene.lawyer), scene.hearing_id, KEYS)
    assert file.startswith(PAGE)
    trust = Trust.read(write(KEYS.seal.public, await public_keys(scene.session)))
    verdict = verify(file, trust)
    assert verdict.findings == ()
    assert [one["state"] for one in verdict.signers] == ["refused", *["signed"] * 4]
    query = select(AuditEntry.act).where(AuditEntry.act.startswith("minutes."))
    acts = list(await scene.session.scalars(query.order_by(AuditEntry.id)))
    assert acts == [
        "minutes.saved",
        "minutes.frozen",
        "minutes.refused",
        *["minutes.signed"] * 4,
        "minutes.completed",
    ]
