"""The statuses of what the calls room refuses."""

from collections.abc import Mapping

from remote_court.calls import refusals
from remote_court.errors import Refusal
from remote_court.server.calls import manners

STATUS: Mapping[type[Refusal], int] = {
    refusals.NotYetOpen: 409,
    refusals.CallOver: 409,
    refusals.CallNotPlanned: 409,
    refusals.NotCheckedIn: 409,
    refusals.CallElsewhere: 409,
    refusals.AlreadyRecorded: 409,
    refusals.NotRecorded: 409,
    refusals.RecordingNotSetUp: 503,
    refusals.NoWorker: 503,
    refusals.WorkerUnknown: 404,
    refusals.ReasonNeeded: 422,
    refusals.BadRoomName: 422,
    refusals.PairingRefused: 422,
    refusals.DeviceUnknown: 401,
    manners.TicketMissing: 401,
    manners.NotTheResource: 403,
    manners.UnsupportedMedia: 415,
    manners.NotAcceptable: 406,
    manners.BadFragment: 400,
    manners.TagMissing: 428,
    manners.TagOutdated: 412,
    manners.NoRestart: 422,
}
