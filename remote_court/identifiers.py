"""The numbers by which people and bookings are known: valid, or not born.

A national ID, a FIDA code and a mobile number never show whole in a ``repr``, so that a log
line or a traceback cannot give them away; ask for ``value`` where it is really needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Final, Self

from typing_extensions import override

from remote_court.errors import Invalid
from remote_court.text import ascii_digits, digits

NATIONAL_ID_LEN: Final = 10
FIDA_LEN: Final = 12
SYNTHETIC_IDS: Final = 999_999
"""How many synthetic national IDs there are: 0 to 999,998 (the next would be all nines)."""

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LEN: Final = 10
CHECK_PRIME: Final = 37
GROUPS: Final = (slice(0, 4), slice(4, 8), slice(8, 11))

# What people and chat programs put between digits: blanks, dashes, joiners, direction marks.
SEPARATORS = re.compile(r"[\s\-‐-―_.()/\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


class BadNationalId(Invalid):
    """This is not a valid national ID: it has ten digits, and the last one checks the others."""


class BadFidaCode(Invalid):
    """This is not a valid foreigner's code: it has twelve digits."""


class BadMobile(Invalid):
    """This is not a valid mobile number: it has eleven digits and starts with 09."""


class BadTrackingCode(Invalid):
    """This tracking code is not right; please check each letter and digit."""


def compact(text: str) -> str:
    """Return ``text`` in ASCII digits and without separators."""
    return SEPARATORS.sub("", ascii_digits(text))


@dataclass(frozen=True, order=True, slots=True, repr=False)
class Identifier:
    """A number by which somebody is known, shown whole only where ``value`` is asked for."""

    value: str

    def masked(self, locale: str = "fa") -> str:
        """Show the last four characters only, as on ``***۱۲۳۴``."""
        return f"***{digits(self.value[-4:], locale)}"

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked('en')})"

    @override
    def __str__(self) -> str:
        return self.masked("en")


@dataclass(frozen=True, order=True, slots=True, repr=False)
class NationalId(Identifier):
    """An Iranian national ID: ten ASCII digits with a valid checksum."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{10}", self.value) or len(set(self.value)) == 1:
            raise BadNationalId
        if national_id_checksum(self.value[:9]) != int(self.value[9]):
            raise BadNationalId

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what somebody typed: any digits, separators, leading zeros left out."""
        written = compact(text)
        # Old records and spreadsheets drop up to two leading zeros; more is a typing error.
        if not NATIONAL_ID_LEN - 2 <= len(written) <= NATIONAL_ID_LEN:
            raise BadNationalId
        return cls(written.zfill(NATIONAL_ID_LEN))


@dataclass(frozen=True, order=True, slots=True, repr=False)
class FidaCode(Identifier):
    """The twelve-digit code of a foreigner registered in Iran."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{12}", self.value) or len(set(self.value)) == 1:
            raise BadFidaCode

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what somebody typed: any digits, with or without separators."""
        return cls(compact(text))


@dataclass(frozen=True, order=True, slots=True, repr=False)
class Mobile(Identifier):
    """An Iranian mobile number in E.164, ``+989…``."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\+989[0-9]{9}", self.value):
            raise BadMobile

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``09…``, ``9…``, ``+98 9…`` or ``0098 9…``, in any digits."""
        found = re.fullmatch(r"(?:\+98|0098|98|0)?(9[0-9]{9})", compact(text))
        if found is None:
            raise BadMobile
        return cls(f"+98{found[1]}")

    @property
    def local(self) -> str:
        """As it is dialled inside the country, ``09…``."""
        return f"0{self.value[3:]}"


def national_id_checksum(nine: str) -> int:
    """Return the tenth digit of a national ID from its first nine."""
    rest = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    rest %= 11
    return rest if rest < 2 else 11 - rest  # noqa: PLR2004


def synthetic_national_id(n: int) -> str:
    """Return the ``n``-th invented national ID: it starts with 999 and its checksum is valid.

    Args:
        n: from 0 to 999,998; each gives another ID.
    """
    if not 0 <= n < SYNTHETIC_IDS:
        raise ValueError(f"there are {SYNTHETIC_IDS} synthetic national IDs, and no number {n}")
    nine = f"999{n:06d}"
    return f"{nine}{national_id_checksum(nine)}"


def mint_tracking_code(random: Random) -> str:
    """Draw a tracking code: ten Crockford base-32 digits and a check symbol, 2⁴⁹·⁸ of them.

    Crockford's check is the number modulo 37, whose last five values are the symbols ``*~$=U``.
    They are hard to say, to find on a keypad and to keep in an address, so such draws are drawn
    again; the prime still catches every wrong digit and every swap of two neighbours.
    """
    while True:
        number = random.getrandbits(5 * CODE_LEN)
        check = number % CHECK_PRIME
        if check < len(CROCKFORD):
            return _base32(number) + CROCKFORD[check]


def parse_tracking_code(text: str) -> str:
    """Read a tracking code as people type it and return the eleven characters it stands for.

    Lower case, dashes, blanks and Persian digits are fine, O is taken for 0, I and L for 1.
    """
    code = compact(text).upper().translate(str.maketrans("OIL", "011"))
    if len(code) != CODE_LEN + 1 or not set(code) <= set(CROCKFORD):
        raise BadTrackingCode
    if _number(code[:CODE_LEN]) % CHECK_PRIME != CROCKFORD.index(code[CODE_LEN]):
        raise BadTrackingCode
    return code


def grouped(code: str) -> str:
    """Write a tracking code for the eye: ``7K3M-9QX2-VAT``."""
    return "-".join(code[group] for group in GROUPS)


def spoken(code: str) -> tuple[str, ...]:
    """Split a tracking code for the voice: groups of single characters, ``("7 K 3 M", …)``."""
    return tuple(" ".join(code[group]) for group in GROUPS)


def _base32(number: int) -> str:
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(5 * CODE_LEN - 5, -1, -5))


def _number(code: str) -> int:
    value = 0
    for symbol in code:
        value = value << 5 | CROCKFORD.index(symbol)
    return value
