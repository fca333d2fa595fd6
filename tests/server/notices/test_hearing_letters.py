"""Letters and notices of hearings: every kind in both languages, and nothing of a guarded case."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from remote_court.assets.catalogue import LOCALES
from remote_court.hearings.forums import Forum
from remote_court.hearings.in_letters import HearingOccasion
from remote_court.hearings.letter_queries import HearingView, Part
from remote_court.hearings.roles import Mode, PartyRole, Site
from remote_court.hearings.status import Status
from remote_court.identifiers import grouped
from remote_court.notices.messages import MessageKind
from remote_court.notices.ports import Addressee, Due, Unwritable
from remote_court.people import Gender
from remote_court.server.notices.hearing_words import AS, BRANCH, KINDS
from remote_court.server.notices.plain_text import tidy
from remote_court.server.notices.renderer import LetterTemplates
from tests.world import FREE_START

K = MessageKind
NUMBER = "123456789AB"
TOLD = {"notice_id": 5, "number": NUMBER, "date_no": 1}
LOST = (FREE_START - timedelta(days=2)).isoformat()
PRODUCED: list[tuple[MessageKind, dict[str, object]]] = [
    (K.LISTED, {}),
    (K.CONFIRMED, {}),
    (K.MOVED, {"starts_at": LOST}),
    (K.DISPLACED, {}),
    (K.CANCELLED, {}),
    (K.ADJOURNED, {}),
    (K.LATE, {}),
    (K.LATE, {"minutes": 40}),
    (K.MINUTES, {}),
    (K.REMINDER, {"starts_at": FREE_START.isoformat(), "hours": 72}),
    *(
        (K.NOTICE, TOLD | {"occasion": occasion, "method": method})
        for occasion in ("listed", "moved", "cancelled")
        for method in ("sana", "officer", "publication")
    ),
]
SUBJECT, CASE = "رابطهٔ نامشروع", "140599900000000017"
OFFICE = Part(
    person_id=4,
    role=PartyRole.ACCUSED,
    site=Site.OFFICE,
    place={"fa": "دفتر آزادی", "en": "Azadi office"},
    address={"fa": "خیابان آزادی، پلاک ۱۲", "en": "12 Azadi St"},
    room={"fa": "اتاق 2", "en": "Room 2"},
)
OPEN = HearingView(
    id=7, status=Status.PROVISIONAL, starts_at=FREE_START,
    ends_at=FREE_START + timedelta(minutes=25), date_no=1, mode=Mode.REMOTE, case_number=CASE,
    sub_row="2", subject=SUBJECT, guarded=False, forum=Forum.CRIMINAL_TWO, branch_id=3,
    branch_number=104, complex={"fa": "مجتمع صدر", "en": "Sadr complex"},
    city={"fa": "تهران", "en": "Tehran"}, parts=(OFFICE,),
)  # fmt: skip
GUARDED = replace(OPEN, guarded=True)
NAME = "مریم کریمی‌نژاد"
WORDS = LetterTemplates("149")
EVERY = list(itertools.product(PRODUCED, LOCALES, (OPEN, GUARDED)))


def due(kind, params, hearing=OPEN, **changes) -> Due:
    to = Addressee(4, NAME, Gender.FEMALE, "fa", "+989120000001")
    occasion = HearingOccasion(replace(hearing, **changes))
    return Due(outbox_id=1, kind=kind, to=to, session_id=7, occasion=occasion, params=params)


def test_every_kind_of_hearings_is_here():
    assert {kind for kind, _ in PRODUCED} == KINDS


def test_every_role_and_court_has_a_name():
    assert set(AS) == set(PartyRole)
    assert set(BRANCH) == set(Forum)


@pytest.mark.parametrize(("produced", "locale", "hearing"), EVERY)
def test_every_letter_has_words_in_both_languages(produced, locale, hearing):
    letter = WORDS.render(due(*produced, hearing), locale)
    for text in (letter.subject, letter.body, letter.short):
        assert text
        assert "%(" not in text
        assert "None" not in text
        assert text == tidy(text)
    assert "\n" not in letter.subject
    assert len(letter.subject) <= 90
    assert len(letter.short) <= 335
    assert not any(sign in letter.body for sign in ("&amp;", "&lt;", "&#", "<bdi"))


@pytest.mark.parametrize(("produced", "locale", "hearing"), EVERY)
def test_a_telephone_learns_no_person_no_court_and_no_case(produced, locale, hearing):
    short = WORDS.render(due(*produced, hearing), locale).short
    courts = ("دادگاه کیفری", "criminal", "شعبه", "branch", "104", "۱۰۴", "صدر", "Sadr")
    cases = (SUBJECT, CASE, "۱۴۰۵۹۹۹۰۰۰۰۰۰۰۰۰۱۷", "متهم", "accused")
    assert not any(word in short for word in (NAME, *courts, *cases))


@pytest.mark.parametrize(("produced", "locale", "hearing"), EVERY)
def test_only_an_open_cases_notice_says_what_it_is_about(produced, locale, hearing):
    letter = WORDS.render(due(*produced, hearing), locale)
    said = f"{letter.subject} {letter.body} {letter.short}"
    tells = produced[0] is K.NOTICE and not hearing.guarded
    assert (SUBJECT in said) is tells


@pytest.mark.parametrize(
    ("produced", "locale"),
    list(itertools.product([one for one in PRODUCED if one[0] is not K.NOTICE], LOCALES)),
)
def test_no_letter_of_a_guarded_case_names_its_court_or_its_number(produced, locale):
    letter = WORDS.render(due(*produced, GUARDED), locale)
    said = f"{letter.subject} {letter.body} {letter.short}"
    hidden = (CASE, "۱۴۰۵۹۹۹", "کیفری", "criminal court", "صدر", "Sadr", "104", "۱۰۴")
    assert [word for word in hidden if word in said] == []
    opened = WORDS.render(due(*produced, OPEN), locale).body
    assert [word for word in hidden if word in opened], "the probe sees what an open case names"


@pytest.mark.parametrize("produced", PRODUCED)
def test_a_persian_letter_has_persian_words_and_digits(produced):
    letter = WORDS.render(due(*produced), "fa")
    for text in (letter.subject, letter.body, letter.short):
        kept = text.replace(grouped(NUMBER), "")
        assert not any(c.isascii() and c.isalnum() for c in kept), kept


@pytest.mark.parametrize("kind", sorted(KINDS - {K.NOTICE}))
def test_no_letter_claims_to_be_service(kind):
    letter = WORDS.render(due(*next(one for one in PRODUCED if one[0] is kind)), "en")
    said = f"{letter.subject} {letter.body}".lower()
    assert not any(word in said for word in ("served", "you are summoned"))


def notice(occasion="listed", method="sana", locale="en", **changes):
    params = TOLD | {"occasion": occasion, "method": method}
    return WORDS.render(due(K.NOTICE, params, **changes), locale).body


def test_a_summons_has_what_the_law_asks():
    body = notice(locale="fa")
    for words in (
        NAME, "یکشنبه ۸ آذر ۱۴۰۵، ساعت ۰۹:۳۰ تا ۰۹:۵۵", "دفتر آزادی", "اتاق ۲", "متهم",
        "شعبهٔ ۱۰۴ دادگاه کیفری دو", "۱۴۰۵۹۹۹۰۰۰۰۰۰۰۰۰۱۷، ردیف فرعی ۲",
        "حق دارید وکیل همراه داشته باشید", "جلب", "مادهٔ ۱۳ آیین‌نامهٔ ۱۳۹۵", SUBJECT,
    ):  # fmt: skip
        assert words in body


@pytest.mark.parametrize(
    ("role", "forum", "words"),
    [
        (PartyRole.ACCUSED, Forum.CRIMINAL_TWO, "brought before the court"),
        (PartyRole.CONVICT, Forum.CRIMINAL_ONE, "brought before the court"),
        (PartyRole.COMPLAINANT, Forum.CRIMINAL_TWO, "prove your excuse"),
        (PartyRole.WITNESS, Forum.PROSECUTION, "prove your excuse"),
        (PartyRole.DEFENDANT, Forum.CIVIL, "decide without those"),
    ],
)
def test_a_summons_says_what_follows_for_whom(role, forum, words):
    assert words in notice(forum=forum, parts=(replace(OFFICE, role=role),))


@pytest.mark.parametrize(
    ("site", "words"),
    [
        (Site.OFFICE, "Azadi office"),
        (Site.PRISON, "The prison brings you"),
        (Site.OWN_DEVICE, "your own device"),
        (Site.COURTROOM, "the branch's courtroom"),
    ],
)
def test_a_summons_says_from_where(site, words):
    assert words in notice(parts=(replace(OFFICE, site=site),))


def test_a_cancelled_date_asks_nobody_to_come():
    body = notice("cancelled")
    assert "You need not come." in body
    assert "You have the right" not in body


@pytest.mark.parametrize(
    ("method", "words"),
    [("sana", "article 13"), ("publication", "by its publication"), ("officer", "by an officer")],
)
def test_a_notice_says_how_it_serves(method, words):
    assert words in notice(method=method)


@pytest.mark.parametrize("kind", [K.BOOKED, K.MISSED, K.APPROVED, K.REFUSED])
def test_a_visits_letter_has_no_words_of_a_hearing(kind):
    with pytest.raises(Unwritable):
        WORDS.render(due(kind, {}), "fa")


def test_a_move_names_the_start_it_lost():
    with pytest.raises(Unwritable):
        WORDS.render(due(K.MOVED, {}), "fa")
