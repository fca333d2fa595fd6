"""Read a table that a court has exported, CSV or XLSX, into cells; nothing in it is ever run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from remote_court.errors import Invalid

MOST_BYTES = 1_000_000
MOST_UNPACKED = 40_000_000
MOST_ROWS = 5_000
MOST_CELL = 2_000
EXACT_MOST = 10**15
"""A spreadsheet keeps fifteen digits of a number; of a longer one the last are lost."""
ZIP = b"PK\x03\x04"
# Spreadsheets write ="0012345678" so that another one keeps the zeros.
KEPT_TEXT = re.compile(r'="([0-9]*)"')
FORMULA = re.compile(r"[=@]|[+\-][^0-9\s]|\t")


class FileTooLarge(Invalid):
    """The file is larger than a million bytes, or has more than 5,000 rows. Send it in parts."""


class NotATable(Invalid):
    """This is neither a CSV file nor an Excel workbook (.xlsx) that can be read."""


class NotUtf8(Invalid):
    """The file is not in UTF-8. Save it as “CSV UTF-8”."""


class EmptyTable(Invalid):
    """There is nothing below the line of headings."""


class Trouble(StrEnum):
    """What may be wrong with a cell before anybody asks what it means."""

    FORMULA = "formula"
    LOST_DIGITS = "lost_digits"
    TOO_LONG = "too_long"


Cell = str | date | Trouble


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; ``number`` is the spreadsheet's, headings are line 1."""

    number: int
    cells: Sequence[Cell]

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and the lines below them that are not empty."""

    headings: Sequence[str]
    lines: Sequence[Line]


def read_table(content: bytes, most: int = MOST_BYTES) -> Table:
    """Read a file by what it is, whatever it is called.

    Raises:
        FileTooLarge: in bytes, unpacked, or in rows.
        NotATable: or not in UTF-8, or empty.
    """
    if len(content) > most:
        raise FileTooLarge(where="file")
    rows = workbook(content) if content.startswith(ZIP) else comma_separated(content)
    lines: list[Line] = []
    headings: list[str] = []
    for number, cells in enumerate(rows, start=1):
        if number == 1:
            headings = [cell if isinstance(cell, str) else "" for cell in cells]
            continue
        if not (line := Line(number, cells)).empty:
            lines.append(line)
        if len(lines) > MOST_ROWS or number > MOST_ROWS * 4:
            raise FileTooLarge(where="file")
    if not lines:
        raise EmptyTable(where="file")
    return Table(headings, lines)


def comma_separated(content: bytes) -> Iterator[list[Cell]]:
    """The rows of a CSV file, with commas, semicolons or tabs between cells."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8(where="file") from error
    if "\0" in text:
        raise NotATable(where="file")
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            yield [written(cell) for cell in row]
    except csv.Error as error:
        raise NotATable(where="file") from error


def workbook(content: bytes) -> Iterator[list[Cell]]:
    """The rows of a workbook's first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise FileTooLarge(where="file")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            for row in book.worksheets[0].iter_rows():
                yield [typed(cell.value, cell.data_type) for cell in row]
        finally:
            book.close()
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        IndexError,
        ValueError,
        SyntaxError,  # what the parser of XML raises
    ) as error:
        raise NotATable(where="file") from error


def typed(value: object, kind: str) -> Cell:
    """A cell of a workbook as text, or as a day."""
    if kind == "f":
        return Trouble.FORMULA
    match value:
        case bool():
            return str(int(value))
        case date():  # a datetime is one too
            return value.date() if isinstance(value, datetime) else value
        case int() | float():
            return number(value)
        case _:
            return "" if value is None else written(str(value))


def number(value: float) -> Cell:
    """A number as text, unless it is so long that a spreadsheet has lost its end."""
    if abs(value) >= EXACT_MOST:
        return Trouble.LOST_DIGITS
    return str(int(value)) if value == int(value) else str(value)


def written(text: str) -> Cell:
    """A cell of text: without blanks around it, and never a formula."""
    said = text.strip()
    if kept := KEPT_TEXT.fullmatch(said):
        return kept[1]
    if FORMULA.match(said):
        return Trouble.FORMULA
    return said if len(said) <= MOST_CELL else Trouble.TOO_LONG
