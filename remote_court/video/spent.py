"""Which tickets were used: each opens the door once; pure.

A ticket names its worker, and a worker that starts anew has another name: what one worker
remembers for as long as its tickets live is all there is to remember.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from remote_court.tickets import Ticket
from remote_court.video.refusals import TicketSpent, TooManyEntries

MOST = 65_536


class Spent:
    """Serials of used tickets, until they expire; at most ``most`` of them.

    Where that many are alive, nobody else is let in until some have expired: to forget one
    early would make it good again.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._until: OrderedDict[str, datetime] = OrderedDict()

    def spend(self, ticket: Ticket, now: datetime) -> None:
        """Use a ticket up.

        Raises:
            TicketSpent: it was used before.
            TooManyEntries: too many tickets were used in too short a time.
        """
        if ticket.serial in self._until:
            raise TicketSpent
        self._forget(now)
        if len(self._until) >= self._most:
            raise TooManyEntries
        self._until[ticket.serial] = ticket.expires_at

    def _forget(self, now: datetime) -> None:
        """Forget from the oldest on; all live equally long, so that they expire in this order."""
        while self._until and next(iter(self._until.values())) <= now:
            self._until.popitem(last=False)

    def __len__(self) -> int:
        return len(self._until)
