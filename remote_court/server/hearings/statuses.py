"""The statuses of what the hearings room refuses."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.hearings import (
    door,
    find_times,
    lawful,
    list_hearing,
    matter,
    reassign,
    rules,
)

STATUS: Mapping[type[Refusal], int] = {
    lawful.UnlawfulDate: 422,
    rules.ListingRefused: 422,
    matter.BadLength: 422,
    find_times.BadWindow: 422,
    list_hearing.TooManySessions: 422,
    door.WhyNeeded: 422,
    reassign.NotOnTheBench: 422,
    reassign.SitsAlready: 422,
}
