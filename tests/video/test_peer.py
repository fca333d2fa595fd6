"""A person in a call: what they are told, and once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from remote_court.video.messages import Message
from remote_court.video.peer import Peer
from remote_court.video.port import Port
from remote_court.video.ports import Left

from .test_wiring import person


@pytest.fixture
def said() -> list[Message]:
    return []


@pytest.fixture
def anna(said: list[Message]) -> Iterator[Peer]:
    port = Port("127.0.0.1", 0)
    peer = person(port, "anna", "visitor")
    peer._say = said.append
    yield peer
    port.close()


def test_nothing_is_said_before_the_welcome_or_after_the_goodbye(
    anna: Peer, said: list[Message]
) -> None:
    anna.tell({"type": "early"})
    anna.welcome({"type": "joined", "slots": {}})
    anna.tell({"type": "people"})
    anna.part(Left.ENDED, "time")
    anna.part(Left.LOST)
    anna.tell({"type": "late"})
    assert [m["type"] for m in said] == ["joined", "people", "closed"]
    assert anna.left is Left.ENDED


def test_slots_are_told_only_when_they_change(anna: Peer, said: list[Message]) -> None:
    anna.welcome({"type": "joined", "slots": {"2": None}})
    anna.tell_slots({"2": None})
    anna.tell_slots({"2": {"person": "ben", "source": "camera"}})
    assert [m["type"] for m in said] == ["joined", "slots"]


@pytest.mark.parametrize("reason", Left)
def test_only_a_lost_line_and_a_shutdown_invite_to_come_back(
    anna: Peer, said: list[Message], reason: Left
) -> None:
    anna.part(reason)
    assert said[-1]["rejoin"] is (reason in {Left.LOST, Left.SHUTDOWN})


def test_nobody_has_more_seats_than_slots_or_than_their_role_may_see() -> None:
    port = Port("127.0.0.1", 0)
    assert len(person(port, "anna", "visitor", pairs=2).seats) == 2
    assert len(person(port, "ben", "visitor", pairs=0).seats) == 0
    port.close()
