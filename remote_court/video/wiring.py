"""Who gets what from whom: the one place where tracks and slots are joined and parted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from remote_court.video import slots
from remote_court.video.bandwidth import MOST_BPS, ceiling
from remote_court.video.legs import Leg
from remote_court.video.messages import Message
from remote_court.video.peer import Peer
from remote_court.video.permissions import Kind, Permissions
from remote_court.video.tracks import NOBODY, Track


def seat(viewer: Peer, people: Sequence[Peer], table: Permissions, spoke: Sequence[str]) -> None:
    """Decide whom a viewer's slots show."""
    shown = [
        p.person_id
        for p in people
        if p is not viewer
        and (table.may_see(viewer.role, p.role) or table.may_hear(viewer.role, p.role))
    ]
    order = slots.rank(shown, pinned=viewer.pinned, spoke=spoke, seated=viewer.seats)
    viewer.seats = slots.assign(viewer.seats, order)


def source_of(leg: Leg, person: Peer | None, table: Permissions) -> Track | None:
    """What of a person a slot shows, if its viewer may have that at all."""
    if person is None or leg.role not in table.audience(leg.kind, person.role):
        return None
    return person.shown(leg.kind)


def slot_map(viewer: Peer, people: dict[str, Peer], table: Permissions) -> Message:
    """A viewer's slots as the protocol tells them."""
    told: Message = {leg.slot.mid: None for leg in viewer.media.legs}
    for pair, person_id in enumerate(viewer.seats):
        for leg in viewer.legs(pair):
            track = source_of(leg, people.get(person_id or ""), table)
            if track is not None:
                told[leg.slot.mid] = {"person": person_id, "source": track.sending.source.value}
    return told


def connect(
    viewer: Peer, people: dict[str, Peer], table: Permissions, now: float, *, live: bool
) -> None:
    """Make a viewer's slots carry what they shall, and nothing else."""
    for pair, person_id in enumerate(viewer.seats):
        person = people.get(person_id or "")
        ready = live and viewer.media.connected and person is not None and person.media.connected
        for leg in viewer.legs(pair):
            dark = leg.kind is Kind.VIDEO and viewer.media.line.audio_only
            track = source_of(leg, person, table) if ready and not dark else None
            move(leg, track, now)


def move(leg: Leg, track: Track | None, now: float) -> None:
    """Let a slot carry another track, or none."""
    if leg.track is track:
        return
    if leg.track is not None:
        leg.track.detach(leg, now)
    if track is not None:
        track.attach(leg)


def release(peer: Peer, now: float) -> None:
    """Part somebody who goes from everybody: what they receive, and what is received of them."""
    for leg in peer.media.legs:
        move(leg, None, now)
    for track in peer.media.tracks.values():
        for leg in track.everybody():
            move(leg, None, now)
        track.audience = NOBODY


def open_ears(peer: Peer, table: Permissions, *, live: bool) -> None:
    """Say which roles this person's packets may reach: nobody, unless the call is live."""
    for track in peer.media.tracks.values():
        track.audience = table.audience(track.kind, peer.role) if live else NOBODY


def ceiling_of(sender: Peer, people: Iterable[Peer]) -> int:
    """What a sender may send, by the lines of those who see them."""
    watched = [t for t in sender.media.tracks.values() if t.kind is Kind.VIDEO]
    estimates = []
    for viewer in people:
        pictures = [g for g in viewer.media.legs if g.kind is Kind.VIDEO and g.track]
        estimate = viewer.media.line.estimate_bps
        if estimate is not None and any(g.track in watched for g in pictures):
            estimates.append((estimate, len(pictures)))
    return ceiling(estimates) if estimates else MOST_BPS
