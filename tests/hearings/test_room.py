"""The course of a session: quorum, calling in, witnesses apart, talks aside, closed doors."""

from __future__ import annotations

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court.audit.entries import AuditEntry
from remote_court.calls import stations, supervise
from remote_court.calls.admit import admit
from remote_court.calls.models import CallEntry, CallStatus
from remote_court.calls.plan import plan
from remote_court.calls.refusals import NotYetOpen
from remote_court.errors import Forbidden, Invalid, NotFound, RuleRefused, WrongState
from remote_court.hearings import room, room_view
from remote_court.hearings.cast import ASIDE, CHAMBER, HELD, LOBBY, WITNESS_ROOM
from remote_court.hearings.models import Hearing, HearingPart
from remote_court.hearings.powers import Power
from remote_court.hearings.roles import Site
from remote_court.scheduling.models import Session
from tests.hearings.full_cast import MINUTE, SittingScene, make_sitting
from tests.world import World


@pytest_asyncio.fixture
async def scene(village: World) -> SittingScene:
    return await make_sitting(village)


async def opened(scene: SittingScene) -> SittingScene:
    await scene.bench_comes(scene.president, scene.second)
    for party in (scene.accused, scene.lawyer, *scene.witnesses):
        await scene.party_comes(party)
    await room.open_session(scene.session, scene.president, scene.hearing_id, scene.start)
    return scene


async def where(scene: SittingScene, person_id: int) -> str | None:
    view = await room_view.view(scene.session, scene.clerk, scene.hearing_id)
    return next(one.station for one in view.people if one.id == person_id)


async def test_two_of_three_open_and_one_cannot(scene):
    await scene.bench_comes(scene.president)
    with pytest.raises(RuleRefused) as refused:
        await room.open_session(scene.session, scene.president, scene.hearing_id, scene.start)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.citation) == ("not-quorate", "quorum.criminal_one.min")
    assert reason.values == {"here": 1, "quorum": 2}
    await scene.bench_comes(scene.second)
    standing = await room.open_session(
        scene.session, scene.president, scene.hearing_id, scene.start
    )
    assert standing.status is CallStatus.LIVE
    assert (await scene.session.get(Session, scene.hearing_id)).status == "in_progress"


async def test_without_the_president_the_senior_member_presides(scene):
    await scene.bench_comes(scene.second, scene.third)
    with pytest.raises(Forbidden):
        await room.open_session(scene.session, scene.third, scene.hearing_id, scene.start)
    standing = await room.open_session(scene.session, scene.second, scene.hearing_id, scene.start)
    assert standing.status is CallStatus.LIVE
    with pytest.raises(Forbidden):  # who presides is there; the president is not
        await room.close_doors(
            scene.session, scene.president, scene.hearing_id, "family", scene.start
        )


async def test_it_does_not_open_by_itself_or_early_or_twice(scene):
    await scene.bench_comes(scene.president, scene.second)
    assert (await scene.come(scene.clerk, scene.clerk.person_id, "clerk", scene.start)).status is (
        CallStatus.WAITING
    )
    with pytest.raises(NotYetOpen):
        await room.open_session(
            scene.session, scene.president, scene.hearing_id, scene.start - MINUTE
        )
    await room.open_session(scene.session, scene.president, scene.hearing_id, scene.start)
    with pytest.raises(WrongState):
        await room.open_session(scene.session, scene.president, scene.hearing_id, scene.start)


async def test_a_provisional_one_opens_only_if_who_was_not_served_is_there(scene):
    (await scene.session.get(Session, scene.hearing_id)).status = "provisional"
    await scene.court.serve(scene.hearing_id, scene.lawyer.person_id, scene.start - 1_000 * MINUTE)
    await scene.bench_comes(scene.president, scene.second)
    with pytest.raises(RuleRefused) as refused:
        await room.open_session(scene.session, scene.president, scene.hearing_id, scene.start)
    assert [r.code for r in refused.value.reasons] == ["not-served"]
    await scene.party_comes(scene.accused)
    assert await room.open_session(scene.session, scene.president, scene.hearing_id, scene.start)


