"""Persian text: digits, search keys and numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as sql

from remote_court.text import (
    ALPHABET,
    ascii_digits,
    digits,
    fa_digits,
    normalise,
    number,
    sort_expression,
    sort_key,
)


def test_persian_and_arabic_digits_become_ascii():
    assert ascii_digits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩") == "0123456789 0123456789"


def test_ascii_and_arabic_digits_become_persian():
    assert fa_digits("0123456789 ٠١٢٣٤٥٦٧٨٩") == "۰۱۲۳۴۵۶۷۸۹ ۰۱۲۳۴۵۶۷۸۹"


def test_digits_follow_the_reader():
    assert digits("1405/09/10", "fa") == "۱۴۰۵/۰۹/۱۰"
    assert digits("۱۴۰۵/۰۹/۱۰", "en") == "1405/09/10"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("علي كريمي", "علی کریمی"),
        ("موسى", "موسی"),
        ("علی‌رضا", "علیرضا"),
        ("حســین", "حسین"),
        ("  رضا \u00a0  رضایی ", "رضا رضایی"),
        ("دفتر ۱۲", "دفتر 12"),
        ("دفتر ١٢", "دفتر 12"),
        ("آزاده", "ازاده"),
        ("فاطمة", "فاطمه"),
        ("خانۀ", "خانه"),
        ("مُحَمَّد", "محمد"),
        ("Straße ＡＢ", "strasse ab"),
        ("", ""),
    ],
)
def test_what_looks_alike_is_found_alike(typed, key):
    assert normalise(typed) == key


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩ ابپ"))
def test_digits_go_there_and_back(text):
    assert ascii_digits(fa_digits(text)) == ascii_digits(text)


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (0, "۰", "0"),
        (2017, "۲٬۰۱۷", "2,017"),
        (79926270, "۷۹٬۹۲۶٬۲۷۰", "79,926,270"),
        (-1234, "\u200e\u2212۱٬۲۳۴", "-1,234"),
        (1234.5, "۱٬۲۳۴٫۵", "1,234.5"),
        (Decimal("4.108"), "۴٫۱۰۸", "4.108"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(value, fa, en):
    assert number(value, "fa") == fa
    assert number(value, "en") == en


@pytest.mark.parametrize(
    "names",
    [
        ["آبادان", "احمد", "بابل", "پارس", "تبریز", "جلفا", "چابهار", "حمید"],
        ["ری", "زاهدان", "ژاله", "ساری"],
        ["قم", "کرج", "گرگان", "لار"],
        ["نکا", "ورامین", "همدان", "یزد"],
        ["علی", "علی احمدی", "علی پارسا", "علیرضا"],
        ["دفتر", "دفتر ۲", "دفتر ۱۰", "دفتر ۱۰۱", "دفتر آزادی", "دفتر پارس"],
        ["Azadi", "Pars", "آزادی", "پارس"],
    ],
)
def test_names_stand_in_the_order_of_the_persian_alphabet(names):
    assert sorted(set(names), key=sort_key) == names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي كريمي", "علی کریمی"),
        ("موسى", "موسی"),
        ("فاطمة", "فاطمه"),
        ("علی‌رضا", "علیرضا"),
        ("حســین", "حسین"),
        ("مُحَمَّد", "محمد"),
        ("مسئول", "مسیول"),
        ("أحمد", "احمد"),
        ("ا\u0653زاده", "آزاده"),
        ("دفتر  ٣", "دفتر ۳"),
        ("Pars", "pars"),
    ],
)
def test_what_is_read_alike_stands_alike(one, other):
    assert sort_key(one) == sort_key(other)


def test_the_whole_alphabet_stands_in_its_order():
    assert sorted(ALPHABET, key=sort_key) == list(ALPHABET)
    assert len(set(ALPHABET)) == 33


@given(st.lists(st.text(alphabet=[*ALPHABET, "ي", "ك", "ة", "أ", "ئ", " ", "a", "\u200c"])))
def test_sorting_twice_changes_nothing(names):
    once = sorted(names, key=sort_key)
    assert sorted(once, key=sort_key) == once


async def test_postgresql_sorts_alike(session):
    names = [f"{first}{second}" for first in ALPHABET for second in "اپکی"]
    names += ["علي كريمي", "علی‌رضا", "أحمد", "مسئول", "Azadi", "pars", "دفتر آزادی", "دفتر پارس"]
    listed = "SELECT name FROM unnest(CAST(:names AS text[])) AS name"
    query = sql(f"{listed} ORDER BY {sort_expression('name')}")
    found = list((await session.scalars(query, {"names": names})).all())
    assert list(map(sort_key, found)) == sorted(map(sort_key, names))
