"""The columns of a diary's file: what each is called, in Persian and in Latin letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from remote_court.hearings.roles import Address, PartyRole, Site
from remote_court.people import Gender
from remote_court.text import normalise

Word = TypeVar("Word", bound=StrEnum)


class Column(StrEnum):
    """A column, by the name it has in an English file."""

    CASE_NUMBER = "case_number"
    SUB_ROW = "sub_row"
    ARCHIVE_NUMBER = "archive_number"
    SUBJECT = "subject"
    SENSITIVE = "sensitive"
    GRAVE = "grave"
    JUVENILE = "juvenile"
    CUSTODY = "custody"
    LIMITATION_ON = "limitation_on"
    NATIONAL_ID = "national_id"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    BORN_ON = "born_on"
    GENDER = "gender"
    NATIONALITY = "nationality"
    ROLE = "role"
    ADDRESS = "address"
    PROTECTED = "protected"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    NEEDS = "needs"
    SITE = "site"
    OFFICES = "offices"
    SPEAKS_FOR = "speaks_for"
    PAPER = "paper"


C = Column
PERSIAN: Mapping[Column, tuple[str, ...]] = {
    C.CASE_NUMBER: ("شماره پرونده", "کلاسه پرونده"),
    C.SUB_ROW: ("ردیف فرعی",),
    C.ARCHIVE_NUMBER: ("شماره بایگانی", "بایگانی"),
    C.SUBJECT: ("موضوع", "خواسته", "اتهام", "موضوع پرونده"),
    C.SENSITIVE: ("حساس",),
    C.GRAVE: ("ماده ۳۰۲", "مادهٔ ۳۰۲"),
    C.JUVENILE: ("نوجوان", "اطفال و نوجوانان"),
    C.CUSTODY: ("بازداشتی", "دارای بازداشتی"),
    C.LIMITATION_ON: ("پایان مرور زمان", "مرور زمان"),
    C.NATIONAL_ID: ("کد ملی", "شماره ملی", "کد ملی یا فراگیر", "کد فراگیر"),
    C.GIVEN_NAME: ("نام",),
    C.FAMILY_NAME: ("نام خانوادگی",),
    C.BORN_ON: ("تاریخ تولد",),
    C.GENDER: ("جنسیت", "جنس"),
    C.NATIONALITY: ("تابعیت",),
    C.ROLE: ("سمت", "سمت در پرونده", "نقش"),
    C.ADDRESS: ("نشانی", "وضعیت نشانی"),
    C.PROTECTED: ("نشانی محفوظ",),
    C.LANGUAGE: ("زبان",),
    C.INTERPRETER: ("نیاز به مترجم", "مترجم"),
    C.NEEDS: ("نیازها",),
    C.SITE: ("محل شرکت", "محل حضور"),
    C.OFFICES: ("دفترها", "کد دفترها", "دفاتر"),
    C.SPEAKS_FOR: ("از طرف", "کد ملی موکل", "موکل"),
    C.PAPER: ("سند نمایندگی", "وکالت‌نامه", "شماره وکالت‌نامه"),
}
"""Persian headings of each column, the first as we write it."""
REQUIRED = (C.CASE_NUMBER, C.SUBJECT)
OF_THE_PARTY = tuple(list(Column)[list(Column).index(C.NATIONAL_ID) :])

ROLES: Mapping[PartyRole, tuple[str, ...]] = {
    PartyRole.PLAINTIFF: ("خواهان",),
    PartyRole.DEFENDANT: ("خوانده",),
    PartyRole.COMPLAINANT: ("شاکی",),
    PartyRole.ACCUSED: ("متهم",),
    PartyRole.CONVICT: ("محکوم", "محکوم علیه"),
    PartyRole.PROSECUTOR: ("دادستان", "نماینده دادستان"),
    PartyRole.LAWYER: ("وکیل",),
    PartyRole.GUARDIAN: ("ولی", "قیم", "ولی یا قیم"),
    PartyRole.EXPERT: ("کارشناس",),
    PartyRole.INTERPRETER: ("مترجم",),
    PartyRole.WITNESS: ("شاهد", "گواه", "مطلع"),
    PartyRole.ESCORT_GUARD: ("مأمور مراقب", "مراقب"),
    PartyRole.OBSERVER: ("ناظر",),
}
GENDERS: Mapping[Gender, tuple[str, ...]] = {
    Gender.FEMALE: ("زن", "مؤنث", "woman", "f"),
    Gender.MALE: ("مرد", "مذکر", "man", "m"),
}
ADDRESSES: Mapping[Address, tuple[str, ...]] = {
    Address.KNOWN: ("معلوم",),
    Address.ABROAD: ("خارج", "مقیم خارج", "خارج از کشور"),
    Address.UNKNOWN: ("مجهول", "مجهول المکان", "مجهول‌المکان"),
}
SITES: Mapping[Site, tuple[str, ...]] = {
    Site.OFFICE: ("دفتر", "دفتر خدمات"),
    Site.PRISON: ("زندان",),
    Site.OWN_DEVICE: ("دستگاه شخصی",),
    Site.COURTROOM: ("دادگاه", "حضوری"),
}
YES = frozenset(map(normalise, ("بله", "بلی", "دارد", "هست", "1", "yes", "true", "y", "x")))
NO = frozenset(map(normalise, ("", "خیر", "نه", "ندارد", "نیست", "0", "no", "false", "n")))
NEEDS: Mapping[str, tuple[str, ...]] = {
    "step_free": ("بدون پله", "ویلچر"),
    "hearing_loop": ("حلقه شنوایی", "کم شنوا"),
    "sign_interpreter": ("زبان اشاره", "مترجم اشاره", "ناشنوا"),
}


def key(text: str) -> str:
    """A heading or word as it is compared: letters that keyboards confuse, blanks and dashes aside."""  # noqa: E501
    return normalise(text).replace(" ", "").replace("_", "").replace("-", "")


KNOWN: Mapping[str, Column] = {
    key(name): column for column in Column for name in (column.value, *PERSIAN[column])
}


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column stands where; ``unknown`` and ``twice`` are headings to complain about."""

    at: Mapping[Column, int]
    unknown: Sequence[str]
    twice: Sequence[str]

    @property
    def missing(self) -> Sequence[Column]:
        """Columns that must be there and are not."""
        return [column for column in REQUIRED if column not in self.at]


def headings(written: Sequence[str]) -> Headings:
    """Recognise the headings of a table."""
    at: dict[Column, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, heading in enumerate(written):
        if not heading.strip():
            continue
        column = KNOWN.get(key(heading))
        if column is None:
            unknown.append(heading)
        elif column in at:
            twice.append(heading)
        else:
            at[column] = place
    return Headings(at, unknown, twice)


def word_of(kind: Mapping[Word, tuple[str, ...]], text: str) -> Word:
    """The word of a list that somebody wrote in Persian or by its code.

    Raises:
        KeyError: it is none of them.
    """
    names = {key(name): word for word, also in kind.items() for name in (word.value, *also)}
    return names[key(text)]
