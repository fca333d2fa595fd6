"""Persian text: digits, search keys and numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.text import ascii_digits, digits, fa_digits, normalise, number


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
