"""A branch with a judge and a clerk beside the small country, and a case before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from remote_court import policy
from remote_court.audit import AuditEntry
from remote_court.hearings.enter_party import PartyDraft, enter_party
from remote_court.hearings.models import CaseParty, CourtCase
from remote_court.hearings.register_case import CaseDraft, register_case
from remote_court.hearings.roles import PartyRole
from remote_court.hearings.who import Identity
from remote_court.identifiers import NationalId, synthetic_national_id
from remote_court.people import Actor, Gender, Person, Role
from remote_court.places.courts import Branch, CourtComplex
from remote_court.policy import Policy
from tests.world import World

NUMBER = "140591000000000001"


@dataclass
class Court:
    """Who works at a branch of a court, and in which small country."""

    world: World
    branch: Branch
    judge: Actor
    clerk: Actor
    other_clerk: Actor
    now: datetime
    rule: Policy

    async def case(self, number: str = NUMBER, **more: object) -> CourtCase:
        """A case before the branch."""
        draft = CaseDraft.typed(number, "1", "", "مطالبهٔ وجه", **more)
        return await register_case(
            self.world.session, self.clerk, self.branch.id, draft, now=self.now, policy=self.rule
        )

    async def party(
        self, case: CourtCase, role: PartyRole, person: Person | None = None, **draft: object
    ) -> CaseParty:
        """Somebody's part in a case."""
        someone = person or await self.world.person()
        assert someone.national_id is not None
        who = Identity(number=NationalId(someone.national_id))
        wanted = PartyDraft(**draft)  # type: ignore[arg-type]
        return await enter_party(
            self.world.session, self.clerk, case.id, who, role, wanted, now=self.now
        )

    async def acts(self, name: str) -> list[AuditEntry]:
        """What the record has of an act."""
        query = select(AuditEntry).where(AuditEntry.act == name).order_by(AuditEntry.id)
        return list(await self.world.session.scalars(query))


async def make_court(world: World, now: datetime, forum: str = "civil_court") -> Court:
    house = CourtComplex(
        name_fa="مجتمع قضایی زاهدان", name_en="Zahedan court complex", province_code="11",
        city_fa="زاهدان", city_en="Zahedan",
    )  # fmt: skip
    world.session.add(house)
    await world.session.flush()
    branch, other = (Branch(complex_id=house.id, forum=forum, number=n) for n in (3, 4))
    world.session.add_all([branch, other])
    await world.session.flush()
    return Court(
        world,
        branch,
        await world.staff(Role.JUDGE, branch.id),
        await world.staff(Role.COURT_CLERK, branch.id),
        await world.staff(Role.COURT_CLERK, other.id),
        now,
        await policy.current(world.session, now.date()),
    )


def newcomer(n: int = 900, **more: object) -> Identity:
    """Somebody whom nobody here knows yet, as on their card."""
    values: dict[str, object] = {
        "given_name": "پروین",
        "family_name": "سلیمانی",
        "gender": Gender.FEMALE,
        "born_on": date(1984, 3, 1),
        "number": NationalId(synthetic_national_id(n)),
    }
    return Identity(**(values | more))  # type: ignore[arg-type]
