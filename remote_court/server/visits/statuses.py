"""The statuses of what the visits room refuses."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.visits import cancel, move, name_interpreter

STATUS: Mapping[type[Refusal], int] = {
    cancel.ReasonNeeded: 422,
    move.HoldLapsed: 409,
    name_interpreter.NoInterpreter: 422,
    name_interpreter.NotTheirOwn: 422,
}