async def test_parties_wait_until_they_are_called(scene):
    await opened(scene)
    assert await where(scene, scene.accused.person_id) == LOBBY
    await room.admit(scene.session, scene.clerk, scene.hearing_id, [], scene.start)
    assert await where(scene, scene.accused.person_id) == "party"
    assert await where(scene, scene.lawyer.person_id) == "lawyer"
    for witness in scene.witnesses:  # all who wait are called, but for witnesses
        assert await where(scene, witness.person_id) == WITNESS_ROOM
    await room.send_out(
        scene.session, scene.president, scene.hearing_id, scene.accused.person_id, scene.start
    )
    assert await where(scene, scene.accused.person_id) == LOBBY


async def test_two_witnesses_never_meet_and_the_log_proves_it(scene):
    await opened(scene)
    one, two = (w.person_id for w in scene.witnesses)
    at, ids = scene.start, (scene.session, scene.president, scene.hearing_id)
    with pytest.raises(room.AnotherWitness):
        await room.admit(*ids, [one, two], at)
    await room.admit(*ids, [one], at)
    with pytest.raises(room.AnotherWitness):
        await room.admit(*ids, [two], at + MINUTE)
    await room.send_out(*ids, one, at + 5 * MINUTE)
    assert await where(scene, one) == HELD
    await room.admit(*ids, [two], at + 5 * MINUTE)
    await room.send_out(*ids, two, at + 9 * MINUTE)
    await room.release(*ids, one, at + 10 * MINUTE)
    stays = await stations.stays(scene.session, scene.hearing_id)
    heard = [
        (stay.person_id, stay.since, stay.until) for stay in stays if stay.station == "witness"
    ]
    assert [person for person, _, _ in heard] == [one, two]
    assert heard[0][2] is not None
    assert heard[0][2] <= heard[1][1]
    entries = await scene.session.scalars(
        select(CallEntry.withdrawn_at).where(CallEntry.person_id == one)
    )
    assert all(entries)


async def test_nothing_passes_between_stations_that_are_not_the_room(scene):
    frame = (await plan(scene.session, scene.hearing_id)).frame
    for pairs in (frame.hears, frame.sees):
        stations_of = {station for pair in pairs for station in pair}
        assert not stations_of & {LOBBY, WITNESS_ROOM, HELD}
        for private in (CHAMBER, *ASIDE):
            assert {pair for pair in pairs if private in pair} == {(private, private)}
        assert not any(sender == "observer" for _, sender in pairs)
    assert frame.unrecorded == {CHAMBER, *ASIDE}


async def test_a_lawyer_and_the_client_talk_alone(scene):
    await opened(scene)
    lawyer, client = scene.lawyer.person_id, scene.accused.person_id
    witness = scene.witnesses[0].person_id
    ids = (scene.session, scene.president, scene.hearing_id)
    await room.aside(*ids, lawyer, client, scene.start)
    assert {await where(scene, lawyer), await where(scene, client)} == {ASIDE[0]}
    with pytest.raises(room.NoClient):
        await room.aside(*ids, witness, client, scene.start)
    await room.come_back(*ids, lawyer, scene.start)
    assert (await where(scene, lawyer), await where(scene, client)) == ("lawyer", "party")
    with pytest.raises(WrongState):
        await room.come_back(*ids, lawyer, scene.start)


async def test_the_judge_asks_a_prisoner_alone_and_only_the_fact_is_written(scene):
    await opened(scene)
    ids = (scene.session, scene.president, scene.hearing_id)
    await room.chamber(*ids, scene.accused.person_id, scene.start)
    assert await where(scene, scene.president.person_id) == CHAMBER
    with pytest.raises(Invalid):
        await room.chamber(*ids, scene.lawyer.person_id, scene.start)
    rows = await scene.session.scalars(
        select(AuditEntry.detail).where(
            AuditEntry.act == "hearing.chamber", AuditEntry.subject_id == scene.hearing_id
        )
    )
    assert all(set(detail) == {"person", "station"} for detail in rows)


