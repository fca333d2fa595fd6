"""Who is who in a hearing's call, where each comes in, and who sees and hears whom; pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import product
from typing import Final

from remote_court.calls.kinds import Pairs
from remote_court.hearings.roles import PartyRole, Seat


class Cast(StrEnum):
    """As what somebody enters; in the room itself people stand where their role says."""

    PRESIDING = "presiding_judge"
    ASSOCIATE = "associate_judge"
    CLERK = "clerk"
    PROSECUTOR = "prosecutor"
    PARTY = "party"
    LAWYER = "lawyer"
    WITNESS = "witness"
    EXPERT = "expert"
    INTERPRETER = "interpreter"
    GUARD = "guard"
    OBSERVER = "observer"


LOBBY: Final = "lobby"
WITNESS_ROOM: Final = "witness_room"
HELD: Final = "held"
CHAMBER: Final = "chamber"
ASIDE: Final = ("aside_1", "aside_2", "aside_3", "aside_4")
"""Stations outside the room. Nothing passes in the lobby, in the witnesses' rooms and where a
witness is held after testimony; in the chamber the judge asks a prisoner alone, and aside a
lawyer talks with the client: only those who are there hear one another."""

SILENT: Final = frozenset({LOBBY, WITNESS_ROOM, HELD})
PRIVATE: Final = frozenset({CHAMBER, *ASIDE})
"""Stations of which no recording takes anything."""

BENCH = frozenset({Cast.PRESIDING, Cast.ASSOCIATE})
SPEAKERS = frozenset(Cast) - {Cast.OBSERVER}
"""Who is seen and heard in the room; observers only receive."""

ENTRANCES: Mapping[str, str] = {
    Cast.PARTY: LOBBY,
    Cast.LAWYER: LOBBY,
    Cast.EXPERT: LOBBY,
    Cast.INTERPRETER: LOBBY,
    Cast.GUARD: LOBBY,
    Cast.WITNESS: WITNESS_ROOM,
}
"""Where those come in who wait until they are called; the others come into the room itself."""

IN_ROOM: Pairs = frozenset((str(r), str(s)) for r, s in product(Cast, SPEAKERS))
TABLE: Pairs = IN_ROOM | frozenset((station, station) for station in PRIVATE)
"""Who sees and hears whom, by station."""

PART_OF: Mapping[PartyRole, Cast] = {
    PartyRole.PLAINTIFF: Cast.PARTY,
    PartyRole.DEFENDANT: Cast.PARTY,
    PartyRole.COMPLAINANT: Cast.PARTY,
    PartyRole.ACCUSED: Cast.PARTY,
    PartyRole.CONVICT: Cast.PARTY,
    PartyRole.GUARDIAN: Cast.PARTY,
    PartyRole.PROSECUTOR: Cast.PROSECUTOR,
    PartyRole.LAWYER: Cast.LAWYER,
    PartyRole.EXPERT: Cast.EXPERT,
    PartyRole.INTERPRETER: Cast.INTERPRETER,
    PartyRole.WITNESS: Cast.WITNESS,
    PartyRole.ESCORT_GUARD: Cast.GUARD,
    PartyRole.OBSERVER: Cast.OBSERVER,
}
SEAT_OF: Mapping[Seat, Cast] = {
    Seat.PRESIDING: Cast.PRESIDING,
    Seat.ASSOCIATE: Cast.ASSOCIATE,
    Seat.ALTERNATE: Cast.ASSOCIATE,
    Seat.ADVISER: Cast.ASSOCIATE,
}


def station(role: str, sent: Mapping[str, str], person_id: int) -> str:
    """Where somebody stands: where they were sent, else where their role comes in."""
    return sent.get(str(person_id)) or ENTRANCES.get(role, role)
