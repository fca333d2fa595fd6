"""Which tickets were used: each opens the door once; pure.

A ticket names its worker, and a worker that starts anew has another name: what one worker
remembers for as long as its tickets live is all there is to remember.
"""

from __future__ import annotations

import heapq
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
        self._used: set[str] = set()
        self._by_end: list[tuple[datetime, str]] = []

    def spend(self, ticket: Ticket, now: datetime) -> None:
        """Use a ticket up.

        Raises:
            TicketSpent: it was used before.
            TooManyEntries: too many tickets were used in too short a time.
        """
        if ticket.serial in self._used:
            raise TicketSpent
        self._forget(now)
        if len(self._used) >= self._most:
            raise TooManyEntries
        self._used.add(ticket.serial)
        heapq.heappush(self._by_end, (ticket.expires_at, ticket.serial))

    def _forget(self, now: datetime) -> None:
        """Forget those that expired; tickets of a line test live longer than others."""
        while self._by_end and self._by_end[0][0] <= now:
            self._used.remove(heapq.heappop(self._by_end)[1])

    def __len__(self) -> int:
        return len(self._used)
