"""Files of a branch's diary, as courts export them."""

from __future__ import annotations

import io

from openpyxl import Workbook

from remote_court.identifiers import synthetic_national_id

HEADINGS = (
    "شماره پرونده", "موضوع", "کد ملی", "نام", "نام خانوادگی", "تاریخ تولد", "جنسیت", "سمت",
    "از طرف", "سند نمایندگی", "دفترها", "نیازها", "بازداشتی",
)  # fmt: skip
NUMBER = "۱۴۰۵۹۲۰۰۰۰۰۰۰۰۰۰۰۱"


def person(n: int) -> str:
    """The number of somebody whom nobody knows."""
    return synthetic_national_id(5_000 + n)


def rows() -> list[tuple[str, ...]]:
    """A case of three: two parties and the lawyer of one."""
    return [
        (NUMBER, "مطالبهٔ مهر", person(1), "زهرا", "امینی", "1360/2/3", "زن", "خواهان", "", "",
         "11001", "بدون پله", "خیر"),
        (NUMBER, "", person(2), "رضا", "امینی", "۱۳۵۸/۰۷/۱۱", "مرد", "خوانده", "", "", "", "", ""),
        (NUMBER, "", person(3), "پروین", "صدر", "1350/1/1", "زن", "وکیل", person(1), "و-۱۲", "",
         "", ""),
    ]  # fmt: skip


def table(lines=None, headings=HEADINGS, mark=",") -> bytes:
    """The file as CSV with the mark that Excel writes before UTF-8."""
    every = [headings, *(lines if lines is not None else rows())]
    return ("\ufeff" + "\r\n".join(mark.join(line) for line in every)).encode()


def book(lines, headings=HEADINGS) -> bytes:
    """The file as a workbook."""
    made = Workbook()
    made.active.append(headings)
    for line in lines:
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
