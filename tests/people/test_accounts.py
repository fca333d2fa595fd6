import itertools

import pytest

from remote_court.errors import WrongState
from remote_court.people import AccountStatus, SanaAccount
from remote_court.people.accounts import NEXT


@pytest.mark.parametrize(("old", "new"), list(itertools.product(AccountStatus, AccountStatus)))
def test_move_to_allows_exactly_the_table(old: AccountStatus, new: AccountStatus):
    account = SanaAccount(person_id=1, status=old)
    if new in NEXT[old]:
        account.move_to(new)
        assert account.status is new
    else:
        with pytest.raises(WrongState):
            account.move_to(new)
        assert account.status is old