async def test_who_watches_is_put_out_when_the_doors_close_and_stays_out(scene):
    await opened(scene)
    entry = await admit(scene.session, scene.stranger, "observer", scene.hearing_id, scene.start)
    assert entry.ticket.role == "observer"
    ids = (scene.session, scene.president, scene.hearing_id)
    with pytest.raises(Invalid):
        await room.close_doors(*ids, "because", scene.start)
    await room.close_doors(*ids, "chastity_or_morals", scene.start)
    row = await scene.session.get(CallEntry, int(entry.ticket.entry), populate_existing=True)
    assert row.withdrawn_at is not None
    with pytest.raises(NotFound):
        await admit(scene.session, scene.stranger, "observer", scene.hearing_id, scene.start)
    assert (await scene.session.get(Hearing, scene.hearing_id)).closed_reason
    await room.open_doors(*ids, scene.start)
    assert await admit(scene.session, scene.stranger, "observer", scene.hearing_id, scene.start)


async def test_no_more_watch_than_may_and_they_keep_nobody_out(scene, village):
    await opened(scene)
    for number in range(20):
        watcher = scene.court.world.actor(await village.person("ناظر", f"شماره {number}"))
        await scene.come(watcher, watcher.person_id, "observer", scene.start)
    with pytest.raises(RuleRefused) as refused:
        await admit(scene.session, scene.stranger, "observer", scene.hearing_id, scene.start)
    assert [r.citation for r in refused.value.reasons] == ["hearing.observers_max"]
    frame = (await plan(scene.session, scene.hearing_id)).frame
    assert frame.headcount >= 20 + len(scene.witnesses) + 8
    assert await admit(scene.session, watcher, "observer", scene.hearing_id, scene.start)


async def test_a_session_that_ends_was_held_and_one_that_never_opened_was_not(scene):
    await opened(scene)
    await supervise.end(
        scene.session, scene.president, scene.hearing_id, "پایان", scene.start + 9 * MINUTE
    )
    assert (await scene.session.get(Session, scene.hearing_id)).status == "held"
    stays = await stations.stays(scene.session, scene.hearing_id)
    assert all(stay.until is not None for stay in stays)


@pytest.mark.parametrize("power", sorted(set(Power) - {Power.HELP}))
async def test_a_power_is_nobody_elses(scene, power):
    await opened(scene)
    for actor in (scene.own(scene.lawyer), scene.officer, scene.stranger, scene.third):
        with pytest.raises((Forbidden, NotFound)):
            await room.sitting(scene.session, actor, scene.hearing_id, power, scene.start)
    assert await room.sitting(scene.session, scene.president, scene.hearing_id, power, scene.start)


@pytest.mark.parametrize(
    ("who", "role", "error"),
    [
        ("president", "presiding_judge", None),
        ("second", "associate_judge", None),
        ("second", "presiding_judge", Forbidden),
        ("clerk", "clerk", None),
        ("officer", "party", None),
        ("officer", "guard", None),
        ("officer", "clerk", Forbidden),
        ("stranger", "observer", None),
        ("stranger", "party", Forbidden),
        ("lawyer", "lawyer", None),
        ("lawyer", "party", Forbidden),
        ("lawyer", "observer", Forbidden),
    ],
)
async def test_each_enters_only_as_what_they_are(scene, who, role, error):
    found = getattr(scene, who)
    asker = scene.own(found) if who == "lawyer" else found
    if error is None:
        entry = await admit(scene.session, asker, role, scene.hearing_id, scene.start)
        assert entry.ticket.role == role
    else:
        with pytest.raises(error):
            await admit(scene.session, asker, role, scene.hearing_id, scene.start)


async def test_the_booths_device_speaks_for_the_prisoner_alone(scene):
    device = await scene.booth()
    entry = await admit(scene.session, device, "party", scene.hearing_id, scene.start)
    assert entry.ticket.person_id == str(scene.accused.person_id)
    with pytest.raises(Forbidden):
        await admit(scene.session, device, "observer", scene.hearing_id, scene.start)


async def test_from_an_office_nobody_enters_by_an_account_of_their_own(scene, village):
    part = await scene.session.get(HearingPart, (scene.hearing_id, scene.lawyer.id))
    part.site, part.place_id = Site.OFFICE, village.office.id
    await scene.session.flush()
    with pytest.raises(Forbidden):
        await admit(scene.session, scene.own(scene.lawyer), "lawyer", scene.hearing_id, scene.start)
