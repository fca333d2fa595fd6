"""The statuses of what the course of a session refuses."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.hearings import room

STATUS: Mapping[type[Refusal], int] = {
    room.AnotherWitness: 409,
    room.NotHere: 409,
    room.NoClient: 409,
    room.NoRoomAside: 409,
}
