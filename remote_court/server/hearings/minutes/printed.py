"""The minutes as a document: A4, in Persian, the court's language, as PDF/A-3b.

PDF/A-3 is PDF/A-2 that may carry any attached file: the signatures are one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from remote_court.assets import web_dir
from remote_court.hearings.diary_queries import SittingLine
from remote_court.hearings.in_call_facts import HearingFacts
from remote_court.hearings.minutes.draft import Section
from remote_court.hearings.minutes.models import Minutes
from remote_court.hearings.minutes.roll import Called
from remote_court.server.filters import Speech
from remote_court.server.hearings import words
from remote_court.server.hearings.minutes.words import SECTION, VERIFIED

COURTS_LANGUAGE = "fa"


def pdf(
    line: SittingLine,
    facts: HearingFacts,
    minutes: Minutes,
    called: Sequence[Called],
    record: Sequence[str],
    now: datetime,
) -> bytes:
    """The document."""
    speech = Speech(COURTS_LANGUAGE)
    gettext = speech.gettext
    told = {
        "title": gettext("Minutes of the session"),
        "court": court(facts, speech),
        "facts": [
            [gettext("Case number"), f"\u2066{speech.digits(line.case_number)}\u2069"],
            [gettext("Subject"), line.subject],
            [gettext("Session"), speech.jdatetime(line.starts_at, "long")],
        ],
        "roll_title": gettext("Roll call"),
        "roll_head": [gettext("Name"), gettext("Part"), gettext("Present"), gettext("Identity")],
        "roll": [row(one, speech) for one in called],
        "sections": [
            [gettext(SECTION[section]), str(minutes.sections.get(section) or "—")]
            for section in Section
        ],
        "record_title": gettext("From the record of the system"),
        "record": list(record),
        "footer": gettext(
            "Closed %(moment)s. The signatures are attached to this file; remote-court minutes "
            "verify proves them."
        )
        % {"moment": speech.jdatetime(now, "long")},
    }
    made: Any = compiler().compile(
        sys_inputs={"facts": json.dumps(told)}, format="pdf", pdf_standards="a-3b"
    )
    return bytes(made)


def court(facts: HearingFacts, speech: Speech) -> str:
    """Which court sat."""
    branch = speech.gettext("branch %(number)s") % {"number": speech.digits(facts.branch_number)}
    return f"{speech.gettext(words.FORUM[facts.forum])}، {branch}، {facts.complex_names['fa']}"


def row(one: Called, speech: Speech) -> list[str]:
    """Somebody of the roll."""
    gettext, ticked = speech.gettext, one.ticked
    called = words.SEAT[one.role] if one.on_bench else words.ROLE[one.role]
    how = gettext(VERIFIED[ticked.verified]) if ticked.verified else "—"
    return [one.name, gettext(called), gettext("Yes") if ticked.present else gettext("No"), how]


@cache
def compiler() -> typst.Compiler:
    """The compiled layout and its fonts, loaded once."""
    fonts = [str(path) for path in (web_dir() / "static" / "vendor").glob("print-fonts-*")]
    layout = files("remote_court.server.hearings.minutes") / "minutes.typ"
    return typst.Compiler(str(layout), font_paths=fonts)
