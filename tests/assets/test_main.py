"""The command that builds, and tells what lacks Persian."""

from __future__ import annotations

from remote_court.assets.__main__ import main


def test_building_what_is_built_is_quiet_and_right(capsys):
    assert main([]) == 0
    assert main([]) == 0
    assert "fetching" not in capsys.readouterr().out


def test_what_lacks_persian_is_listed_and_entered_where_asked(capsys, monkeypatch, tmp_path):
    (tmp_path / "templates" / "visits").mkdir(parents=True)
    (tmp_path / "templates" / "visits" / "a.html").write_text("{{ _('Never said before') }}")
    (tmp_path / "locales" / "fa").mkdir(parents=True)
    monkeypatch.setattr("remote_court.assets.__main__.web_dir", lambda: tmp_path)
    assert main(["messages"]) == 1
    assert "  Never said before\n" in capsys.readouterr().out
    assert list((tmp_path / "locales" / "fa").iterdir()) == []
    assert main(["messages", "visits"]) == 1
    assert "people:" not in capsys.readouterr().out
    assert 'msgid "Never said before"' in (tmp_path / "locales" / "fa" / "visits.po").read_text()
