import pytest

from remote_court.people import passwords
from remote_court.people.refusals import WeakPassword


async def test_a_password_fits_its_own_hash_only():
    hashed = await passwords.hash_password("three blue camels")
    assert await passwords.matches(hashed, "three blue camels")
    assert not await passwords.matches(hashed, "three blue camel")
    assert not await passwords.matches(None, "three blue camels")


async def test_digits_of_any_keyboard_are_the_same():
    assert await passwords.matches(passwords.hash_now("۱۲۳۴ blue camels"), "1234 blue camels")


@pytest.mark.parametrize(
    "weak", ["", "short", "aaaaaaaaaaaa", "9990000018", "xx9990000018xx", "0123456789", "a" * 201]
)
def test_what_is_easily_guessed_is_refused(weak: str):
    with pytest.raises(WeakPassword):
        passwords.check_strength(weak, "9990000018")


def test_three_words_will_do():
    passwords.check_strength("سه شتر آبی ما", "9990000018")


def test_a_temporary_password_can_be_read_aloud():
    for _ in range(100):
        word = passwords.temporary()
        passwords.check_strength(word, "9990000018")
        assert not set(word) & set("01oil")
