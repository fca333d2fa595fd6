"""Words: every text people read has Persian, once, with the same places to fill."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import remote_court
from remote_court.assets import web_dir
from remote_court.assets.catalogue import LOCALES, files, messages, translations
from remote_court.assets.extract import ROOMS, room_of, texts, untranslated

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


@pytest.mark.parametrize(
    ("file", "room"),
    [
        ("web/templates/visits/new.html", "visits"),
        ("remote_court/visits/rules.py", "visits"),
        ("remote_court/server/office/pages.py", "office"),
        ("remote_court/server/nav.py", "server"),
        ("web/templates/base.html", "common"),
        ("remote_court/calendars/jalali.py", "common"),
    ],
)
def test_a_text_belongs_to_its_files_room(file, room):
    assert room_of(file) == room
    assert room in ROOMS


def test_all_ways_of_saying_something_are_found(tmp_path):
    package = tmp_path / "remote_court"
    package.mkdir()
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "templates" / "a.html").write_text(
        "{{ _('one') }}{% trans n=2 %}{{ n }} two{% pluralize %}{{ n }} twos{% endtrans %}"
    )
    (package / "a.py").write_text(
        'class Refusal(Exception): "three"\n'
        'class Mine(base.Refusal):\n    """four\n\n    more"""\n'
        'class Other: "no"\n'
        'Reason("code", "five"); Reason("code", message="six"); N_("seven")\n'
        'say.ngettext("eight", "eights", 2); print("no")\n'
    )
    found = {text.message for text in texts(tmp_path / "web", package)}
    assert found == {"one", "%(n)s two", "three", "four", "five", "six", "seven", "eight"}
