"""The statuses of what minutes refuse."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.hearings.minutes import refusals

STATUS: Mapping[type[Refusal], int] = {
    refusals.NoMinutesNow: 409,
    refusals.ChangedMeanwhile: 409,
    refusals.FrozenAlready: 409,
    refusals.NotFrozen: 409,
    refusals.NotTheirTurn: 409,
    refusals.SignedAlready: 409,
    refusals.KeysNotSet: 409,
    refusals.Unverified: 422,
    refusals.FingerprintUnusable: 422,
    refusals.WhyRefused: 422,
}
