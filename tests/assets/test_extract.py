"""Every way of saying something to people is found, and belongs to a room."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

from remote_court.assets.extract import ROOMS, Text, append, room_of, texts, unused


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


def test_entries_to_fill_in_are_appended_once(tmp_path):
    (tmp_path / "locales" / "fa").mkdir(parents=True)
    file = tmp_path / "locales" / "fa" / "visits.po"
    file.write_text('msgid "old"\nmsgstr "کهنه"\n')
    lacking = [Text("new\nline", None, "a.py"), Text("%(n)s one", "%(n)s many", "b.html")]
    append(tmp_path, "visits", lacking)
    append(tmp_path, "visits", lacking)
    with file.open("rb") as po:
        entered = [message.id for message in read_po(po) if message.id]
    assert entered == ["old", "new\nline", ("%(n)s one", "%(n)s many")]


def test_an_entry_nobody_says_any_more_is_told(tmp_path):
    (tmp_path / "web" / "locales" / "fa").mkdir(parents=True)
    (tmp_path / "web" / "locales" / "fa" / "common.po").write_text('msgid "x"\nmsgstr "y"\n')
    (tmp_path / "package").mkdir()
    assert unused(tmp_path / "web", tmp_path / "package") == ["x"]
