"""The record of a sitting in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from remote_court.calls.models import MUTE, UNMUTE
from remote_court.hearings.cast import ASIDE, CHAMBER, HELD, LOBBY, WITNESS_ROOM
from remote_court.hearings.in_call_facts import HearingFacts
from remote_court.hearings.minutes.record import Record
from remote_court.server.filters import Speech
from remote_court.server.hearings import words
from remote_court.server.locale import N_

STATION: Mapping[str, str] = {
    LOBBY: N_("waiting room"),
    WITNESS_ROOM: N_("a witness's own waiting room"),
    HELD: N_("held after testimony, until released"),
    CHAMBER: N_("alone with the judge"),
    **dict.fromkeys(ASIDE, N_("private talk of lawyer and client")),
}
ROOM = N_("the courtroom")
ACT: Mapping[str, str] = {
    "pause": N_("The session was interrupted."),
    "resume": N_("The session went on."),
    "extend": N_("The session was extended."),
    "end": N_("The session was ended by who presides."),
    "help": N_("Technical help was asked for."),
    MUTE: N_("Who presides switched a microphone off."),
    UNMUTE: N_("Who presides switched a microphone on again."),
}


def lines(record: Record, facts: HearingFacts, speech: Speech) -> list[str]:
    """Quorum, the doors, recordings, acts, connections and stays."""
    return [
        quorum(record, facts, speech),
        *doors(record, facts, speech),
        *recordings(record, speech),
        *acts(record, speech),
        *connections(record, speech),
        *stays(record, speech),
    ]


def quorum(record: Record, facts: HearingFacts, speech: Speech) -> str:
    """How many of the bench sat, and how many open a session."""
    text = speech.gettext("Judges connected: %(here)s of %(judges)s; quorum: %(quorum)s.")
    return text % {
        "here": speech.digits(record.judges(facts)),
        "judges": speech.digits(record.bench.judges),
        "quorum": speech.digits(record.bench.quorum),
    }


def doors(record: Record, facts: HearingFacts, speech: Speech) -> Iterator[str]:
    """Whether the public could watch, and each change of it."""
    gettext = speech.gettext
    for door in record.doors:
        if door.reason is None:
            yield timed(door.at, gettext("The session was opened to the public again."), speech)
        else:
            text = gettext("The session was closed to the public: %(reason)s.")
            reason = gettext(words.CLOSING.get(door.reason, door.reason))
            yield timed(door.at, text % {"reason": reason}, speech)
    if not record.doors:
        closed = facts.closed_reason
        yield (
            gettext("The session was public.")
            if closed is None
            else gettext("The session was not public: %(reason)s.")
            % {"reason": gettext(words.CLOSING.get(closed, closed))}
        )


def recordings(record: Record, speech: Speech) -> Iterator[str]:
    """Each recording, from its order to its end."""
    gettext = speech.gettext
    for one in record.recordings:
        text = gettext("Recording was ordered: %(reason)s.") % {"reason": one.reason.rstrip(".")}
        yield timed(one.started_at, text, speech)
        if one.stopped_at is not None:
            yield timed(one.stopped_at, gettext("Recording was stopped."), speech)
    if not record.recordings:
        yield gettext("No recording was ordered.")


def acts(record: Record, speech: Speech) -> Iterator[str]:
    """What who presides did, with the reason stated."""
    for act in record.acts:
        if act.verb in ACT:
            reason = f" ({act.reason})" if act.reason else ""
            yield timed(act.at, speech.gettext(ACT[act.verb]) + reason, speech)


def connections(record: Record, speech: Speech) -> Iterator[str]:
    """Who was connected from when to when."""
    text = speech.gettext("%(name)s was connected from %(start)s to %(end)s.")
    for row, name in record.connections:
        end = speech.jtime(row.left_at) if row.left_at else speech.gettext("the end")
        yield text % {"name": name, "start": speech.jtime(row.arrived_at), "end": end}


def stays(record: Record, speech: Speech) -> Iterator[str]:
    """Who stood where outside the courtroom; of private talks no more than that they were."""
    gettext = speech.gettext
    text = gettext("%(name)s, %(station)s: from %(start)s to %(end)s.")
    for stay, name in record.stays:
        yield text % {
            "name": name,
            "station": gettext(STATION.get(stay.station, ROOM)),
            "start": speech.jtime(stay.since),
            "end": speech.jtime(stay.until) if stay.until else gettext("the end"),
        }


def timed(at: datetime, text: str, speech: Speech) -> str:
    """A sentence with its time of day."""
    return f"{speech.jtime(at)}: {text}"
