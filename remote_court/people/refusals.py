"""Why somebody is not let in, or not yet."""

from __future__ import annotations

from datetime import timedelta

from remote_court.errors import Conflict, Forbidden, Invalid, Refusal


class NotSignedIn(Refusal):
    """Please sign in first."""


class SignInRefused(Refusal):
    """These do not match. After several failures sign-in waits for a while, longer each time."""


class CodeRefused(Invalid):
    """This code is not right, or its time is over."""


class TooManyAttempts(Refusal):
    """There were too many attempts. Please wait a few minutes and try again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class PasswordChangeNeeded(Forbidden):
    """Please choose a password of your own first."""


class SecondFactorNeeded(Forbidden):
    """Please set up your code generator first; your role asks for it."""


class WeakPassword(Invalid):
    """A password has at least ten characters, and is neither your number nor all alike."""


class WrongPassword(Invalid):
    """Your present password is not right."""


class BadCountry(Invalid):
    """Write the country as two letters, such as AF or IQ."""


class TooYoung(Invalid):
    """An account can be opened by girls from 9 and boys from 15 years of age."""


class AlreadyRegistered(Conflict):
    """There is an account with this number already."""


class AlreadyVerified(Conflict):
    """The identity of this person was verified before."""


class DocumentsMissing(Invalid):
    """Say which identity documents you have seen; one must show the person's number."""


class NotAPlaceOfRole(Invalid):
    """This role holds at a place of another kind."""


class AlreadyGranted(Conflict):
    """This person holds this role there already."""


class NotForYourself(Forbidden):
    """Nobody gives a role to themselves or verifies their own identity."""


class DemoPasswordFixed(Forbidden):
    """In the demonstration the listed accounts keep their passwords."""
