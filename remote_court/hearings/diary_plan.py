"""What a diary's file would change: every line held against what is entered already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import Invalid
from remote_court.hearings import case_queries, enter_party, register_case, who
from remote_court.hearings.diary_rows import Fault, PartyRow, Row
from remote_court.hearings.enter_party import PartyDraft, UnknownOffice, held
from remote_court.hearings.forums import Forum
from remote_court.hearings.models import CaseParty, CourtCase, Representation
from remote_court.hearings.register_case import CaseDraft
from remote_court.hearings.represent import NotAClient, NotASpeaker, refusals
from remote_court.hearings.roles import PRINCIPALS, SPEAKERS, PartyRole, Site
from remote_court.people import Person
from remote_court.people.inmates import Inmate, InmateStatus
from remote_court.policy import Policy

Copy = tuple[str, str]
Part = tuple[str, PartyRole]


class OtherBranch(Invalid):
    """This case is registered at another branch under this number and sub-row."""


class SubjectMissing(Invalid):
    """The first line of a case tells its subject."""


class ToldOtherwise(Invalid):
    """Another line tells this case otherwise; leave it empty here or write the same."""


class PartTwice(Invalid):
    """This person has this part in another line of the same case."""


class ClientUnknown(Invalid):
    """Nobody with this number is a party of this case."""


@dataclass(slots=True)
class Known:
    """What is entered already of everything a file names."""

    cases: Mapping[Copy, CourtCase]
    people: Mapping[str, Person]
    prisoners: Mapping[int, InmateStatus]
    offices: Mapping[str, int]
    parties: Mapping[tuple[int, int, PartyRole], CaseParty]
    spoken: set[tuple[int, int]]
    lawyers: Mapping[int, int]


@dataclass(slots=True)
class PartPlan:
    """Somebody's part in a case of the file, with for whom they speak."""

    row: PartyRow
    line: int
    draft: PartyDraft
    standing: CaseParty | None


@dataclass(slots=True)
class CasePlan:
    """A case of the file, with its parts by the person's number and the role."""

    draft: CaseDraft
    standing: CourtCase | None
    parts: dict[Part, PartPlan] = field(default_factory=dict)
    speaks: list[tuple[Part, Part, str]] = field(default_factory=list)


@dataclass(slots=True)
class Changes:
    """How much a file would change, or has changed."""

    new_cases: int = 0
    changed_cases: int = 0
    new_parties: int = 0
    changed_parties: int = 0
    new_people: int = 0
    new_representations: int = 0
    unchanged: int = 0

    @property
    def nothing(self) -> bool:
        """Whether everything is entered already."""
        return not (
            self.new_cases
            or self.changed_cases
            or self.new_parties
            or self.changed_parties
            or self.new_representations
        )


@dataclass(slots=True)
class Plan:
    """Everything a file would do, and everything that stands in its way."""

    cases: Sequence[CasePlan]
    faults: Sequence[Fault]
    changes: Changes


async def plan(
    session: AsyncSession, branch_id: int, rows: Sequence[Row], *, today: date, policy: Policy
) -> Plan:
    """Hold the lines of a file against what is entered."""
    branch = await case_queries.branch(session, branch_id)
    assert branch is not None, "its own page asked"
    known = await load(session, rows)
    planner = Planner(known, branch_id, branch.forum, today, policy)
    for row in rows:
        planner.take(row)
    planner.speak()
    return Plan(list(planner.cases.values()), planner.faults, planner.changes())


