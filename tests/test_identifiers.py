"""National IDs, foreigners' codes, mobile numbers and tracking codes."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.errors import Invalid
from remote_court.identifiers import (
    CROCKFORD,
    SYNTHETIC_IDS,
    BadFidaCode,
    BadMobile,
    BadNationalId,
    BadTrackingCode,
    FidaCode,
    Mobile,
    NationalId,
    grouped,
    mint_tracking_code,
    parse_tracking_code,
    spoken,
    synthetic_national_id,
)

codes = st.integers().map(lambda seed: mint_tracking_code(Random(seed)))


@pytest.mark.parametrize("value", ["9990000018", "9990000026", "0012345679", "0499370899"])
def test_a_national_id_with_the_right_checksum_is_born(value):
    assert NationalId(value).value == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "9990000019",
        "999000001",
        "99900000180",
        "1111111111",
        "9999999999",
        "99900000a8",
        "۹۹۹۰۰۰۰۰۱۸",
    ],
)
def test_a_wrong_national_id_is_not_born(value):
    with pytest.raises(BadNationalId):
        NationalId(value)


@pytest.mark.parametrize(
    "typed", ["۹۹۹۰۰۰۰۰۱۸", " 999-000001-8 ", "٩٩٩٠٠٠٠٠١٨", "\u200e9990000018\u200f"]
)
def test_a_national_id_is_read_in_any_digits_and_grouping(typed):
    assert NationalId.parse(typed) == NationalId("9990000018")


def test_leading_zeros_that_a_spreadsheet_dropped_come_back():
    assert NationalId.parse("12345679") == NationalId("0012345679")
    with pytest.raises(BadNationalId):
        NationalId.parse("2345679")


@given(st.integers(0, SYNTHETIC_IDS - 1))
def test_synthetic_national_ids_are_valid_and_start_with_999(n):
    made = synthetic_national_id(n)
    assert NationalId(made).value[:9] == f"999{n:06d}"


@pytest.mark.parametrize("n", [-1, SYNTHETIC_IDS])
def test_there_is_an_end_to_synthetic_national_ids(n):
    with pytest.raises(ValueError, match="synthetic"):
        synthetic_national_id(n)


@given(st.integers(0, SYNTHETIC_IDS - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_of_a_national_id_is_noticed(n, place, off):
    right = synthetic_national_id(n)
    wrong = right[:place] + str((int(right[place]) + off) % 10) + right[place + 1 :]
    # Remainders 1 and 10 give the same last digit: only such a change can go unnoticed.
    try:
        NationalId(wrong)
    except BadNationalId:
        return
    assert place < 9


def test_a_fida_code_has_twelve_digits():
    assert FidaCode.parse("۱۲۳۴-۵۶۷۸-۹۰۱۲").value == "123456789012"
    for wrong in ("12345678901", "1234567890123", "000000000000", "12345678901a"):
        with pytest.raises(BadFidaCode):
            FidaCode.parse(wrong)


@pytest.mark.parametrize(
    "typed",
    [
        "09121234567",
        "۰۹۱۲۱۲۳۴۵۶۷",
        "+98 912 123 4567",
        "00989121234567",
        "9121234567",
        "989121234567",
    ],
)
def test_a_mobile_number_is_read_as_people_write_it(typed):
    assert Mobile.parse(typed).value == "+989121234567"
    assert Mobile.parse(typed).local == "09121234567"


@pytest.mark.parametrize(
    "typed", ["", "0912123456", "091212345678", "02188888888", "+449121234567"]
)
def test_a_wrong_mobile_number_is_not_born(typed):
    with pytest.raises(BadMobile):
        Mobile.parse(typed)


@pytest.mark.parametrize(
    "known", [NationalId("9990000018"), FidaCode("123456780018"), Mobile("+989121230018")]
)
def test_no_identifier_shows_whole_unless_asked(known):
    assert known.masked() == "***۰۰۱۸"
    assert known.masked("en") == "***0018"
    assert known.value not in f"{known} {known!r}"


def test_every_bad_identifier_says_in_words_what_is_wrong():
    for error in (BadNationalId, BadFidaCode, BadMobile, BadTrackingCode):
        assert issubclass(error, Invalid)
        assert error().message.startswith("This")
        assert error().message.endswith(".")


@given(codes)
def test_a_minted_code_is_read_back(code):
    assert len(code) == 11
    assert set(code) <= set(CROCKFORD)
    assert parse_tracking_code(code) == code


@given(codes)
def test_a_code_is_read_back_as_people_type_it(code):
    sloppy = grouped(code).lower().replace("0", "o").replace("1", "l")
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert parse_tracking_code(f"  {sloppy} ") == code
    assert parse_tracking_code(persian) == code
    assert parse_tracking_code(" ".join(spoken(code))) == code


@given(codes, st.integers(0, 10), st.sampled_from(CROCKFORD))
def test_one_wrong_symbol_of_a_code_is_always_noticed(code, place, symbol):
    wrong = code[:place] + symbol + code[place + 1 :]
    if wrong != code:
        with pytest.raises(BadTrackingCode):
            parse_tracking_code(wrong)


@given(codes, st.integers(0, 8))
def test_two_neighbours_swapped_are_always_noticed(code, place):
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if wrong != code:
        with pytest.raises(BadTrackingCode):
            parse_tracking_code(wrong)


@pytest.mark.parametrize("typed", ["", "7K3M", "UUUUUUUUUUU", "0000000000*", "000000000000"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(BadTrackingCode):
        parse_tracking_code(typed)


def test_a_code_is_shown_and_said_in_groups():
    assert grouped("7K3M9QX2VAT") == "7K3M-9QX2-VAT"
    assert spoken("7K3M9QX2VAT") == ("7 K 3 M", "9 Q X 2", "V A T")
