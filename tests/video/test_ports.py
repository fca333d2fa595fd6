"""What the court tells video, and the other way round."""

from __future__ import annotations

from remote_court.video.ports import Court, Plan, State

from .court import PaperCourt, plan


def test_the_changing_part_of_a_plan_is_its_state() -> None:
    planned: Plan = plan(state=State.PAUSED, reason="a question", revision=4)
    call = planned.call_state
    assert (call.state, call.ends_at, call.reason, call.revision) == (
        State.PAUSED,
        planned.ends_at,
        "a question",
        4,
    )


def test_a_court_of_paper_is_a_court() -> None:
    court: Court = PaperCourt()
    assert court is not None
