"""Persian text: digits, search keys and numbers, for the eye and for the index.

What people typed is kept for display; only the key that a search compares is normalised.
"""

from __future__ import annotations

import re
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


# The order of a Persian dictionary. Unicode keeps Arabic's: it has پ چ ژ ک گ ی behind the other
# letters, and ه before و. `SORTED_AS` are other letters, each at the place of one of these.
ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
SAME_PLACE = {"أ": "ا", "إ": "ا", "ٱ": "ا", "ء": "ا", "ؤ": "و", "ئ": "ی", "ۀ": "ه", "ۂ": "ه"}
SORTED_AS = {chr(c): same for c, same in SAME_LETTER.items() if same} | SAME_PLACE
PLACES = {letter: chr(0x80 + place) for place, letter in enumerate(ALPHABET)}
PLACED = str.maketrans(PLACES | {letter: PLACES[same] for letter, same in SORTED_AS.items()})
NUMBER = re.compile(r"[0-9]+")
NUMBER_LEN = 12


def sort_key(text: str) -> str:
    """Return what names are sorted by: آ before ا, پ after ب, و before ه, ی last.

    Arabic and Persian yeh and kaf are one letter, as are an alef and its hamza; vowel signs,
    joiners, Tatweel and case do not count; a shorter first word goes first; numbers go by their
    value, and Latin letters before Persian ones.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(c for c in folded if c != TATWEEL and unicodedata.category(c) not in INVISIBLE)
    words = " ".join(ascii_digits(seen).split())
    return NUMBER.sub(lambda found: found[0].zfill(NUMBER_LEN), words).translate(PLACED)


DROPPED = f"\u200c\u200d{TATWEEL}"
SORT_FROM = "".join(map(chr, PLACED)) + FA + ARABIC + DROPPED
SORT_TO = "".join(PLACED.values()) + ASCII + ASCII


def sort_expression(column: str) -> str:
    """SQL that orders by a column as `sort_key` does, but for numbers and vowel signs.

    A PostgreSQL without ICU knows no Persian order. ``column`` goes into the statement as it is:
    a name of ours, never what somebody typed.
    """
    return f"translate(lower({column}), '{SORT_FROM}', '{SORT_TO}') COLLATE \"C\""
