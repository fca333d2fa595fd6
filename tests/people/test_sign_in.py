from datetime import timedelta

import pytest

from remote_court.people.sign_in import locked_for


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (12, 60), (1000, 60)],
)
def test_the_lock_grows_from_a_minute_to_an_hour(failures: int, minutes: int):
    assert locked_for(failures) == (timedelta(minutes=minutes) if minutes else None)
