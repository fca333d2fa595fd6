"""Rooms are matched to all who need one together, as well as can be; every matching by trial."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from remote_court.hearings.placing import NEVER, Guest, Room, groupings, seated

STEP_FREE = frozenset({"step_free"})
AZADI, NOOR, PRISON = 1, 2, 9


def room(unit_id: int, place_id: int = AZADI, features=frozenset()) -> Room:
    return Room(unit_id, place_id, features, number=unit_id)


def test_each_sits_at_the_office_they_like_best_in_the_plainest_room_that_will_do():
    rooms = [room(1, AZADI, STEP_FREE), room(2, AZADI), room(3, NOOR)]
    one, other = Guest((1,), (AZADI, NOOR)), Guest((2,), (AZADI,), STEP_FREE)
    assert [r.unit_id for r in seated([one, other], rooms)] == [2, 1]
    assert [r.unit_id for r in seated([one], rooms)] == [2]


def test_who_can_go_elsewhere_makes_room_for_who_cannot():
    rooms = [room(1, AZADI), room(2, NOOR)]
    guests = [Guest((1,), (AZADI, NOOR)), Guest((2,), (AZADI,))]
    assert [r.place_id for r in seated(guests, rooms)] == [NOOR, AZADI]


def test_each_alone_would_find_one_and_yet_not_all_do():
    guests = [Guest((n,), (AZADI,)) for n in range(3)]
    assert all(seated([guest], [room(1), room(2)]) for guest in guests)
    assert seated(guests, [room(1), room(2)]) is None
    assert seated([], []) == []


GUESTS = st.lists(
    st.builds(
        Guest,
        st.just((0,)),
        st.permutations([1, 2, 3]).flatmap(lambda p: st.integers(1, 3).map(lambda n: tuple(p[:n]))),
        st.sampled_from([frozenset(), STEP_FREE]),
    ),
    max_size=4,
)
ROOMS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from([frozenset(), STEP_FREE])), max_size=6
).map(lambda found: [room(n, place, has) for n, (place, has) in enumerate(found, start=1)])


@given(GUESTS, ROOMS)
def test_no_other_matching_is_better_and_none_is_missed(guests, rooms):
    trials = [
        sum(guest.cost(r) for guest, r in zip(guests, chosen, strict=True))
        for chosen in permutations(rooms, len(guests))
    ]
    best = min(trials, default=NEVER)
    found = seated(guests, rooms)
    if best == NEVER:
        assert found is None
    else:
        assert len({r.unit_id for r in found}) == len(guests)
        assert sum(guest.cost(r) for guest, r in zip(guests, found, strict=True)) == best


CLIENT, OTHER, LAWYER = (Guest((n,), (AZADI, NOOR)) for n in (1, 2, 3))


def test_a_lawyer_may_share_the_room_of_the_client_and_of_nobody_else():
    ways = list(groupings([CLIENT, OTHER, LAWYER], {3: frozenset({1})}))
    assert [[g.parties for g in way] for way in ways] == [[(1, 3), (2,)], [(1,), (2,), (3,)]]
    assert [len(way) for way in groupings([CLIENT, OTHER], {})] == [2]


def test_who_shares_sits_where_both_can_come_and_what_either_needs_is_there():
    lawyer = Guest((3,), (NOOR,), STEP_FREE)
    shared = next(groupings([CLIENT, lawyer], {3: frozenset({1})}))
    assert shared == [Guest((1, 3), (NOOR,), STEP_FREE)]
    far = Guest((3,), (7,))
    assert list(groupings([CLIENT, far], {3: frozenset({1})})) == [[CLIENT, far]]


def test_who_names_no_place_sits_with_whom_they_speak_for_and_never_alone():
    prisoner, guard = Guest((1,), (PRISON,)), Guest((3,), ())
    assert list(groupings([prisoner, guard], {3: frozenset({1})})) == [[Guest((1, 3), (PRISON,))]]


def test_two_lawyers_share_or_one_of_them_or_none():
    second = Guest((4,), (NOOR,))
    speakers = {3: frozenset({1}), 4: frozenset({1})}
    ways = [[g.parties for g in way] for way in groupings([CLIENT, LAWYER, second], speakers)]
    assert ways == [[(1, 3, 4)], [(1, 3), (4,)], [(1, 4), (3,)], [(1,), (3,), (4,)]]
