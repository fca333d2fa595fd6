"""Which letters are claimed: pure decisions, table by table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from remote_court.notices import claim
from remote_court.notices.messages import MessageKind
from remote_court.notices.ports import Addressee, Due, Unwritable
from remote_court.notices.sweeps import BATCH, PATIENCE_S, TOGETHER
from remote_court.people import Gender
from tests.world import FREE_START, NOON


@dataclass
class Standing:
    starts_at: datetime = FREE_START
    stands: bool = True


def due(kind=MessageKind.REMINDER, occasion=None, **params) -> Due:
    to = Addressee(4, "مریم", Gender.FEMALE, "fa", None)
    return Due(outbox_id=9, kind=kind, to=to, session_id=7, occasion=occasion, params=params)


START = FREE_START.isoformat()


@pytest.mark.parametrize(
    ("letter", "now", "falls"),
    [
        (due(occasion=Standing(), starts_at=START), NOON, False),
        (due(occasion=Standing(), starts_at=START), FREE_START, True),
        (due(occasion=Standing(stands=False), starts_at=START), NOON, True),
        (due(occasion=Standing(FREE_START + timedelta(hours=1)), starts_at=START), NOON, True),
        (due(occasion=None, starts_at=START), NOON, True),
        (due(MessageKind.CANCELLED, Standing(stands=False)), FREE_START, False),
        (due(MessageKind.ACCOUNT), FREE_START, False),
    ],
)
def test_only_reminders_fall_and_only_of_what_stands_no_more(letter, now, falls):
    assert claim.obsolete(letter, now) is falls


@pytest.mark.parametrize("params", [{}, {"starts_at": None}, {"starts_at": "soon"}])
def test_a_reminder_names_its_start(params):
    with pytest.raises(Unwritable):
        claim.obsolete(due(**params), NOON)


@pytest.mark.parametrize(
    ("letter", "over"),
    [
        (due(MessageKind.CODE, expires_at=NOON.isoformat()), True),
        (due(MessageKind.CODE, expires_at=(NOON + timedelta(seconds=1)).isoformat()), False),
        (due(MessageKind.CODE), False),
        (due(MessageKind.REMINDER, expires_at=NOON.isoformat()), False),
    ],
)
def test_a_code_is_over_at_its_end(letter, over):
    assert claim.over(letter, NOON) is over


def test_a_reminder_is_named_by_what_it_reminds_of_and_others_by_their_row():
    once = claim.reference(due(starts_at=START, hours=24))
    assert once == f"reminder-7-4-{int(FREE_START.timestamp())}-24"
    assert claim.reference(due(starts_at=START, hours=2)) != once
    assert claim.reference(due(starts_at=START)) == "letter-9"
    assert claim.reference(due(MessageKind.BOOKED)) == "letter-9"


def test_a_batch_is_sent_well_within_its_lease():
    assert claim.LEASE.total_seconds() > BATCH / TOGETHER * PATIENCE_S
