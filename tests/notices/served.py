"""Somebody who was served, for tests of what follows."""

from __future__ import annotations

from datetime import datetime

import pytest

from remote_court.hearings.in_letters import register_hearings
from remote_court.hearings.models import Hearing
from remote_court.notices import occasions
from remote_court.notices.deliver import deliver
from remote_court.notices.service import Method, Notice, queue
from remote_court.people import Actor
from tests.hearings.court import CourtWorld
from tests.hearings.sitting import sit
from tests.notices.post import WORDS


def know_hearings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occasions, "KINDS", {})
    register_hearings()


async def waiting(
    court: CourtWorld, now: datetime, method: Method = Method.OFFICER, **more: object
) -> tuple[Hearing, int]:
    """A sitting, and a notice of it to the defendant that waits to be served."""
    hearing = await sit(court, now=now, **more)
    notice_id = await queue(
        court.session, session_id=hearing.id, person_id=court.defendant.person_id,
        occasion="listed", date_no=1, method=method, now=now,
    )  # fmt: skip
    return hearing, notice_id


async def served(court: CourtWorld, now: datetime, **more: object) -> tuple[Hearing, int]:
    """A sitting, and a notice of it that has arrived in the defendant's account."""
    made = await waiting(court, now, Method.SANA, **more)
    await deliver(court.session, now, WORDS)
    return made


async def notice_of(court: CourtWorld, notice_id: int) -> Notice:
    return await court.session.get_one(Notice, notice_id, populate_existing=True)


def reader(court: CourtWorld) -> Actor:
    return Actor(court.defendant.person_id, "")
