"""Many hands at once, on real connections: who wins, who loses, and that nobody gets a 500."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, text

from remote_court import policy
from remote_court.calendars.interval import Interval
from remote_court.errors import Conflict, Refusal, RuleRefused
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation, Session
from remote_court.visits import kinship_entry
from remote_court.visits.book import book
from remote_court.visits.cancel import cancel
from remote_court.visits.decide import Approval, RequestLapsed, approve
from remote_court.visits.displace import Closing, close
from remote_court.visits.kinships import Kinship, KinshipKind
from remote_court.visits.models import Visit
from remote_court.visits.move import Target, confirm, move
from remote_court.visits.permits import PermitIssuer
from remote_court.visits.request import Request
from tests.world import FREE_START, World, make_world

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HALF_HOUR = timedelta(minutes=30)
APPROVAL = Approval(PermitIssuer.PRISON_WARDEN, "۱۲")
OVERLAPS = text(
    """
    SELECT count(*) FROM reservation a JOIN reservation b
        ON a.resource_id = b.resource_id AND a.session_id < b.session_id AND a.during && b.during
    """
)
WITHOUT_PLACES = text(
    """
    SELECT count(*) FROM visit v JOIN session s ON s.id = v.id
    WHERE s.status = 'booked' AND 3 + (SELECT count(*) FROM visit_visitor w WHERE w.visit_id = v.id)
        <> (SELECT count(*) FROM reservation r WHERE r.session_id = v.id)
    """
)


@dataclass
class Town:
    """What stands in a committed database, and people who act there, each by a connection."""

    database: object
    world: World
    rule: policy.Policy
    now: object

    def request(self, person, inmate, **changes) -> Request:
        values = {
            "inmate_id": inmate.id,
            "office_id": self.world.office.id,
            "starts_at": FREE_START,
            "visitor_ids": (person.id,),
            "booked_for": person.id,
        }
        return Request(**(values | changes))

    async def attempt(self, act) -> str:
        """Run a use case in a transaction of its own; return what became of it."""
        try:
            async with self.database.transaction() as session:
                await act(session)
        except RuleRefused as refused:
            return ",".join(reason.code for reason in refused.reasons)
        except Refusal as refusal:
            return refusal.code
        return "done"

    async def book(self, person, inmate, now=None, **changes) -> str:
        request = self.request(person, inmate, **changes)
        actor = self.world.actor(person)
        return await self.attempt(lambda s: book(s, actor, request, now or self.now, self.rule))

    async def made(self, person, inmate, **changes) -> int:
        async with self.database.transaction() as session:
            request = self.request(person, inmate, **changes)
            booked = await book(session, self.world.actor(person), request, self.now, self.rule)
            return booked.id

    async def couples(self, count: int, kind=KinshipKind.MOTHER):
        """Inmates of the prison, each with one visitor."""
        async with self.database.transaction() as session:
            self.world.session = session
            inmates = [await self.world.another_inmate() for _ in range(count)]
            return [(await self.world.relative(kind, inmate=i), i) for i in inmates]

    async def prove(self) -> None:
        """Nothing overlaps, and whatever is booked has all its places."""
        async with self.database.sessions() as session:
            assert await session.scalar(OVERLAPS) == 0
            assert await session.scalar(WITHOUT_PLACES) == 0

    async def statuses(self) -> Counter:
        async with self.database.sessions() as session:
            query = select(Session.status).where(Session.kind == "visit")
            return Counter(await session.scalars(query))


async def town(database, now, **size) -> Town:
    async with database.transaction() as session:
        world = await make_world(session, **size)
        rule = await policy.current(session, FREE_START.date())
    return Town(database, world, rule, now)


async def test_the_weekly_allowance_raced_from_five_days_is_had_once(database, noon):
    here = await town(database, noon)
    mother, inmate = here.world.mother, here.world.inmate
    days = [FREE_START + n * DAY for n in (-1, 0, 1, 2, 3)]
    said = await asyncio.gather(*(here.book(mother, inmate, starts_at=day) for day in days))
    assert sorted(said) == ["allowance-used"] * 4 + ["done"]
    await here.prove()


async def test_two_relatives_who_race_for_one_inmates_week_do_not_both_get_it(database, noon):
    here = await town(database, noon)
    async with database.transaction() as session:
        here.world.session = session
        brothers = [await here.world.relative(KinshipKind.SIBLING) for _ in range(6)]
    tries = [
        here.book(one, here.world.inmate, starts_at=FREE_START + (n % 5) * DAY)
        for n, one in enumerate(brothers)
    ]
    said = Counter(await asyncio.gather(*tries))
    assert said["done"] == 1
    assert set(said) <= {"done", "allowance-used", "slot-taken"}
    await here.prove()


async def test_a_full_morning_is_filled_to_the_last_place_and_not_beyond(database, noon):
    here = await town(database, noon, rooms=3, booths=2)
    couples = await here.couples(24)
    starts = [FREE_START + n * HALF_HOUR for n in range(3)]
    tries = [here.book(*who, starts_at=starts[n % 3]) for n, who in enumerate(couples)]
    said = Counter(await asyncio.gather(*tries))
    assert said == {"done": 3 * 2, "slot-taken": 18}
    await here.prove()


async def test_closing_a_room_while_it_is_being_booked_loses_nothing(database, noon):
    here = await town(database, noon, rooms=2, booths=8)
    couples = await here.couples(10)
    first = here.world.rooms[0]
    closing = Closing(
        here.world.office.id, (first.id,), Interval.lasting(FREE_START, 8 * HALF_HOUR), "تعمیر"
    )
    shut = here.attempt(lambda s: close(s, here.world.manager, closing, noon))
    tries = [
        here.book(*who, starts_at=FREE_START + (n % 2) * HALF_HOUR) for n, who in enumerate(couples)
    ]
    said = await asyncio.gather(*tries[:4], shut, *tries[4:])
    assert said[4] == "done"
    statuses = await here.statuses()
    assert statuses["booked"] == 2
    assert sum(statuses.values()) == said.count("done") - 1
    async with database.sessions() as session:
        stand = select(Visit.room_id).join(Session, Session.id == Visit.id)
        rooms = set(await session.scalars(stand.where(Session.status == "booked")))
    assert rooms == {here.world.rooms[1].id}
    await here.prove()


async def test_who_confirms_on_the_last_moment_races_who_comes_on_the_first(database, noon):
    """One clock says the hold still stands, the other that it has lapsed; one of them wins."""
    here = await town(database, noon, rooms=1, booths=1)
    couples = await here.couples(8)
    holder, inmate = couples[0]
    for (rival, theirs), week in zip(couples[1:], range(7), strict=True):
        at = FREE_START + (week % 2) * 7 * DAY + (week // 2) * HALF_HOUR
        held = await here.made(holder, inmate, held=True, starts_at=at)
        until = noon + 10 * MINUTE
        keep = here.attempt(
            lambda s, held=held, until=until: confirm(
                s, here.world.actor(holder), held, until - MINUTE, here.rule
            )
        )
        take = here.book(rival, theirs, until, starts_at=at)
        tries = [keep, take] if week % 2 else [take, keep]
        said = await asyncio.gather(*tries)
        assert sorted(said) == ["done", "slot-taken"], said
        await here.prove()
        kept = said[0 if week % 2 else 1]
        if kept == "done":
            async with database.transaction() as session:
                await cancel(session, here.world.actor(holder), held, "", noon, here.rule)


async def test_who_approves_on_the_last_moment_races_who_comes_on_the_first(database, noon):
    here = await town(database, noon, rooms=1, booths=1)
    asking = await here.couples(6, KinshipKind.COUSIN)
    rivals = await here.couples(6)
    answered_by = noon + here.rule.days("visit.request_answer_days")
    for n, (cousin, rival) in enumerate(zip(asking, rivals, strict=True)):
        at = FREE_START + DAY + n * HALF_HOUR
        asked = await here.made(*cousin, starts_at=at)
        say_yes = here.attempt(
            lambda s, asked=asked: approve(
                s, here.world.officer, asked, APPROVAL, now=answered_by - MINUTE, policy=here.rule
            )
        )
        # The rival's clock is past the answer; the day must still be within the window then.
        take = here.book(*rival, answered_by, starts_at=at)
        tries = [say_yes, take] if n % 2 else [take, say_yes]
        said = sorted(await asyncio.gather(*tries))
        assert said in (["done", "slot-taken"], ["done", RequestLapsed.code]), said
        await here.prove()


async def test_visits_that_swap_their_places_do_not_wait_for_each_other_for_ever(database, noon):
    here = await town(database, noon, rooms=2, booths=2)
    couples = await here.couples(8)
    days = [FREE_START, FREE_START + DAY]
    standing = [
        (who, await here.made(*who, starts_at=days[n % 2] + (n // 4) * HALF_HOUR))
        for n, who in enumerate(couples)
    ]
    for turn in (1, 0, 1):
        moves = [
            here.attempt(
                lambda s, who=who, visit=visit, n=n, turn=turn: move(
                    s, here.world.actor(who[0]), visit,
                    Target(days[(n + turn) % 2] + (n // 4) * HALF_HOUR), noon, here.rule,
                )
            )
            for n, (who, visit) in enumerate(standing)
        ]  # fmt: skip
        said = Counter(await asyncio.wait_for(asyncio.gather(*moves), 30))
        assert set(said) <= {"done", "slot-taken"}
        await here.prove()
    assert (await here.statuses()) == {"booked": 8}


async def test_holding_booking_cancelling_and_closing_at_once_never_breaks(database, noon):
    """Everything at once over the same few places; only refusals come back, and all is whole."""
    here = await town(database, noon, rooms=2, booths=2)
    couples = await here.couples(6)
    world = here.world
    later = noon + 11 * MINUTE
    room = Closing(
        world.office.id, (world.rooms[0].id,), Interval.lasting(FREE_START, HALF_HOUR), "نظافت"
    )
    booth = Closing(
        world.prison.id, (world.booths[0].id,), Interval.lasting(FREE_START, HALF_HOUR), "نظافت"
    )

    async def settle_and_drop(person, visit) -> list[str]:
        actor, rule = world.actor(person), here.rule
        return [
            await here.attempt(lambda s: confirm(s, actor, visit, later, rule)),
            await here.attempt(lambda s: cancel(s, actor, visit, "", noon, rule)),
        ]

    async def family(who, n) -> list[str]:
        said = []
        for turn in range(5):
            at = FREE_START + ((n + turn) % 2) * HALF_HOUR
            said.append(await here.book(*who, later if turn % 2 else noon, held=True, starts_at=at))
            async with database.sessions() as session:
                query = select(Visit.id).where(Visit.booked_for == who[0].id)
                mine = await session.scalar(query.order_by(Visit.id.desc()).limit(1))
            if mine is None:
                continue
            said += await settle_and_drop(who[0], mine)
        return said

    async def shut() -> list[str]:
        return [
            await here.attempt(lambda s, c=c, a=a: close(s, a, c, noon))
            for c, a in ((room, world.manager), (booth, world.officer))
        ]

    everything = [*(family(who, n) for n, who in enumerate(couples)), shut()]
    said = await asyncio.wait_for(asyncio.gather(*everything), 60)
    codes = Counter(code for some in said for code in some)
    known = {"done", SlotTaken.code, Conflict.code, "wrong-state", "hold-lapsed", "allowance-used"}
    assert set(codes) <= known, codes
    await here.prove()
    async with database.sessions() as session:
        ended = (
            select(func.count())
            .select_from(Reservation)
            .join(Session, Session.id == Reservation.session_id)
        )
        gone = ended.where(Session.status.in_(["cancelled", "lapsed", "displaced"]))
        assert await session.scalar(gone) == 0


async def test_desks_that_enter_one_relation_at_once_find_each_others_row(database, noon):
    here = await town(database, noon)
    async with database.transaction() as session:
        here.world.session = session
        sister = await here.world.person("سارا", "گلپایگانی")

    async def proven(session):
        await kinship_entry.enter(
            session,
            here.world.clerk,
            here.world.inmate.id,
            sister.id,
            kind=KinshipKind.SIBLING,
            evidence=kinship_entry.Evidence.BIRTH_CERTIFICATE,
            place_id=here.world.office.id,
            now=noon,
        )

    said = await asyncio.gather(*(here.attempt(proven) for _ in range(6)))
    assert said == ["done"] * 6
    async with database.transaction() as session:
        rows = await session.scalars(select(Kinship).where(Kinship.visitor_id == sister.id))
        assert len(rows.all()) == 1
