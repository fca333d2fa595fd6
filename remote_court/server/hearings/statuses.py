"""The statuses of what the hearings room refuses."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.hearings import lawful

STATUS: Mapping[type[Refusal], int] = {
    lawful.UnlawfulDate: 422,
}
