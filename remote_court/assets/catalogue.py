"""The words of a language: every ``.po`` file of it, one per room, merged into one catalogue."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from . import web_dir

LOCALES = ("fa", "en")


@cache
def translations(locale: str) -> gettext.NullTranslations:
    """The merged catalogue of a language, read once; a message without entry is itself.

    Raises:
        ValueError: two rooms translate one message differently.
    """
    whole = Catalog(locale=locale)
    for message in messages(web_dir(), locale):
        known = whole.get(singular(message))
        if known and known.string and message.string and known.string != message.string:
            raise ValueError(f"two translations of {singular(message)!r}")
        if message.string:
            whole[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def messages(web: Path, locale: str) -> Iterator[Message]:
    """Every entry of a language's files."""
    for file in files(web, locale):
        with file.open("rb") as po:
            yield from (m for m in read_po(po, locale=locale, abort_invalid=True) if m.id)


def files(web: Path, locale: str) -> list[Path]:
    """The language's ``.po`` files, one per room."""
    return sorted((web / "locales" / locale).glob("*.po"))


def singular(message: Message) -> str:
    """What a message is looked up by."""
    return message.id if isinstance(message.id, str) else message.id[0]
