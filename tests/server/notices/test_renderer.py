"""Letters: every kind in both languages, with the parameters of everybody who writes one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from remote_court.assets.catalogue import LOCALES
from remote_court.identifiers import grouped
from remote_court.notices.messages import MessageKind
from remote_court.notices.ports import Addressee, Due, Unwritable
from remote_court.people import Gender, Role
from remote_court.server.notices.hearing_words import KINDS
from remote_court.server.notices.plain_text import tidy
from remote_court.server.notices.renderer import EVENTS, LetterTemplates
from remote_court.visits.in_letters import VisitOccasion
from remote_court.visits.models import VisitKind
from remote_court.visits.queries import Visitor, VisitView
from remote_court.visits.status import Status
from remote_court.visits.withdraw import MANDATE_ENDED, NOT_BOOKABLE, PERMIT_ENDED, RELEASED
from tests.world import FREE_START, NOON

K = MessageKind
START = FREE_START.isoformat()
CODE = "123456789AB"
COOLDOWN = {"after": 2, "within_days": 60, "pause_days": 14}
PRODUCED: list[tuple[MessageKind, dict[str, object]]] = [
    (K.BOOKED, {}),
    (K.REQUESTED, {}),
    (K.MOVED, {}),
    (K.MOVED, {"room_id": 1004}),
    (K.MOVED, {"prison_id": 1001}),
    (K.MOVED, {"companion": True}),
    (K.DISPLACED, {"reason": "تعمیر سقف", "starts_at": START}),
    (K.DISPLACED, {"reason": "The prisoner is in hospital.", "starts_at": START}),
    (K.LAPSED, {"reason": "تعمیر سقف", "starts_at": START}),
    (K.LAPSED, {"unanswered": True}),
    (K.LAPSED, {"displaced": True, "reason": "تعمیر سقف"}),
    (K.LAPSED, {"displaced": True, "reason": None}),
    *((K.CANCELLED, {"by": by}) for by in ("family", "lawyer", "office_clerk", "prison_officer")),
    *(
        (K.CANCELLED, {"by": "prison_officer", "reason": reason.message})
        for reason in (RELEASED, PERMIT_ENDED, MANDATE_ENDED)
    ),
    (K.CANCELLED, {"by": "prison_officer", "reason": NOT_BOOKABLE.message, "until": "2026-12-22"}),
    (K.APPROVED, {}),
    (K.REFUSED, {"reason": "مدارک کافی نیست", "appeal": True}),
    (K.REMINDER, {"starts_at": START, "hours": 24}),
    (K.REMINDER, {"starts_at": START, "hours": 2}),
    *(
        (
            K.MISSED,
            {"cause": cause, "counts": counts} | COOLDOWN,
        )
        for cause, counts in (
            ("visitor_absent", True),
            ("visitor_absent", False),
            ("inmate_absent", False),
            ("interpreter_absent", False),
            ("network", False),
        )
    ),
    *((K.ACCOUNT, {"event": event}) for event in sorted(EVENTS)),
    *(
        (K.CODE, {"code": "012345", "purpose": purpose, "minutes": 2, "expires_at": START})
        for purpose in ("sign-in", "password")
    ),
]
INMATE, MOTHER, COUSIN = "علی‌رضا گلپایگانی", "مریم کریمی‌نژاد", "D'Arcy & <b>Sons</b>"
VISIT = VisitView(
    id=7, kind=VisitKind.FAMILY, status=Status.BOOKED, tracking_code=CODE,
    starts_at=FREE_START, ends_at=FREE_START + timedelta(minutes=20), hold_until=NOON,
    inmate_id=1, inmate=INMATE, office_id=2, office_fa="دفتر آزادی", office_en="Azadi office",
    office_address_fa="خیابان آزادی، پلاک ۱۲", office_address_en="12 Azadi St",
    office_phone="+985433220000", office_lat=29.5, office_lon=60.86,
    office_city_fa="زاهدان", office_city_en="Zahedan",
    prison_id=3, prison_fa="ندامتگاه تهران", prison_en="Tehran prison",
    room_fa="اتاق 2", room_en="Room 2", booth_fa="کابین 1", booth_en="Booth 1",
    booked_for=4, booked_for_name=MOTHER, operator_id=None, operator=None, consent=None,
    needs_interpreter=True, needs_step_free=False, decision_reason=None,
    cancelled_as=None, cancel_reason="کابین خراب است", displaced_reason=None,
    checked_in_at=None, opened_at=None, closed_at=None, lost_seconds=None, lost_reason=None,
    visitors=(Visitor(4, MOTHER, True, True), Visitor(5, COUSIN, False, False)),
)  # fmt: skip
WORDS = LetterTemplates("149")
EVERY = list(itertools.product(PRODUCED, LOCALES))


def due(kind: MessageKind, params: dict[str, object], visit: VisitView | None = VISIT) -> Due:
    to = Addressee(4, MOTHER, Gender.FEMALE, "fa", "+989120000001")
    occasion = VisitOccasion(visit) if visit else None
    return Due(outbox_id=1, kind=kind, to=to, session_id=7, occasion=occasion, params=params)


def written(kind, params, locale, **changes):
    return WORDS.render(due(kind, params, replace(VISIT, **changes)), locale)


def test_every_kind_has_somebody_who_writes_it():
    assert {kind for kind, _ in PRODUCED} | KINDS == set(MessageKind)


@pytest.mark.parametrize(("produced", "locale"), EVERY)
def test_every_letter_has_words_in_both_languages(produced, locale):
    letter = WORDS.render(due(*produced), locale)
    for text in (letter.subject, letter.body, letter.short):
        assert text
        assert "%(" not in text
        assert "None" not in text
        assert text == tidy(text)
    assert "\n" not in letter.subject
    assert len(letter.subject) <= 90
    assert len(letter.short) <= 335, "five parts of a Persian text message at most"


@pytest.mark.parametrize(("produced", "locale"), EVERY)
def test_nothing_is_escaped(produced, locale):
    letter = WORDS.render(due(*produced), locale)
    assert not any(sign in letter.body for sign in ("&amp;", "&lt;", "&#", "<bdi"))


@pytest.mark.parametrize(("produced", "locale"), EVERY)
def test_a_telephone_names_no_person(produced, locale):
    short = WORDS.render(due(*produced), locale).short
    assert not any(name in short for name in (INMATE, MOTHER, COUSIN))


@pytest.mark.parametrize(("produced", "locale"), EVERY)
def test_no_letter_claims_to_be_service(produced, locale):
    letter = WORDS.render(due(*produced), locale)
    said = f"{letter.subject} {letter.body} {letter.short}".lower()
    assert not any(word in said for word in ("ابلاغ", "احضار", "served", "summons", "notice of"))


@pytest.mark.parametrize("produced", PRODUCED)
def test_a_persian_letter_has_persian_words_and_digits(produced):
    letter = WORDS.render(due(*produced), "fa")
    for text in (letter.subject, letter.body, letter.short):
        kept = text.replace(grouped(CODE), "").replace("012345", "").replace(COUSIN, "")
        assert not any(c.isascii() and c.isalnum() for c in kept), kept


def test_a_booking_tells_when_where_and_what_to_bring():
    body = written(K.BOOKED, {}, "fa").body
    for words in (
        "یکشنبه ۸ آذر ۱۴۰۵، ساعت ۰۹:۳۰ تا ۰۹:۵۰", "دفتر آزادی", "خیابان آزادی، پلاک ۱۲",
        "اتاق ۲", "کارت ملی", "شناسنامه", "مترجم", f"\u200e{grouped(CODE)}\u200e", "۱۴۹",
    ):  # fmt: skip
        assert words in body
    alone = written(K.BOOKED, {}, "fa", visitors=VISIT.visitors[:1], needs_interpreter=False).body
    assert "شناسنامه" not in alone
    assert "مترجم" not in alone


@pytest.mark.parametrize(
    ("by", "words", "reason"),
    [
        (Role.FAMILY, "as you wished", False),
        (Role.LAWYER, "as you wished", False),
        (Role.OFFICE_CLERK, "The office cancelled", True),
        (Role.PRISON_OFFICER, "The prison cancelled", True),
    ],
)
def test_a_cancelling_tells_by_whom_and_staff_say_why(by, words, reason):
    body = written(K.CANCELLED, {"by": by}, "en").body
    assert words in body
    assert ("کابین خراب است" in body) is reason


def test_a_ban_tells_from_when_and_no_more():
    params = {"by": "prison_officer", "reason": NOT_BOOKABLE.message, "until": "2026-12-22"}
    body = written(K.CANCELLED, params, "fa", cancel_reason=NOT_BOOKABLE.message).body
    assert "از سه‌شنبه ۱ دی ۱۴۰۵ دوباره می‌توانید" in body
    assert NOT_BOOKABLE.message not in body


def test_a_displaced_visit_tells_the_start_it_lost():
    lost = {"reason": "تعمیر سقف", "starts_at": START}
    letter = written(K.DISPLACED, lost, "fa", starts_at=FREE_START + timedelta(days=9))
    assert "۸ آذر ۱۴۰۵" in letter.short
    assert "تعمیر سقف" in letter.body
    assert "تعمیر سقف" not in letter.short


def test_a_refusal_tells_the_reason_and_who_can_look_again():
    body = written(K.REFUSED, {"reason": "مدارک کافی نیست", "appeal": True}, "fa").body
    assert "مدارک کافی نیست" in body
    assert "قاضی اجرای احکام" in body


def test_a_moved_request_still_waits_for_the_prison():
    assert "must still agree" in written(K.MOVED, {}, "en", status=Status.REQUESTED).body
    assert "must still agree" not in written(K.MOVED, {}, "en").body


def test_who_must_have_an_interpreter_named_reads_whom_to_ask_and_nothing_of_a_sentence():
    told = written(K.MOVED, {"companion": True}, "en")
    assert told.subject == "Your visit needs an interpreter"
    assert "ask the office before the day to name them" in told.body
    assert "convict" not in told.body + told.short


def test_a_man_is_addressed_as_one():
    father = replace(due(K.BOOKED, {}), to=Addressee(4, "رضا نوری", Gender.MALE, "fa", None))
    assert WORDS.render(father, "fa").body.startswith("آقای \u2068رضا نوری\u2069 گرامی،")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_code_is_in_digits_that_telephones_copy(locale):
    letter = WORDS.render(due(*PRODUCED[-1]), locale)
    assert "012345" in letter.short


@pytest.mark.parametrize(
    ("kind", "params", "visit"),
    [
        (K.BOOKED, {}, None),
        (K.NOTICE, {"number": CODE}, VISIT),
        (K.LISTED, {}, VISIT),
        (K.BOOKED, {"surprise": 1}, VISIT),
        (K.CANCELLED, {"by": "family", "until": "soon"}, VISIT),
        (K.DISPLACED, {"starts_at": 5}, VISIT),
        (K.ACCOUNT, {}, None),
        (K.ACCOUNT, {"event": "closed"}, None),
        (K.CODE, {"minutes": 2}, None),
        (K.CODE, {"code": "012345", "purpose": "fun", "minutes": 2}, None),
    ],
)
def test_what_is_not_known_has_no_words(kind, params, visit):
    with pytest.raises(Unwritable):
        WORDS.render(due(kind, params, visit), "fa")
