"""The registration form: by oneself, by a clerk at the desk, by headquarters for staff."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars import jalali
from remote_court.errors import Invalid
from remote_court.identifiers import FidaCode, Mobile
from remote_court.people import queries
from remote_court.people.persons import Gender
from remote_court.people.refusals import BadCountry
from remote_court.people.register import Registration
from remote_court.places import queries as places
from remote_court.server.fields import Fields

NAMES = ("identifier", "given_name", "family_name", "gender", "born_on", "mobile", "province_code")
NAME_LONGEST = 80
JOINER = "\u200c"
COUNTRY_LETTERS = 2


async def provinces(session: AsyncSession, locale: str) -> Sequence[tuple[str, str]]:
    """Codes and names for the form."""
    return list((await places.province_names(session, locale)).items())


def values(form: Fields | None) -> dict[str, str]:
    """What was typed, to be shown again."""
    names = (*NAMES, "nationality", "speaks_persian")
    return {name: form.text(name) if form else "" for name in names}


def name(typed: str) -> str:
    """Read a name.

    Raises:
        Invalid: it is too long, or holds what no name holds.
    """
    seen = typed.replace(JOINER, "")  # as in علی‌رضا
    if len(typed) > NAME_LONGEST or not seen.isprintable() or any(c.isdigit() for c in seen):
        raise Invalid
    return " ".join(typed.split())


def read(form: Fields, codes: Sequence[tuple[str, str]], locale: str) -> Registration | None:
    """The registration, or none with the errors noted in the form."""
    who = form.read("identifier", queries.identifier)
    given, family = form.read("given_name", name), form.read("family_name", name)
    gender, born_on = form.read("gender", Gender), form.read("born_on", jalali.read)
    mobile = form.read("mobile", Mobile.parse)
    province = form.read("province_code", {code: code for code, _ in codes}.__getitem__)
    foreign = isinstance(who, FidaCode)
    country = form.read("nationality", nationality) if foreign else "IR"
    if form.errors or not (
        who and given and family and gender and born_on and mobile and province and country
    ):
        return None
    return Registration(
        who=who,
        given_name=given,
        family_name=family,
        gender=gender,
        born_on=born_on,
        mobile=mobile,
        province_code=province,
        nationality=country,
        speaks_persian=not foreign or bool(form.text("speaks_persian")),
        locale=locale,
    )


def nationality(typed: str) -> str:
    """Read a country's two letters.

    Raises:
        BadCountry: they are not two letters.
    """
    code = typed.upper()
    if len(code) != COUNTRY_LETTERS or not code.isascii() or not code.isalpha():
        raise BadCountry
    return code
