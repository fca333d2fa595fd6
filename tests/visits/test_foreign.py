"""The rules of visits to foreigners by their branches: pure, over the shipped policy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remote_court.visits import company, rules
from remote_court.visits.bans import BanKind
from remote_court.visits.facts import BanFacts
from remote_court.visits.foreign import followed, papers_needed, with_papers
from remote_court.visits.models import VisitKind
from tests.visits.test_rules import ASKED, COUNSEL, DAY, DAYS, FACTS, MOTHER, RULE, STRANGER

TWO = frozenset({"mfa_letter", "prosecutor_general"})
CONSUL = replace(STRANGER, speaks_persian=False, papers=TWO)
PRISONER = replace(FACTS.inmate, speaks_persian=False)
CONSULAR = replace(ASKED, kind=VisitKind.CONSULAR, booked_for=CONSUL.person_id)
VISIT = replace(FACTS, inmate=PRISONER, visitors=(CONSUL,))
CONVICT = replace(VISIT, inmate=replace(PRISONER, security_convict=True))


def codes(rule, asked, facts):
    return [reason.code for reason in rule(asked, facts, RULE)]


def test_a_consul_with_every_paper_comes_and_uses_nobodys_week():
    used_up = replace(VISIT, used_by_inmate=5, visitors=(replace(CONSUL, used=5),))
    assert rules.refusals(CONSULAR, used_up, RULE) == []
    assert company.of_right(VisitKind.CONSULAR, VISIT, RULE)


@pytest.mark.parametrize(
    ("papers", "on_remand", "lawful"),
    [
        (TWO, False, True),
        (TWO, True, False),
        (TWO | {"handling_judge"}, True, True),
        ({"mfa_letter"}, False, False),
        ({"prosecutor_general"}, False, False),
        (frozenset(), False, False),
    ],
)
def test_before_the_final_sentence_the_handling_judge_agrees_too(papers, on_remand, lawful):
    inmate = replace(PRISONER, on_remand=on_remand)
    facts = replace(VISIT, inmate=inmate, visitors=(replace(CONSUL, papers=frozenset(papers)),))
    assert codes(with_papers, CONSULAR, facts) == ([] if lawful else ["no-consular-papers"])
    assert set(papers_needed(on_remand, RULE)) == (TWO | {"handling_judge"} if on_remand else TWO)


def test_papers_are_asked_of_consuls_alone():
    assert codes(with_papers, ASKED, FACTS) == []


def test_a_relative_cannot_come_as_a_consul_beside_one():
    assert codes(with_papers, CONSULAR, replace(VISIT, visitors=(CONSUL, MOTHER))) == [
        "no-consular-papers"
    ]
    reasons = rules.strangers(
        VisitKind.CONSULAR, 2, replace(VISIT, visitors=(CONSUL, MOTHER)), RULE
    )
    assert [r.code for r in reasons] == ["no-consular-papers"]


@pytest.mark.parametrize(
    ("kind", "banned"), [(BanKind.JUDICIAL, True), (BanKind.DISCIPLINARY, False)]
)
def test_only_a_judges_ban_touches_a_consul(kind, banned):
    facts = replace(VISIT, bans=(BanFacts(kind, None, DAY, DAY + DAYS),))
    assert codes(rules.not_banned, CONSULAR, facts) == (["not-bookable-until"] if banned else [])


@pytest.mark.parametrize("asked", [CONSULAR, ASKED], ids=["consul", "family"])
def test_a_security_convicts_visit_in_another_language_is_followed(asked):
    assert codes(followed, asked, CONVICT) == ["language-companion-needed"]
    assert codes(followed, replace(asked, followed=True), CONVICT) == []
    assert codes(followed, asked, VISIT) == []
    assert company.needs_interpreter(asked.kind, CONVICT)


def test_who_speaks_persian_or_is_ones_lawyer_needs_nobody():
    persian = replace(CONVICT.inmate, speaks_persian=True)
    everybody = replace(CONVICT, inmate=persian, visitors=(MOTHER,))
    assert codes(followed, ASKED, everybody) == []
    lawyer = replace(CONVICT, visitors=(COUNSEL,))
    assert codes(followed, replace(ASKED, kind=VisitKind.LAWYER), lawyer) == []


def test_a_consul_and_a_prisoner_who_share_a_language_need_no_interpreter():
    assert not company.needs_interpreter(VisitKind.CONSULAR, VISIT)
    assert company.needs_interpreter(VisitKind.FAMILY, VISIT)


def test_the_reason_is_cited_beside_the_others_and_tells_nothing_of_the_sentence():
    wish = replace(CONSULAR, open=False)
    found = {r.code: r for r in rules.refusals(wish, CONVICT, RULE)}
    assert set(found) == {"closed-then", "language-companion-needed"}
    reason = found["language-companion-needed"]
    assert reason.source["en"] == "Prisons Bylaw (2021), arts. 217-218"
    told = f"{reason.code} {reason.message} {reason.source}".lower()
    assert not any(word in told for word in ("security", "convict", "remand", "sentence"))
