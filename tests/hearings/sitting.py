"""A sitting for tests, written straight into the tables: what a letter or a notice speaks of."""

from __future__ import annotations

from datetime import datetime, timedelta

from remote_court.hearings.forums import Forum
from remote_court.hearings.models import CaseParty, Hearing, HearingPart
from remote_court.hearings.roles import Mode
from remote_court.scheduling.models import Session
from tests.hearings.court import CourtWorld
from tests.world import FREE_START


async def sit(
    court: CourtWorld,
    *parties: CaseParty,
    now: datetime,
    starts_at: datetime = FREE_START,
    status: str = "provisional",
    **more: object,
) -> Hearing:
    """A session over the court's case, to which these parties are to come from the office."""
    sat = Session(
        kind="hearing", status=status, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=25), created_at=now,
    )  # fmt: skip
    court.session.add(sat)
    await court.session.flush()
    values = {
        "case_id": court.case.id, "branch_id": court.branch.id, "forum": Forum.CIVIL,
        "mode": Mode.REMOTE, "number": 1, "minutes": 25, "remote_order": "دور از هم",
        "remote_ordered_by": court.judge.person_id, "listed_by": court.clerk.person_id,
        "listed_at": now, "dated_at": now, "date_no": 1,
    }  # fmt: skip
    hearing = Hearing(id=sat.id, **(values | more))
    court.session.add(hearing)
    await court.session.flush()
    for party in parties or (court.plaintiff, court.defendant, court.lawyer):
        court.session.add(
            HearingPart(
                hearing_id=sat.id, party_id=party.id, site=party.site,
                place_id=next(iter(party.office_ids), None),
            )
        )  # fmt: skip
    await court.session.flush()
    return hearing
