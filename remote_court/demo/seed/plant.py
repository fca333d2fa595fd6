"""Put the invented country into an empty database, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from remote_court import policy
from remote_court.calendars.closures import Days, Order
from remote_court.clock import local
from remote_court.db import Database
from remote_court.demo.marker import mark
from remote_court.demo.seed.country import Country, found
from remote_court.demo.seed.diary import Diary
from remote_court.demo.seed.docket import Docket
from remote_court.demo.seed.hours import Clockwork
from remote_court.demo.seed.human import Human, Registry
from remote_court.demo.seed.kin import Prisoner, gather
from remote_court.demo.seed.month import FORTNIGHT, Month
from remote_court.demo.seed.rows_hearings import HearingSheets
from remote_court.demo.seed.rows_people import inmates, people
from remote_court.demo.seed.rows_places import places
from remote_court.demo.seed.rows_visits import VisitSheets
from remote_court.demo.seed.sheets import Ids, Sheet
from remote_court.demo.seed.staff import Cast, cast
from remote_court.people.passwords import hash_password
from remote_court.places.shipped import seed_provinces
from remote_court.policy import Policy

PASSWORD = "didar-1405"  # noqa: S105 - the demo tells it to everybody
INMATES = 20_000
FIRST_ID = 1_000
BATCH = 20_000
UNCHECKED = {
    "reservation": (
        "reservation_no_overlap",
        "EXCLUDE USING gist (resource_id WITH =, during WITH &&)",
    )
}
"""A constraint that is dropped before many rows come and made again, and so checked, after."""


NUMBERED = ("court_case", "case_party")
"""Tables whose rows the seed numbers itself, because others refer to them."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the seed is: what it works on, and how much of it is done."""

    what: str
    done: int
    total: int


Tell = Callable[[Stage], None]


async def seed(
    database: Database, now: datetime, tell: Tell, *, inmates: int = INMATES, dice: int = 1405
) -> None:
    """Fill a migrated, empty database; the same ``dice`` on the same day give the same country."""
    sheets = [*drawn(Random(dice), now, await hash_password(PASSWORD), tell, inmates)]  # noqa: S311
    async with database.engine.begin() as connection:
        await planted(connection, sheets, now, tell)
        await mark(connection, now, dice)
    async with database.autocommit() as connection:
        tell(Stage("analysing", 0, 1))
        await connection.execute(text("ANALYZE"))
        tell(Stage("analysing", 1, 1))


def drawn(
    random: Random, now: datetime, hashed: str, tell: Tell, inmate_count: int
) -> Iterator[Sheet]:
    """Invent everything, in the order in which rows refer to each other."""
    tell(Stage("inventing", 0, 4))
    today, ids = local(now).date(), Ids(FIRST_ID)
    orders = closures(today)
    country = found(random, ids, inmate_count)
    yield from places(country, orders, now)
    tell(Stage("inventing", 1, 4))
    registry = Registry(random, ids, today)
    prisoners = gather(registry, country)
    players = cast(registry, country, prisoners)
    tell(Stage("inventing", 2, 4))
    yield from people(registry.people, players, (PASSWORD, hashed), now)
    yield from inmates(random, prisoners, players, now)
    tell(Stage("inventing", 3, 4))
    yield from sessions(random, country, registry.people, prisoners, players, orders, now)
    tell(Stage("inventing", 4, 4))


def closures(today: date) -> list[Order]:
    """A province closed for dust, so that the calendar shows what that looks like."""
    day = today + timedelta(days=6)
    return [Order(Days(day, day), "گرد و غبار", province="06")]


def sessions(
    random: Random,
    country: Country,
    people: Sequence[Human],
    prisoners: list[Prisoner],
    players: Cast,
    orders: Sequence[Order],
    now: datetime,
) -> Iterator[Sheet]:
    """A month of visits, and the diaries of the courts that can be tried."""
    today = local(now).date()
    diary = Diary(random, Clockwork(orders), today - FORTNIGHT)
    rules = Policy.at(policy.defaults(), today, None)
    month = Month(random, country, diary, rules, now)
    rows = VisitSheets(random, players, now)
    rows.take([*month.lawyers(players.mandates), *month.families(prisoners)])
    hearings = HearingSheets(rows.sessions, rows.reservations, now)
    hearings.take(Docket(random, country, diary, players, now).chambers(people))
    yield from rows.sheets()
    yield from hearings.sheets()


async def planted(
    connection: AsyncConnection, sheets: Sequence[Sheet], now: datetime, tell: Tell
) -> None:
    """Copy the sheets, with the rules of law and the provinces before them."""
    async with AsyncSession(connection) as session:
        await policy.seed_defaults(session, now)
        await seed_provinces(session)
        await session.flush()
    for table, (name, _) in UNCHECKED.items():
        await connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    raw: Any = (await connection.get_raw_connection()).driver_connection
    total, done = sum(len(sheet.rows) for sheet in sheets), 0
    for sheet in sheets:
        for batch in batches(sheet.rows):
            tell(Stage("copying", done, total))
            await raw.copy_records_to_table(sheet.table, columns=sheet.columns, records=batch)
            done += len(batch)
    tell(Stage("copying", total, total))
    tell(Stage("checking", 0, 1))
    for table, (name, rule) in UNCHECKED.items():
        await connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"))
    await count_on(connection, sheets)
    tell(Stage("checking", 1, 1))


def batches(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Rows in portions, so that progress shows."""
    return (rows[at : at + BATCH] for at in range(0, len(rows), BATCH))


async def count_on(connection: AsyncConnection, sheets: Sequence[Sheet]) -> None:
    """Let the sequences go on after the numbers that the seed has used."""
    by_table = {sheet.table: sheet for sheet in sheets}
    last = max(row[0] for row in by_table["person"].rows)
    await connection.execute(text("SELECT setval('resource_id_seq', :last)"), {"last": last})
    sessions = len(by_table["session"].rows)
    sequence = "pg_get_serial_sequence('session', 'id')"
    await connection.execute(text(f"SELECT setval({sequence}, :last)"), {"last": max(1, sessions)})
    for table in NUMBERED:
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        last = max(1, len(by_table[table].rows))
        await connection.execute(text(f"SELECT setval({sequence}, :last)"), {"last": last})
