"""A branch with something on each of its pages: cases, parties, sittings to come and over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from remote_court.calendars.opening_hours import on_wall
from remote_court.clock import local
from remote_court.hearings.diary_import import submit
from remote_court.hearings.in_letters import register_hearings
from remote_court.hearings.models import (
    CaseParty,
    CourtCase,
    Hearing,
    HearingPart,
    HearingSeat,
    Representation,
)
from remote_court.hearings.name_official import OfficialDraft, name_official
from remote_court.hearings.officials import OfficialKind
from remote_court.hearings.represent import represent
from remote_court.hearings.roles import Mode, PartyRole, Seat, Site
from remote_court.hearings.status import Status
from remote_court.notices.deliver import deliver
from remote_court.notices.service import Method, Notice, queue
from remote_court.people import Person, Role
from remote_court.scheduling.models import Session
from remote_court.server.notices.renderer import LetterTemplates
from tests.hearings.branch import Court, make_court, newcomer
from tests.hearings.files import NUMBER, rows, table
from tests.world import World

P = PartyRole


@dataclass
class Bench:
    """Who works at the branch, and the ids that addresses name."""

    court: Court
    case: CourtCase
    plaintiff: CaseParty
    paper: Representation
    sitting: int
    lawyer: Person
    file: int
    notice: Notice


async def make_bench(world: World, now: datetime) -> Bench:
    """A criminal case in custody and a civil one, a sitting today, one tomorrow, one displaced."""
    court = await make_court(world, now)
    case = await court.case(custody=True)
    other = await court.case("140591000000000002", sensitive=True)
    lawyer = await world.person("پریسا", "وکیلی")
    office = (world.office.id,)
    plaintiff = await court.party(case, P.PLAINTIFF, world.mother, office_ids=office)
    defendant = await court.party(
        case, P.DEFENDANT, needs=("step_free",), language="ku", needs_interpreter=True,
        office_ids=office,
    )  # fmt: skip
    held = await court.party(case, P.ACCUSED, await world.another_inmate(), site=Site.PRISON)
    speaker = await court.party(case, P.LAWYER, lawyer, office_ids=office)
    paper = await represent(
        world.session, court.clerk, case.id, speaker.id, plaintiff.id, "وکالت‌نامهٔ ۱۲",
        now=now, policy=court.rule,
    )  # fmt: skip
    parts = [plaintiff, defendant, held, speaker]
    today, room = local(now).date(), world.rooms[0].id
    sitting = await listed(court, case, parts, today, room=room)
    await listed(court, case, parts, today + timedelta(days=1), number=2, status="confirmed")
    await listed(court, other, [], today + timedelta(days=2), status=Status.DISPLACED)
    notice = await served(court, sitting, plaintiff, now)
    hq = await world.staff(Role.HQ_PLANNER, None)
    licence = OfficialDraft(kind=OfficialKind.INTERPRETER, licence="م-۱۲", languages=("ku",))
    await name_official(world.session, hq, newcomer(), licence, now=now)
    wrong = table([(NUMBER, "", "12", *rows()[0][3:]), ("1", *rows()[0][1:])])
    file = await submit(world.session, court.clerk, court.branch.id, "دفتر اوقات.csv", wrong, now)
    return Bench(court, case, plaintiff, paper, sitting, lawyer, file.id, notice)


async def listed(
    court: Court,
    case: CourtCase,
    parts: list[CaseParty],
    day: date,
    *,
    number: int = 1,
    status: str = "provisional",
    room: int | None = None,
) -> int:
    """A sitting at ten o'clock, as the listing leaves it."""
    session, world = court.world.session, court.world
    start = on_wall(day, time(10))
    made = Session(
        kind="hearing", status=status, starts_at=start, ends_at=start + timedelta(minutes=25),
        created_by=court.clerk.person_id, created_at=court.now,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    hearing = Hearing(
        id=made.id, case_id=case.id, branch_id=court.branch.id, forum="civil_court",
        mode=Mode.REMOTE, number=number, minutes=25,
        remote_order="طرفین در دو استان‌اند؛ رسیدگی غیرحضوری باشد.",
        remote_ordered_by=court.judge.person_id, listed_by=court.clerk.person_id,
        listed_at=court.now, dated_at=court.now,
        displaced_reason="دفتر تعطیل شد" if status == Status.DISPLACED else None,
    )  # fmt: skip
    session.add(hearing)
    await session.flush()
    session.add(
        HearingSeat(hearing_id=made.id, person_id=court.judge.person_id, seat=Seat.PRESIDING)
    )
    places = {Site.OFFICE: (world.office.id, room), Site.PRISON: (world.prison.id, None)}
    for party in parts:
        place, unit = places[party.site]
        session.add(
            HearingPart(
                hearing_id=made.id, party_id=party.id, site=party.site, place_id=place, unit_id=unit
            )
        )  # fmt: skip
    await session.flush()
    return made.id


async def served(court: Court, sitting: int, party: CaseParty, at: datetime) -> Notice:
    """A notice that has arrived."""
    register_hearings()
    session = court.world.session
    notice_id = await queue(
        session, session_id=sitting, person_id=party.person_id, occasion="listed", date_no=1,
        method=Method.SANA, now=at,
    )  # fmt: skip
    await deliver(session, at, LetterTemplates("149"))
    return await session.get_one(Notice, notice_id)
