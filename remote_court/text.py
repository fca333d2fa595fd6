"""Persian text: digits, search keys and numbers, for the eye and for the index.

What people typed is kept for display; only the key that a search compares is normalised.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

FA = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"
ASCII = "0123456789"

TO_FA = str.maketrans(ASCII + ARABIC, FA + FA)
TO_ASCII = str.maketrans(FA + ARABIC, ASCII + ASCII)
# Left-to-right mark and a true minus: in Persian a hyphen would land on the wrong side.
FA_NUMBER = str.maketrans({**dict(zip(ASCII, FA, strict=True)), ",": "٬", ".": "٫"})
FA_MINUS = "\u200e\u2212"

TATWEEL = "\u0640"
# Letters that keyboards and old records confuse. Marks (آ أ ۀ) fall off by decomposition.
SAME_LETTER = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ہ": "ه", TATWEEL: None}
)
INVISIBLE = frozenset({"Mn", "Me", "Cf"})


def fa_digits(text: str) -> str:
    """Write every ASCII or Arabic digit as a Persian one."""
    return text.translate(TO_FA)


def ascii_digits(text: str) -> str:
    """Write every Persian or Arabic digit as an ASCII one."""
    return text.translate(TO_ASCII)


def digits(text: str, locale: str) -> str:
    """Write the digits of ``text`` as a reader of ``locale`` expects them."""
    return fa_digits(text) if locale == "fa" else ascii_digits(text)


def normalise(text: str) -> str:
    """Return the key under which ``text`` is searched.

    One letter for the Arabic and the Persian yeh and kaf, ASCII digits, no case, no accents,
    no joiners or direction marks, no Tatweel, single spaces. Normalising twice changes nothing.
    """
    key = _once(text)
    while (again := _once(key)) != key:
        key = again
    return key


def _once(text: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c) not in INVISIBLE)
    return " ".join(ascii_digits(seen.translate(SAME_LETTER)).split())


def number(value: float | Decimal, locale: str) -> str:
    """Write a number with thousands separators, as ``locale`` writes it."""
    shown = f"{value:,}"
    if locale != "fa":
        return shown
    return shown.replace("-", FA_MINUS).translate(FA_NUMBER)
