"""Words: every text people read has Persian, once, with the same places to fill."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import remote_court
from remote_court.assets import web_dir
from remote_court.assets.catalogue import LOCALES, files, messages, translations
from remote_court.assets.extract import ROOMS, untranslated

PACKAGE = Path(remote_court.__file__).parent
PLACES = re.compile(r"%\((\w+)\)s")


def test_every_text_has_persian():
    assert [f"{text.file}: {text.message}" for text in untranslated(web_dir(), PACKAGE)] == []


def test_persian_fills_the_same_places():
    for message in messages(web_dir(), "fa"):
        said = message.string if isinstance(message.string, str) else message.string[0]
        assert set(PLACES.findall(said)) <= set(PLACES.findall(str(message.id))), message.id


@pytest.mark.parametrize("file", files(web_dir(), "fa"), ids=lambda f: f.name)
def test_no_file_has_a_text_twice(file):
    said = Counter(re.findall(r'^msgid (".*(?:\n".*)*)', file.read_text(), re.MULTILINE))
    assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("file", files(web_dir(), "fa"), ids=lambda f: f.name)
def test_persian_is_written_with_persian_letters(file):
    said = "".join(re.findall(r"^msgstr.*(?:\n\".*)*", file.read_text(), re.MULTILINE))
    assert re.findall("[يك]", said) == []


def test_each_file_is_a_rooms():
    assert {file.stem for file in files(web_dir(), "fa")} <= set(ROOMS)


def test_a_text_without_entry_says_itself():
    assert translations("en").gettext("Never written down") == "Never written down"


def test_persian_has_one_plural_form():
    say = translations("fa").ngettext
    assert say("%(n)s hour", "%(n)s hours", 1) == say("%(n)s hour", "%(n)s hours", 5)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_loads(locale):
    assert translations(locale) is translations(locale)
