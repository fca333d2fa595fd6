from datetime import datetime, timedelta

from remote_court.people import vault


def test_only_the_same_key_and_purpose_open_it_in_time(noon: datetime):
    locked = vault.lock(b"key", "purpose", "text", noon)
    assert "text" not in locked
    assert vault.unlock(b"key", "purpose", locked, noon) == "text"
    assert vault.unlock(b"other", "purpose", locked, noon) is None
    assert vault.unlock(b"key", "other", locked, noon) is None
    assert vault.unlock(b"key", "purpose", locked[:-9] + "x" + locked[-8:], noon) is None
    late = noon + timedelta(seconds=61)
    assert vault.unlock(b"key", "purpose", locked, late, timedelta(minutes=1)) is None
