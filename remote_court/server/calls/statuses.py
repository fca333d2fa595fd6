"""The statuses of what the calls room refuses."""

from collections.abc import Mapping

from remote_court.calls import refusals
from remote_court.errors import Refusal

STATUS: Mapping[type[Refusal], int] = {
    refusals.NotYetOpen: 409,
    refusals.CallOver: 409,
    refusals.CallNotPlanned: 409,
    refusals.NotCheckedIn: 409,
    refusals.NoWorker: 503,
    refusals.ReasonNeeded: 422,
    refusals.PairingRefused: 422,
    refusals.DeviceUnknown: 401,
}
