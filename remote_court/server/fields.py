"""What somebody typed into a form: read field by field, each error beside its field."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, time
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from remote_court.errors import Invalid
from remote_court.server.locale import N_, translate
from remote_court.server.problems import NEEDED, NOT_RIGHT, said
from remote_court.text import ascii_digits

Value = TypeVar("Value")
LONGEST = 2000
LONGEST_TEXT = 50_000
WANTED: Mapping[str, str] = {
    "identifier": N_("Enter the national ID or the foreigner's code."),
    "password": N_("Enter the password."),
    "again": N_("Enter the new password once more."),
    "present": N_("Enter your present password."),
    "code": N_("Enter the code."),
    "given_name": N_("Enter the first name."),
    "family_name": N_("Enter the family name."),
    "gender": N_("Choose woman or man."),
    "born_on": N_("Enter the date of birth."),
    "mobile": N_("Enter the mobile number."),
    "province_code": N_("Choose the province."),
    "nationality": N_("Enter the country of nationality."),
}
"""What to say of an empty field, where more can be said than that it is needed."""


class Fields:
    """The fields of a sent form; ``errors`` grows while they are read."""

    def __init__(self, request: Request, form: FormData) -> None:
        self._request, self._form = request, form
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        """What was typed, without blanks around; empty when nothing was."""
        value = self._form.get(name)
        return value.strip()[:LONGEST] if isinstance(value, str) else ""

    def long_text(self, name: str) -> str:
        """What was typed into a text of several pages, its lines ended alike."""
        value = self._form.get(name)
        typed = value.strip()[:LONGEST_TEXT] if isinstance(value, str) else ""
        return typed.replace("\r\n", "\n")

    def all(self, name: str) -> list[str]:
        """Every value chosen under a name."""
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """The file that was chosen; none where none was."""
        value = self._form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def pairs(self, *but: str) -> list[tuple[str, str]]:
        """Every field but these, to be carried on to the next page of several."""
        return [(k, v) for k, v in self._form.multi_items() if isinstance(v, str) and k not in but]

    def read(self, name: str, reader: Callable[[str], Value]) -> Value | None:
        """What ``reader`` makes of a field; none, with an error noted, when it refuses it."""
        typed = self.text(name)
        if not typed:
            self.errors[name] = translate(self._request, WANTED.get(name, NEEDED))
            return None
        try:
            return reader(typed)
        except Invalid as refusal:
            self.errors[name] = said(self._request, refusal)
        except (ValueError, KeyError):
            self.errors[name] = translate(self._request, NOT_RIGHT)
        return None

    def refuse(self, refusal: Invalid, default: str = "") -> None:
        """Note a use case's refusal beside the field it names."""
        self.errors[refusal.where or default] = said(self._request, refusal)

    def note(self, name: str, message: str) -> None:
        """Note an error in words of our own."""
        self.errors[name] = translate(self._request, message)


def wall_clock(text: str) -> time:
    """Read ``8:30`` in any digits."""
    return datetime.strptime(ascii_digits(text), "%H:%M").time()  # noqa: DTZ007 - a wall clock


async def fields(request: Request) -> AsyncIterator[Fields]:
    """The sent form; files in it are closed with the request."""
    form = await request.form()
    try:
        yield Fields(request, form)
    finally:
        await form.close()


Form = Annotated[Fields, Depends(fields)]
