"""Why a call or a message in it is refused; the texts are message keys."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from remote_court.errors import Refusal


class BadMessage(Refusal):
    """This message could not be understood."""


class MessageTooLong(Refusal):
    """This message is too long."""


class UnknownMessage(Refusal):
    """There is no message of this type."""


class TooManyMessages(Refusal):
    """Too many messages in a short time."""


class JoinFirst(Refusal):
    """The first message must ask to join."""


class TicketSpent(Refusal):
    """This ticket was used before; ask for a new one."""


class TooManyEntries(Refusal):
    """Too many people enter at this moment. Please try again in a minute."""


class BadOffer(Refusal):
    """The offer of media could not be understood."""

    @property
    @override
    def extensions(self) -> Mapping[str, object]:
        return self.detail  # `where`: which part of it


class NoCommonCodec(Refusal):
    """This browser and the court have no common way to send pictures or sound."""


class RoomFull(Refusal):
    """Everybody this call was made for is already in it."""


class CallClosed(Refusal):
    """This call is over."""


class RoleUnknown(Refusal):
    """Nobody takes part in this call in that role."""
