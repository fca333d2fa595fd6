"""A small court for tests: a civil branch in Tehran, its judge and clerk, and a case before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.hearings.forums import Forum
from remote_court.hearings.models import CaseParty, CourtCase, Representation
from remote_court.hearings.plan import Plan
from remote_court.hearings.roles import Address, PartyRole, Seat, Site
from remote_court.notices.service import Method, Notice
from remote_court.people import Actor, Gender, Person, Role
from remote_court.places import Branch, CourtComplex
from tests.world import LONG_AGO, World, make_inmate

PROVINCE = "23"
PLAINTIFF, DEFENDANT, LAWYER = PartyRole.PLAINTIFF, PartyRole.DEFENDANT, PartyRole.LAWYER


@dataclass
class CourtWorld:
    """A branch with its people, and a case of two parties, one of them with a lawyer."""

    world: World
    complex: CourtComplex
    branch: Branch
    judge: Actor
    clerk: Actor
    case: CourtCase
    plaintiff: CaseParty
    defendant: CaseParty
    lawyer: CaseParty
    number: int = field(default=0)

    @property
    def session(self) -> AsyncSession:
        return self.world.session

    def plan(self, **more: object) -> Plan:
        """A sitting over the case by its judge, as the clerk would list it."""
        values = {
            "case_id": self.case.id,
            "bench": {self.judge.person_id: Seat.PRESIDING},
            "order": "رسیدگی از راه دور انجام شود.",
        }
        return Plan(**(values | more))  # type: ignore[arg-type]

    async def new_branch(self, forum: Forum = Forum.CIVIL) -> Branch:
        """One more branch of the same building."""
        self.number += 1
        branch = Branch(complex_id=self.complex.id, forum=forum, number=100 + self.number)
        self.session.add(branch)
        await self.session.flush()
        return branch

    async def new_judge(self, branch_id: int | None = None) -> Actor:
        """One more judge of the branch."""
        return await self.world.staff(Role.JUDGE, branch_id or self.branch.id)

    async def new_case(self, branch_id: int | None = None, **more: object) -> CourtCase:
        """One more case, with nobody in it."""
        return await make_case(self.session, branch_id or self.branch.id, **more)

    async def party(
        self,
        role: PartyRole = DEFENDANT,
        *,
        case: CourtCase | None = None,
        person: Person | None = None,
        speaks_for: CaseParty | None = None,
        **more: object,
    ) -> CaseParty:
        """One more party, who comes to the office of the small country."""
        who = person or await self.world.person("سارا", "محمدی")
        values = {"site": Site.OFFICE, "office_ids": [self.world.office.id], "joined_at": LONG_AGO}
        party = CaseParty(
            case_id=(case or self.case).id, person_id=who.id, role=role, **(values | more)
        )
        self.session.add(party)
        await self.session.flush()
        if speaks_for is not None:
            await self.speaks_for(party, speaks_for)
        return party

    async def prisoner(
        self, role: PartyRole = PartyRole.ACCUSED, *, case: CourtCase | None = None, **more: object
    ) -> CaseParty:
        """One more party, who is held in the prison of the small country."""
        who = await self.world.person("بهرام", "شریفی", Gender.MALE)
        await make_inmate(self.session, who, self.world.prison)
        values = {"site": Site.PRISON, "office_ids": []}
        return await self.party(role, case=case, person=who, **(values | more))

    async def speaks_for(self, speaker: CaseParty, client: CaseParty) -> Representation:
        """Let somebody speak for a party."""
        paper = Representation(
            speaker_id=speaker.id, client_id=client.id, paper="وکالت‌نامه ۱۲", entered_at=LONG_AGO
        )
        self.session.add(paper)
        await self.session.flush()
        return paper

    async def serve(
        self, session_id: int, person_id: int, at: datetime | None, *, date_no: int = 1,
        method: Method = Method.SANA, published_on: date | None = None, occasion: str = "listed",
    ) -> Notice:  # fmt: skip
        """A notice that was delivered at a moment, or published on a day; neither: it waits."""
        self.number += 1
        notice = Notice(
            number=f"N{self.number:06}", session_id=session_id, person_id=person_id,
            occasion=occasion, date_no=date_no, method=method, queued_at=at or LONG_AGO,
            delivered_at=at, published_on=published_on,
        )  # fmt: skip
        self.session.add(notice)
        await self.session.flush()
        return notice


async def make_case(session: AsyncSession, branch_id: int, **more: object) -> CourtCase:
    make_case.count += 1  # type: ignore[attr-defined]
    values = {
        "case_number": f"1405999{make_case.count:011}",  # type: ignore[attr-defined]
        "sub_row": "1",
        "subject": "مطالبه وجه",
        "registered_at": LONG_AGO,
    }
    case = CourtCase(branch_id=branch_id, **(values | more))
    session.add(case)
    await session.flush()
    return case


make_case.count = 0  # type: ignore[attr-defined]


async def make_court(
    world: World, *, forum: Forum = Forum.CIVIL, address: Address = Address.KNOWN
) -> CourtWorld:
    """Make the small court beside the small country, in its session."""
    session = world.session
    complex_ = CourtComplex(
        name_fa="مجتمع قضایی صدر", name_en="Sadr court complex", province_code=PROVINCE,
        city_fa="تهران", city_en="Tehran",
    )  # fmt: skip
    session.add(complex_)
    await session.flush()
    branch = Branch(complex_id=complex_.id, forum=forum, number=12)
    session.add(branch)
    await session.flush()
    judge = await world.staff(Role.JUDGE, branch.id)
    clerk = await world.staff(Role.COURT_CLERK, branch.id)
    case = await make_case(session, branch.id)

    async def party(role: PartyRole, **more: object) -> CaseParty:
        who = await world.person("پروین", "اسدی")
        made = CaseParty(
            case_id=case.id, person_id=who.id, role=role, site=Site.OFFICE,
            office_ids=[world.office.id], joined_at=LONG_AGO, **more,
        )  # fmt: skip
        session.add(made)
        await session.flush()
        return made

    plaintiff, defendant = await party(PLAINTIFF), await party(DEFENDANT, address=address)
    lawyer = await party(LAWYER)
    made = CourtWorld(world, complex_, branch, judge, clerk, case, plaintiff, defendant, lawyer)
    await made.speaks_for(lawyer, plaintiff)
    return made
