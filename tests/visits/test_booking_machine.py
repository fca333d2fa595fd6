"""Book, hold, let lapse, confirm, move, cancel, decide, close and open rooms at random.

Each step is proven on the rows. The exclusion constraint is dropped here, so that the engine's
own looking is what keeps places apart; tests of races prove the constraint and the locks.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import policy
from remote_court.calendars.interval import Interval
from remote_court.db import Database
from remote_court.errors import Refusal
from remote_court.people import Actor, Role
from remote_court.places import Unit, UnitKind
from remote_court.policy import Policy
from remote_court.scheduling.blocks import lift
from remote_court.visits import desk
from remote_court.visits.book import book
from remote_court.visits.cancel import cancel
from remote_court.visits.decide import Approval, approve, lapse_requests, reject
from remote_court.visits.displace import Closing, close
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import VisitKind
from remote_court.visits.move import Target, confirm, move
from remote_court.visits.permits import Mandate, PermitIssuer
from remote_court.visits.request import Request
from remote_court.visits.status import KEEPS_PLACES, NEXT, Status
from remote_court.visits.sweeps import lapse_holds
from tests.conftest import admin, within
from tests.world import FREE_START, LONG_AGO, NOON, grant, make_world

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
QUARTER = timedelta(minutes=15)
APPROVAL = Approval(PermitIssuer.PRISON_WARDEN, "۱۲/الف")

STATE = text(
    """
    SELECT v.id, s.status, s.hold_until, s.starts_at, v.kind, v.inmate_id, v.office_id, v.week,
        v.room_id, v.booth_id, v.counts_as_used, v.displaced_at,
        (SELECT array_agg(person_id) FROM visit_visitor w WHERE w.visit_id = v.id) AS visitors,
        (SELECT json_agg(json_build_array(r.resource_id, lower(r.during), upper(r.during)))
         FROM reservation r WHERE r.session_id = v.id) AS places
    FROM visit v JOIN session s ON s.id = v.id
    """
)
OVERLAPS = text(
    """
    SELECT count(*) FROM reservation a JOIN reservation b
        ON a.resource_id = b.resource_id AND a.session_id < b.session_id AND a.during && b.during
    """
)


@dataclass
class Town:
    """Where the machine plays: who acts, and what there is, by ids that outlive a rollback."""

    families: dict[str, tuple[Actor, int, VisitKind]]
    visitors: dict[str, tuple[int, ...]]
    clerk: Actor
    manager: Actor
    officer: Actor
    offices: tuple[int, int]
    prison: int
    rooms: dict[int, tuple[int, ...]]
    booths: tuple[int, ...]
    rule: Policy


async def build(session: AsyncSession) -> Town:
    """One prison with two booths, two offices, two inmates, and who comes to see them."""
    world = await make_world(session, rooms=2, booths=2)
    other = await world.another_inmate()
    sister = await world.relative(KinshipKind.SIBLING)
    await world.tie(sister, KinshipKind.SPOUSE, inmate=other)
    father = await world.relative(KinshipKind.FATHER, inmate=other)
    cousin = await world.relative(KinshipKind.COUSIN)
    child = await world.relative(KinshipKind.CHILD)
    lawyer = await world.person()
    session.add(
        Mandate(
            inmate_id=world.inmate.id, lawyer_id=lawyer.id, reference="1",
            entered_by=world.officer.person_id, entered_at=LONG_AGO,
        )
    )  # fmt: skip
    far = type(world.office)(
        **{
            c.key: getattr(world.office, c.key)
            for c in world.office.__table__.columns
            if c.key not in {"id", "code", "search_key"}
        },
        code="11002",
    )
    session.add(far)
    await session.flush()
    hours = text(
        "INSERT INTO weekly_hours (place_id, weekday, opens, closes, audience, valid_from)"
        " SELECT :far, weekday, opens, closes, audience, valid_from FROM weekly_hours"
        " WHERE place_id = :near"
    )
    await session.execute(hours, {"far": far.id, "near": world.office.id})
    room = Unit(
        kind=UnitKind.ROOM, pool_id=far.id, number=1, name_fa="۱", name_en="1",
        features=["step_free"], in_service=True,
    )  # fmt: skip
    session.add(room)
    await session.flush()
    await grant(session, world.mother, Role.FAMILY, None)
    here, there = world.inmate.id, other.id
    family, counsel = VisitKind.FAMILY, VisitKind.LAWYER
    clerk = Actor(
        world.clerk.person_id, "", "fa",
        frozenset({(Role.OFFICE_CLERK, o) for o in (world.office.id, far.id)}),
    )  # fmt: skip
    manager = Actor(
        world.manager.person_id, "", "fa",
        frozenset({(Role.OFFICE_MANAGER, o) for o in (world.office.id, far.id)}),
    )  # fmt: skip
    return Town(
        families={
            "mother": (world.actor(world.mother), here, family),
            "mother and child": (world.actor(world.mother), here, family),
            "sister": (world.actor(sister), here, family),
            "sister there": (world.actor(sister), there, family),
            "father": (world.actor(father), there, family),
            "cousin": (world.actor(cousin), here, family),
            "lawyer": (world.actor(lawyer), here, counsel),
        },
        visitors={
            "mother": (world.mother.id,),
            "mother and child": (world.mother.id, child.id),
            "sister": (sister.id,),
            "sister there": (sister.id,),
            "father": (father.id,),
            "cousin": (cousin.id,),
            "lawyer": (lawyer.id,),
        },
        clerk=clerk,
        manager=manager,
        officer=world.officer,
        offices=(world.office.id, far.id),
        prison=world.prison.id,
        rooms={world.office.id: tuple(r.id for r in world.rooms), far.id: (room.id,)},
        booths=tuple(b.id for b in world.booths),
        rule=await policy.current(session, FREE_START.date()),
    )


starts = st.builds(
    lambda day, quarter: FREE_START + day * DAY + quarter * QUARTER,
    st.sampled_from([0, 1, 7]),
    st.integers(0, 3),
)
which_office = st.integers(0, 1)
FAMILIES = (
    "mother",
    "mother and child",
    "sister",
    "sister there",
    "father",
    "cousin",
    "cousin",
    "lawyer",
)


@dataclass(frozen=True)
class Wish:
    who: str
    start: datetime
    office: int
    held: bool
    step_free: bool
    at_desk: bool


wishes = st.builds(
    Wish,
    st.sampled_from(FAMILIES),
    starts,
    which_office,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


class Booking(RuleBasedStateMachine):
    """The life of a prison's visits; time is an argument and only goes on."""

    runner: asyncio.Runner
    database: Database
    town: Town
    tally: Counter[str]

    visits = Bundle("visits")
    blocks = Bundle("blocks")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.session = self.database.sessions()
        self.before: dict[int, Status] = {}
        self.made: dict[int, str] = {}

    def teardown(self) -> None:
        async def end() -> None:
            await self.session.rollback()
            await self.session.close()

        self.runner.run(end())

    def attempt(self, name: str, act: Callable[[], Awaitable[Any]]) -> Any:
        """Do something in a savepoint of its own; none if it is refused."""

        async def inside() -> Any:
            try:
                async with self.session.begin_nested():
                    return await act()
            except Refusal as refusal:
                self.tally[f"{name}: {refusal.code}"] += 1
                return None

        done = self.runner.run(inside())
        self.tally[f"{name}: done"] += done is not None
        return done

    def who(self, visit: int) -> Actor:
        return self.town.families[self.made[visit]][0]

    def ask(self, wish: Wish) -> int | None:
        actor, inmate, kind = self.town.families[wish.who]
        request = Request(
            kind=kind,
            inmate_id=inmate,
            office_id=self.town.offices[wish.office],
            starts_at=wish.start,
            visitor_ids=self.town.visitors[wish.who],
            booked_for=actor.person_id,
            step_free=wish.step_free,
            held=wish.held,
        )
        asker = self.town.clerk if wish.at_desk else actor
        booked = self.attempt(
            "book", lambda: book(self.session, asker, request, self.now, self.town.rule)
        )
        if booked is None:
            return None
        self.made[booked.id] = wish.who
        return booked.id

    @initialize(target=visits, some=st.lists(wishes, min_size=3, max_size=6))
    def begin(self, some):
        return multiple(*(made for wish in some if (made := self.ask(wish)) is not None))

    @rule(target=visits, wish=wishes)
    def one_more(self, wish):
        made = self.ask(wish)
        return multiple() if made is None else made

    @rule(visit=visits)
    def settle_on(self, visit):
        self.attempt(
            "confirm",
            lambda: confirm(self.session, self.who(visit), visit, self.now, self.town.rule),
        )

    @rule(
        visit=visits, start=starts, office=st.one_of(st.none(), which_office), staff=st.booleans()
    )
    def go_elsewhere(self, visit, start, office, staff):
        to = Target(start, None if office is None else self.town.offices[office])
        actor = self.town.clerk if staff else self.who(visit)
        self.attempt("move", lambda: move(self.session, actor, visit, to, self.now, self.town.rule))

    @rule(visit=consumes(visits), staff=st.booleans())
    def call_off(self, visit, staff):
        actor = self.town.officer if staff else self.who(visit)
        self.attempt(
            "cancel",
            lambda: cancel(self.session, actor, visit, "بیماری", self.now, self.town.rule),
        )

    @rule(visit=visits, yes=st.booleans())
    def decide(self, visit, yes):
        officer, now, rules = self.town.officer, self.now, self.town.rule
        if yes:
            self.attempt(
                "approve",
                lambda: approve(self.session, officer, visit, APPROVAL, now=now, policy=rules),
            )
        else:
            self.attempt("reject", lambda: reject(self.session, officer, visit, "نه", now=now))

    @rule(minutes=st.sampled_from([1, 9, 10, 11, 60 * 24 * 2]))
    def wait(self, minutes):
        if self.now + minutes * MINUTE < NOON + 3 * DAY:
            self.now += minutes * MINUTE

    @rule()
    def sweep(self):
        self.attempt("lapse holds", lambda: lapse_holds(self.session, self.now))
        self.attempt("lapse requests", lambda: lapse_requests(self.session, self.now))

    @rule(
        target=blocks,
        which=st.integers(0, 4),
        day=st.sampled_from([0, 1, 7]),
        first=st.integers(-2, 4),
        quarters=st.integers(1, 5),
    )
    def shut(self, which, day, first, quarters):
        near, far = self.town.offices
        units = [
            *((self.town.manager, near, u) for u in self.town.rooms[near]),
            *((self.town.manager, far, u) for u in self.town.rooms[far]),
            *((self.town.officer, self.town.prison, u) for u in self.town.booths),
        ]
        actor, pool, unit = units[which]
        start = FREE_START + day * DAY + first * QUARTER
        closing = Closing(pool, (unit,), Interval.lasting(start, quarters * QUARTER), "تعمیر", "x")
        if self.attempt("close", lambda: close(self.session, actor, closing, self.now)) is None:
            return multiple()
        return multiple(*self.runner.run(self.standing_blocks(unit)))

    async def standing_blocks(self, unit: int) -> list[int]:
        query = text("SELECT id FROM block WHERE unit_id = :unit AND lifted_at IS NULL ORDER BY id")
        return list(await self.session.scalars(query, {"unit": unit}))

    @rule(block=consumes(blocks))
    def open_again(self, block):
        who = self.town.manager.person_id
        self.attempt("lift", lambda: lift(self.session, block, lifted_by=who, now=self.now))

    @invariant()
    def nothing_overlaps_and_nothing_is_lost(self):
        self.runner.run(self.prove())

    async def prove(self) -> None:
        await self.session.flush()
        assert await self.session.scalar(OVERLAPS) == 0
        rows = {row.id: row for row in await self.session.execute(STATE)}
        assert set(rows) == set(self.made)
        for visit in rows.values():
            self.prove_places(visit)
            self.prove_step(visit.id, Status(visit.status))
        await self.prove_listed(rows)
        self.prove_allowance(rows)

    def prove_places(self, visit: Any) -> None:
        status = Status(visit.status)
        kept = {place[0] for place in visit.places or ()}
        whole = {visit.room_id, visit.booth_id, visit.inmate_id, *visit.visitors}
        lapsed = visit.hold_until is not None and visit.hold_until <= self.now
        if status not in KEEPS_PLACES:
            assert not kept, (status, kept)
            assert visit.hold_until is None
        elif lapsed:
            assert kept <= whole
        else:
            assert kept == whole, (status, kept, whole)
            word = "lawyer" if visit.kind == "lawyer" else "electronic"
            length = self.town.rule.minutes(f"visit.reserved_min.{word}")
            for _, start, end in visit.places:
                assert datetime.fromisoformat(start) == visit.starts_at
                assert datetime.fromisoformat(end) == visit.starts_at + length
        if status in KEEPS_PLACES and not lapsed:
            assert visit.room_id in self.town.rooms[visit.office_id]
            assert visit.booth_id in self.town.booths

    def prove_step(self, visit: int, status: Status) -> None:
        old = self.before.get(visit, status)
        assert status is old or status in NEXT[old], (old, status)
        self.before[visit] = status

    async def prove_listed(self, rows: dict[int, Any]) -> None:
        for office in self.town.offices:
            listed = {line.id for line in await desk.displaced(self.session, office)}
            lost = {
                v.id for v in rows.values() if v.status == "displaced" and v.office_id == office
            }
            assert listed == lost

    def prove_allowance(self, rows: dict[int, Any]) -> None:
        used: Counter[tuple[int, Any]] = Counter()
        for visit in rows.values():
            waits = visit.status in {"held", "requested"} and visit.hold_until > self.now
            stands = visit.status in {"booked", "displaced"}
            gone = visit.status == "cancelled" and visit.counts_as_used
            if visit.kind == "family" and (waits or stands or gone):
                used[visit.inmate_id, visit.week] += 1
        assert all(count <= 1 for count in used.values()), used


@pytest.fixture
def unproven(postgres: str, template: str) -> Iterator[str]:
    """The URL of a database without the exclusion constraint."""
    name = f"machine_{uuid.uuid4().hex[:12]}"
    asyncio.run(admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    url = within(postgres, name)
    asyncio.run(admin(url, "ALTER TABLE reservation DROP CONSTRAINT reservation_no_overlap"))
    yield url
    asyncio.run(admin(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def played_in(url: str) -> Iterator[type[Booking]]:
    with asyncio.Runner() as runner:
        database = Database(url)

        async def begin() -> Town:
            async with database.transaction() as session:
                return await build(session)

        attributes = {"runner": runner, "database": database, "tally": Counter()}
        yield type("Played", (Booking,), attributes | {"town": runner.run(begin())})
        runner.run(database.close())


def test_whatever_people_do_no_place_is_given_twice_and_no_visit_is_lost(unproven):
    with played_in(unproven) as machine:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=50,
                stateful_step_count=30,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert all(machine.tally[f"{verb}: done"] for verb in ("book", "move", "cancel", "close"))
