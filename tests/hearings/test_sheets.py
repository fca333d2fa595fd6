from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

from remote_court.hearings import sheets
from remote_court.hearings.sheets import (
    EmptyTable,
    FileTooLarge,
    NotATable,
    NotUtf8,
    Trouble,
    read_table,
)
from tests.hearings.files import book


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_file_is_read_with_any_mark_between_cells(mark):
    text = f'a{mark}b\r\n1{mark}"x{mark}y"\r\n{mark}\r\n2{mark} z \r\n'
    for content in (text.encode(), b"\xef\xbb\xbf" + text.encode()):
        table = read_table(content)
        assert table.headings == ["a", "b"]
        assert [(line.number, line.cells) for line in table.lines] == [
            (2, ["1", f"x{mark}y"]),
            (4, ["2", "z"]),
        ]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('=HYPERLINK("http://x")', Trouble.FORMULA),
        ("@SUM(A1)", Trouble.FORMULA),
        ("+cmd", Trouble.FORMULA),
        ("-5", "-5"),
        ("+98912", "+98912"),
        ("\tx", "x"),
        ('="0012345678"', "0012345678"),
        ("x" * 3000, Trouble.TOO_LONG),
    ],
)
def test_a_formula_is_never_taken_for_text(cell, read):
    assert sheets.written(cell) == read


def test_a_workbooks_cells_become_text_and_days():
    cells = [5, 5.5, True, datetime(2026, 1, 2), date(2026, 1, 3), "متن", None, "=1+1", 10**16]  # noqa: DTZ001
    (line,) = read_table(book([cells], headings=list("abcdefghi"))).lines
    assert line.cells == [
        "5", "5.5", "1", date(2026, 1, 2), date(2026, 1, 3), "متن", "", Trouble.FORMULA,
        Trouble.LOST_DIGITS,
    ]  # fmt: skip


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MOST_UNPACKED + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"x" * (sheets.MOST_BYTES + 1), FileTooLarge),
        (b"a\n" + b"1\n" * (sheets.MOST_ROWS + 1), FileTooLarge),
        (bomb(), FileTooLarge),
        (b"PK\x03\x04 and nothing more", NotATable),
        (b'a,b\n"x', NotATable),
        (b"a\0b\n1", NotATable),
        ("نام\n".encode("cp1256"), NotUtf8),
        (b"a,b\n\n,\n", EmptyTable),
        (b"", EmptyTable),
    ],
)
def test_what_cannot_be_read_is_refused_whole(content, kind):
    with pytest.raises(kind):
        read_table(content)
