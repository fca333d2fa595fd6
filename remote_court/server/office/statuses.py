"""The statuses of what places and the office's desk refuse."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.places import edit_office, features, opening, rooms
from remote_court.server.office import moving
from remote_court.visits import check_in, closures, displace, reseat

STATUS: Mapping[type[Refusal], int] = {
    edit_office.EmptyName: 422,
    features.UnknownFeature: 422,
    opening.HoursOutOfOrder: 422,
    opening.PastDay: 422,
    opening.AlreadyClosed: 409,
    rooms.ReasonNeeded: 422,
    closures.TooLong: 422,
    closures.OverAlready: 422,
    displace.OtherSession: 409,
    check_in.TooEarly: 422,
    check_in.TooLate: 422,
    check_in.NobodySighted: 422,
    check_in.AdultNeeded: 422,
    check_in.DocumentDoesNotServe: 422,
    reseat.RoomOutOfService: 409,
    reseat.NotStepFree: 422,
    moving.NothingChosen: 422,
}