class Planner:
    """Takes a file's lines one after another; pure but for what it was given."""

    def __init__(
        self, known: Known, branch_id: int, forum: Forum, today: date, policy: Policy
    ) -> None:
        self.cases: dict[Copy, CasePlan] = {}
        self.faults: list[Fault] = []
        self._known, self._branch, self._forum = known, branch_id, forum
        self._today, self._policy = today, policy
        self._new: dict[str, PartyRow] = {}

    def take(self, row: Row) -> None:
        """One line: its case, and the part in it."""
        case = self.cases.get(row.copy)
        if case is None:
            case = self._case(row)
        elif row.case is not None and row.case.subject and row.case != case.draft:
            self._note(row.line, ToldOtherwise(where="subject"))
        if case is not None and row.party is not None:
            self._part(row.line, case, row.party)

    def _case(self, row: Row) -> CasePlan | None:
        standing = self._known.cases.get(row.copy)
        if standing is not None and standing.branch_id != self._branch:
            self._note(row.line, OtherBranch(where="case_number"))
            return None
        if row.case is None or not row.case.subject:
            self._note(row.line, SubjectMissing(where="subject"))
            return None
        wrong = list(register_case.faults(row.case, self._policy))
        self._note(row.line, *wrong)
        made = CasePlan(row.case, standing)
        if not wrong:
            self.cases[row.copy] = made
        return made

    def _part(self, line: int, case: CasePlan, row: PartyRow) -> None:
        number = row.who.number.value
        person = self._known.people.get(number)
        told = self._new.get(number)
        if person is None and told is not None:
            wrong = list(same_person(row, told))
        else:
            wrong = list(who.faults(row.who, person, self._today))
            if person is None and not wrong:
                self._new[number] = row
        draft = self._draft(row, person)
        imprisoned = person is not None and held(self._known.prisoners.get(person.id))
        offices = set(draft.office_ids)
        wrong += enter_party.faults(draft, in_prison=imprisoned, offices=offices)
        if not set(row.offices) <= set(self._known.offices):
            wrong.append(UnknownOffice(where="offices"))
        if (number, row.role) in case.parts:
            wrong.append(PartTwice(where="national_id"))
        self._note(line, *wrong)
        standing = None
        if case.standing is not None and person is not None:
            standing = self._known.parties.get((case.standing.id, person.id, row.role))
        case.parts.setdefault((number, row.role), PartPlan(row, line, draft, standing))

    def _draft(self, row: PartyRow, person: Person | None) -> PartyDraft:
        imprisoned = person is not None and held(self._known.prisoners.get(person.id))
        offices = [self._known.offices[code] for code in row.offices if code in self._known.offices]
        return PartyDraft(
            language=row.language,
            needs_interpreter=row.interpreter,
            needs=row.needs,
            address=row.address,
            protected=row.protected,
            site=row.site or (Site.PRISON if imprisoned else Site.OFFICE),
            office_ids=tuple(dict.fromkeys(offices)),
        )

    def speak(self) -> None:
        """Who speaks for whom, once every line was taken: a client may stand below."""
        for case in self.cases.values():
            counted: dict[Part, int] = {}
            for part, found in case.parts.items():
                if found.row.speaks_for is not None:
                    self._speaks(case, part, found, counted)

    def _speaks(
        self, case: CasePlan, part: Part, found: PartPlan, counted: dict[Part, int]
    ) -> None:
        assert found.row.speaks_for is not None, "asked by the caller"
        number = found.row.speaks_for.value
        client = next(
            (one for one in case.parts if one[0] == number and one[1] in PRINCIPALS), None
        )
        if part[1] not in SPEAKERS:
            self._note(found.line, NotASpeaker(where="speaks_for"))
        elif client is None or number == part[0]:
            known = any(one[0] == number for one in case.parts)
            wrong = NotAClient if known else ClientUnknown
            self._note(found.line, wrong(where="speaks_for"))
        elif not self._spoken(case, part, client):
            if part[1] is PartyRole.LAWYER:
                self._within_the_cap(case, client, found.line, counted)
            case.speaks.append((part, client, found.row.paper))

    def _spoken(self, case: CasePlan, part: Part, client: Part) -> bool:
        one, other = case.parts[part].standing, case.parts[client].standing
        return one is not None and other is not None and (one.id, other.id) in self._known.spoken

    def _within_the_cap(
        self, case: CasePlan, client: Part, line: int, counted: dict[Part, int]
    ) -> None:
        standing = case.parts[client].standing
        already = self._known.lawyers.get(standing.id, 0) if standing is not None else 0
        have = already + counted.get(client, 0)
        counted[client] = counted.get(client, 0) + 1
        grave, policy = case.draft.grave, self._policy
        for reason in refusals(self._forum, client[1], have, grave=grave, policy=policy):
            self.faults.append(Fault(line, "speaks_for", reason.message, reason.values))

    def _note(self, line: int, *refused: Invalid) -> None:
        for one in refused:
            self.faults.append(Fault(line, one.where or "", one.message, dict(one.detail)))

    def changes(self) -> Changes:
        """How much would change."""
        found = Changes(new_people=len(self._new))
        for case in self.cases.values():
            if case.standing is None:
                found.new_cases += 1
            elif register_case.differences(case.standing, case.draft):
                found.changed_cases += 1
            else:
                found.unchanged += 1
            for part in case.parts.values():
                if part.standing is None:
                    found.new_parties += 1
                elif enter_party.differences(part.standing, part.draft):
                    found.changed_parties += 1
                else:
                    found.unchanged += 1
            found.new_representations += len(case.speaks)
        return found


def same_person(row: PartyRow, told: PartyRow) -> Iterator[Invalid]:
    """Whether a second line tells of somebody new as the first did."""
    for where in ("given_name", "family_name"):
        name = getattr(row.who, where)
        if name and not who.same(name, getattr(told.who, where)):
            yield who.NameDiffers(where=where)


async def load(session: AsyncSession, rows: Sequence[Row]) -> Known:
    """Everything a file names, in as many queries as there are tables."""
    people = await people_of(session, rows)
    numbers = {row.number for row in rows}
    query = select(CourtCase).where(CourtCase.case_number.in_(numbers))
    cases = {(case.case_number, case.sub_row): case for case in await session.scalars(query)}
    ids = {person.id for person in people.values()}
    prisoners = select(Inmate.person_id, Inmate.status).where(Inmate.person_id.in_(ids))
    codes = {code for row in rows if row.party for code in row.party.offices}
    case_ids = {case.id for case in cases.values()}
    query_parties = select(CaseParty).where(
        CaseParty.case_id.in_(case_ids), CaseParty.left_at.is_(None)
    )
    parties = {p.id: p for p in await session.scalars(query_parties)}
    pairs = select(Representation.speaker_id, Representation.client_id).where(
        Representation.client_id.in_(parties), Representation.ended_at.is_(None)
    )
    spoken = {(row[0], row[1]) for row in await session.execute(pairs)}
    lawyers: dict[int, int] = {}
    for speaker, client in spoken:
        if speaker in parties and parties[speaker].role is PartyRole.LAWYER:
            lawyers[client] = lawyers.get(client, 0) + 1
    return Known(
        cases,
        people,
        {row[0]: row[1] for row in await session.execute(prisoners)},
        await case_queries.codes_of(session, codes),
        {(p.case_id, p.person_id, p.role): p for p in parties.values()},
        spoken,
        lawyers,
    )


async def people_of(session: AsyncSession, rows: Sequence[Row]) -> Mapping[str, Person]:
    """Those of a file who are known, by number."""
    numbers = {row.party.who.number.value for row in rows if row.party}
    query = select(Person).where(
        or_(Person.national_id.in_(numbers), Person.fida_code.in_(numbers))
    )
    return {p.national_id or p.fida_code or "": p for p in await session.scalars(query)}
