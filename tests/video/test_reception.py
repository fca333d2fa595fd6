"""What arrived and what did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.reception import LATEST, MOST_MISSING, SOONEST, TRIES, Arrival, Reception


def feed(reception: Reception, numbers: list[int], now: float = 0.0) -> list[Arrival]:
    found = []
    for number in numbers:
        found.append(reception.note(number & 0xFFFF, now, ask=True))
        if found[-1] is not Arrival.DUPLICATE:
            reception.received += 1
    return found


def test_a_gap_is_asked_for_until_it_is_filled() -> None:
    reception = Reception()
    feed(reception, [10, 11, 14])
    assert list(reception.to_ask(0.0)) == [12, 13]
    assert list(reception.to_ask(0.01)) == []
    assert feed(reception, [12]) == [Arrival.LATE]
    assert list(reception.to_ask(LATEST)) == [13]


@pytest.mark.parametrize("takes", [0.02, 0.08, 0.3])
def test_how_often_is_asked_follows_the_round_trip(takes: float) -> None:
    reception, now = Reception(), 0.0
    for number in range(0, 60, 2):
        feed(reception, [number], now)
        assert len(list(reception.to_ask(now))) == bool(number)
        now += takes
        if number:
            feed(reception, [number - 1], now)
    assert reception.round_trip == pytest.approx(takes, rel=0.01)
    feed(reception, [101], now)
    every = min(LATEST, max(SOONEST, takes * 1.25))
    assert list(reception.to_ask(now))
    assert not list(reception.to_ask(now + every * 0.99))
    assert list(reception.to_ask(now + every))


def test_asking_ends_when_it_is_no_use_any_more() -> None:
    reception = Reception()
    feed(reception, [1, 3])
    asked = [list(reception.to_ask(at * 0.1)) for at in range(20)]
    assert 2 <= asked.count([2]) <= TRIES
    assert not reception.missing
    assert reception.given_up == 1


def test_the_same_packet_twice_is_noticed() -> None:
    reception = Reception()
    assert feed(reception, [1, 2, 2, 1])[2:] == [Arrival.DUPLICATE, Arrival.DUPLICATE]


def test_a_great_jump_is_a_new_start() -> None:
    reception = Reception()
    assert feed(reception, [1, 5000])[-1] is Arrival.RESTART
    assert not reception.missing


def test_what_a_client_does_not_send_again_is_not_asked_for() -> None:
    reception = Reception()
    reception.note(1, 0.0, ask=False)
    reception.note(5, 0.0, ask=False)
    assert not reception.missing
    assert reception.note(3, 0.0, ask=False) is Arrival.LATE


@given(st.integers(0, 0xFFFF), st.lists(st.integers(1, 250), min_size=1, max_size=400))
def test_numbers_extend_through_wraps_and_memory_is_bounded(first: int, steps: list[int]) -> None:
    reception, at = Reception(), first
    feed(reception, [first])
    for step in steps:
        at += step
        feed(reception, [at])
        assert reception.extended == at
        assert reception.extend((at - 7) & 0xFFFF) == at - 7
        assert len(reception.missing) <= MOST_MISSING


@given(st.lists(st.booleans(), min_size=2, max_size=300))
def test_loss_is_what_did_not_come(came: list[bool]) -> None:
    came[0] = came[-1] = True
    reception = Reception()
    feed(reception, [at for at, here in enumerate(came) if here])
    fraction, lost = reception.loss()
    assert lost == came.count(False)
    assert fraction == min(255, (lost << 8) // len(came))
    assert reception.loss() == (0, lost)


def test_an_even_stream_has_no_jitter_and_an_uneven_one_has() -> None:
    even, uneven = Reception(), Reception()
    for at in range(100):
        even.time(at * 960, at * 0.02, 48_000)
        uneven.time(at * 960, at * 0.02 + (0.01 if at % 2 else 0.0), 48_000)
    assert even.jitter < 1
    assert 300 < uneven.jitter < 600
