"""A line of a diary's file, read: a case, and somebody's part in it; everything wrong is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from remote_court.calendars import jalali
from remote_court.errors import Invalid
from remote_court.hearings import columns
from remote_court.hearings.columns import OF_THE_PARTY, Column, word_of
from remote_court.hearings.enter_party import UnknownNeed
from remote_court.hearings.entering import Needed
from remote_court.hearings.register_case import CaseDraft
from remote_court.hearings.roles import Address, PartyRole, Site
from remote_court.hearings.sheets import Cell, Line, Table, Trouble
from remote_court.hearings.who import Identity
from remote_court.identifiers import FidaCode
from remote_court.people.queries import Identifier, identifier
from remote_court.text import normalise

C = Column
Value = TypeVar("Value")


class NoSuchWord(Invalid):
    """This word is not known here; see the list of words for this column."""


class YesOrNo(Invalid):
    """Write yes or no."""


class FormulaCell(Invalid):
    """A formula stands here; write its value as text."""


class DigitsLost(Invalid):
    """This was kept as a number and its last digits are lost; make the column text and enter it anew."""  # noqa: E501


class CellTooLong(Invalid):
    """This cell is too long."""


class UnknownHeading(Invalid):
    """There is no column of this name; see the list of columns."""


class HeadingTwice(Invalid):
    """This column stands in the file twice."""


class ColumnMissing(Invalid):
    """This column must be in the file."""


TROUBLE: Mapping[Trouble, type[Invalid]] = {
    Trouble.FORMULA: FormulaCell,
    Trouble.LOST_DIGITS: DigitsLost,
    Trouble.TOO_LONG: CellTooLong,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: in which line and column; ``message`` is translated where shown."""

    line: int
    column: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody's part as a line has it; ``site`` none: as they are found, in prison or not."""

    who: Identity
    role: PartyRole
    address: Address
    protected: bool
    language: str
    interpreter: bool
    needs: tuple[str, ...]
    site: Site | None
    offices: tuple[str, ...]
    speaks_for: Identifier | None
    paper: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line that could be read; ``case`` none: the line only names a case told of before."""

    line: int
    number: str
    sub_row: str
    case: CaseDraft | None
    party: PartyRow | None

    @property
    def copy(self) -> tuple[str, str]:
        """Which copy of which case it is of."""
        return self.number, self.sub_row


class Reader:
    """Reads the cells of one line by column, and notes each that cannot be read."""

    def __init__(self, line: Line, at: Mapping[Column, int]) -> None:
        self.faults: list[Fault] = []
        self._line, self._at = line, at

    def cell(self, column: Column) -> Cell:
        """What stands in a column, empty where there is no such column."""
        place = self._at.get(column)
        inside = place is not None and place < len(self._line.cells)
        return self._line.cells[place] if inside and place is not None else ""

    def text(self, column: Column) -> str:
        """The text of a column."""
        match self.cell(column):
            case Trouble() as trouble:
                self.note(column, TROUBLE[trouble]())
                return ""
            case date() as day:
                return jalali.short(day, "en")
            case text:
                return text

    def read(self, column: Column, reader: Callable[[str], Value]) -> Value | None:
        """What ``reader`` makes of a column; none where it is empty or was refused."""
        if not (text := self.text(column)):
            return None
        try:
            return reader(text)
        except KeyError:
            self.note(column, NoSuchWord())
        except Invalid as refusal:
            self.note(column, refusal)
        return None

    def day(self, column: Column) -> date | None:
        """A day: a cell that a spreadsheet keeps as one, or a Jalali date in text."""
        cell = self.cell(column)
        if isinstance(cell, date):
            return cell
        return self.read(column, jalali.read)

    def flag(self, column: Column) -> bool:
        """Yes or no."""
        said = normalise(self.text(column))
        if said not in columns.YES | columns.NO:
            self.note(column, YesOrNo())
        return said in columns.YES

    def note(self, column: Column, refusal: Invalid) -> None:
        """Note what is wrong with a column."""
        fault = Fault(self._line.number, column.value, refusal.message, dict(refusal.detail))
        self.faults.append(fault)

    def any(self, *which: Column) -> bool:
        """Whether anything stands in one of these columns."""
        return any(self.cell(column) for column in which)


def read_rows(table: Table) -> tuple[list[Row], list[Fault]]:
    """Every line of a table, and everything that is wrong with it."""
    found = columns.headings(table.headings)
    faults = [Fault(1, heading, UnknownHeading().message) for heading in found.unknown]
    faults += [Fault(1, heading, HeadingTwice().message) for heading in found.twice]
    faults += [Fault(1, column.value, ColumnMissing().message) for column in found.missing]
    if found.missing:
        return [], faults
    rows: list[Row] = []
    for line in table.lines:
        reader = Reader(line, found.at)
        row = read_row(reader, line.number)
        faults += reader.faults
        if row is not None and not reader.faults:
            rows.append(row)
    return rows, faults


def read_row(reader: Reader, number: int) -> Row | None:
    """One line; none where it does not even name a case."""
    if not reader.text(C.CASE_NUMBER):
        reader.note(C.CASE_NUMBER, Needed())
        return None
    told = reader.any(
        C.SUBJECT, C.ARCHIVE_NUMBER, C.SENSITIVE, C.GRAVE, C.JUVENILE, C.CUSTODY, C.LIMITATION_ON
    )
    draft = CaseDraft.typed(
        reader.text(C.CASE_NUMBER),
        reader.text(C.SUB_ROW),
        reader.text(C.ARCHIVE_NUMBER),
        reader.text(C.SUBJECT),
        sensitive=reader.flag(C.SENSITIVE),
        grave=reader.flag(C.GRAVE),
        juvenile=reader.flag(C.JUVENILE),
        custody=reader.flag(C.CUSTODY),
        limitation_on=reader.day(C.LIMITATION_ON),
    )
    party = party_row(reader) if reader.any(*OF_THE_PARTY) else None
    return Row(number, draft.case_number, draft.sub_row, draft if told else None, party)


def party_row(reader: Reader) -> PartyRow | None:
    """The part that a line tells of."""
    number = reader.read(C.NATIONAL_ID, identifier)
    role = reader.read(C.ROLE, lambda text: word_of(columns.ROLES, text))
    for column in (C.NATIONAL_ID, C.ROLE):
        if not reader.cell(column):
            reader.note(column, Needed())
    site: Any = reader.read(C.SITE, lambda text: word_of(columns.SITES, text))
    address = reader.read(C.ADDRESS, lambda text: word_of(columns.ADDRESSES, text))
    gender = reader.read(C.GENDER, lambda text: word_of(columns.GENDERS, text))
    client = reader.read(C.SPEAKS_FOR, identifier)
    if client is not None and not reader.text(C.PAPER):
        reader.note(C.PAPER, Needed())
    born_on = reader.day(C.BORN_ON)
    if number is None or role is None:
        return None
    foreign = isinstance(number, FidaCode)
    return PartyRow(
        Identity(
            number=number,
            given_name=" ".join(reader.text(C.GIVEN_NAME).split()),
            family_name=" ".join(reader.text(C.FAMILY_NAME).split()),
            gender=gender,
            born_on=born_on,
            nationality=reader.text(C.NATIONALITY).upper()[:2] or "IR" if foreign else "IR",
        ),
        role,
        address or Address.KNOWN,
        reader.flag(C.PROTECTED),
        reader.text(C.LANGUAGE).lower() or "fa",
        reader.flag(C.INTERPRETER),
        needs_of(reader),
        site,
        tuple(parts(reader.text(C.OFFICES))),
        client,
        " ".join(reader.text(C.PAPER).split()),
    )


def needs_of(reader: Reader) -> tuple[str, ...]:
    """What must be there for somebody, from words between commas."""
    names = {
        columns.key(name): need for need, also in columns.NEEDS.items() for name in (need, *also)
    }
    written = [columns.key(part) for part in reader.text(C.NEEDS).replace("،", ",").split(",")]
    wanted = [word for word in written if word]
    if not set(wanted) <= set(names):
        reader.note(C.NEEDS, UnknownNeed())
        return ()
    return tuple(need for need in columns.NEEDS if need in {names[word] for word in wanted})


def parts(text: str) -> list[str]:
    """Codes between commas or blanks."""
    return [part for part in text.replace("،", " ").replace(",", " ").split() if part]
