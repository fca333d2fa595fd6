"""The statuses of what the people room refuses."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.people import refusals

STATUS: Mapping[type[Refusal], int] = {
    refusals.NotSignedIn: 401,
    refusals.SignInRefused: 401,
    refusals.CodeRefused: 422,
    refusals.TooManyAttempts: 429,
    refusals.PasswordChangeNeeded: 403,
    refusals.SecondFactorNeeded: 403,
    refusals.WeakPassword: 422,
    refusals.WrongPassword: 422,
    refusals.TooYoung: 422,
    refusals.AlreadyRegistered: 409,
    refusals.AlreadyVerified: 409,
    refusals.DocumentsMissing: 422,
    refusals.NotAPlaceOfRole: 422,
    refusals.AlreadyGranted: 409,
    refusals.NotForYourself: 403,
    refusals.DemoPasswordFixed: 403,
    refusals.BadCountry: 422,
}
