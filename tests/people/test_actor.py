import itertools

import pytest

from remote_court.errors import Forbidden, NotFound
from remote_court.people import PLACE_OF, Actor, Role


@pytest.mark.parametrize(("role", "at", "asked"), list(itertools.product(Role, [7, 8], list(Role))))
def test_a_role_holds_at_its_place_and_nowhere_else(role: Role, at: int, asked: Role):
    place = 7 if PLACE_OF[role] else None
    actor = Actor(1, "x", grants=frozenset({(role, place)}))
    if role is not asked:
        with pytest.raises(Forbidden):
            actor.need_at(at, asked)
    elif place is not None and at != place:
        with pytest.raises(NotFound):
            actor.need_at(at, asked)
    else:
        actor.need_at(at, asked)
        assert actor.role_at(at, *Role) is role


def test_the_role_that_says_most_is_not_family():
    actor = Actor(1, "x", grants=frozenset({(Role.FAMILY, None), (Role.OFFICE_CLERK, 7)}))
    assert actor.role is Role.OFFICE_CLERK
    assert Actor(1, "x").role is None
