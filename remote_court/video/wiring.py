"""Who gets what from whom: the one place where tracks and slots are joined and parted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from remote_court.video import allocation, slots
from remote_court.video.allocation import Picture, Size, allocate
from remote_court.video.bandwidth import AUDIO_BPS, Line, Need, Trouble, ceiling, highest
from remote_court.video.feeds import Feed
from remote_court.video.layers import Layer
from remote_court.video.legs import Leg
from remote_court.video.lines import Source
from remote_court.video.messages import Message
from remote_court.video.peer import Peer
from remote_court.video.permissions import Kind, Permissions
from remote_court.video.tracks import NOBODY, Track


def seat(viewer: Peer, people: Sequence[Peer], table: Permissions, spoke: Sequence[str]) -> None:
    """Decide whom a viewer's slots show, and whose screens."""
    shown = [
        p.person_id
        for p in people
        if p is not viewer
        and (table.may_see(viewer.station, p.station) or table.may_hear(viewer.station, p.station))
    ]
    order = slots.rank(shown, pinned=viewer.pinned, spoke=spoke, seated=viewer.seats)
    viewer.seats = slots.assign(viewer.seats, order)
    sharing = {
        p.person_id for p in people if p.shared and table.may_see(viewer.station, p.station)
    } & set(viewer.seats)
    screens = [person_id for person_id in order if person_id in sharing]
    viewer.screens = slots.spare(viewer.seats, viewer.screens, screens, viewer.pairs)


def filled(
    viewer: Peer, people: Mapping[str, Peer], table: Permissions
) -> Iterator[tuple[Leg, Peer, Feed]]:
    """A viewer's slots that show something: who it is of, and what, if they may have it."""
    for leg in viewer.media.legs:
        person, feed = meant(viewer, leg, people)
        if person is None or feed is None:
            continue
        if leg.station in table.audience(leg.kind, person.station):
            yield leg, person, feed


def meant(viewer: Peer, leg: Leg, people: Mapping[str, Peer]) -> tuple[Peer | None, Feed | None]:
    """Whom a slot is for, and what of theirs."""
    pair = leg.slot.pair
    seats, screens = viewer.seats, viewer.screens
    if pair < len(screens) and screens[pair] is not None:
        person = people.get(screens[pair] or "")
        picture = leg.kind is Kind.VIDEO and person is not None
        return person, person.shared if person is not None and picture else None
    person = people.get(seats[pair] or "") if pair < len(seats) else None
    return person, None if person is None else source_of(leg, person, screens)


def source_of(leg: Leg, person: Peer, screens: slots.Seats) -> Feed | None:
    """What of a person fills their slot; a screen only where it has none of its own."""
    if leg.kind is Kind.VIDEO and person.person_id in screens:
        return person.media.feeds.get(Source.CAMERA)
    return person.shown(leg.kind)


def slot_map(viewer: Peer, people: Mapping[str, Peer], table: Permissions) -> Message:
    """A viewer's slots as the protocol tells them."""
    told: Message = {leg.slot.mid: None for leg in viewer.media.legs}
    for leg, person, feed in filled(viewer, people, table):
        told[leg.slot.mid] = {"person": person.person_id, "source": feed.sending.source.value}
        if leg.withheld:
            told[leg.slot.mid]["withheld"] = leg.withheld
    return told


def is_on(feed: Feed, person: Peer) -> bool:
    """Whether a person's source is switched on, by their word and the court's."""
    match feed.sending.source:
        case Source.MICROPHONE:
            return person.audible
        case Source.CAMERA:
            return person.camera
        case Source.SCREEN:
            return person.screen


def connect(
    viewer: Peer, people: Mapping[str, Peer], table: Permissions, now: float, *, live: bool
) -> None:
    """Make a viewer's slots carry what they shall, and nothing else."""
    line, sounds = viewer.media.line, 0
    watched: list[Watched] = []
    idle = set(viewer.media.legs)
    for leg, person, feed in filled(viewer, people, table):
        ready = live and viewer.media.connected and person.media.connected
        leg.withheld = why_not(line, leg, feed)
        if not ready or leg.withheld or not is_on(feed, person):
            continue
        idle.discard(leg)
        if leg.kind is Kind.AUDIO:
            move(leg, feed.track, now)
            sounds += 1
        else:
            watched.append((leg, feed, tile_of(viewer, person, feed)))
    for leg in idle:
        move(leg, None, now)
    watched.sort(key=lambda one: one[1].sending.source is not Source.SCREEN)
    share(line, watched, sounds, now)


def why_not(line: Line, leg: Leg, feed: Feed) -> str:
    """Why a slot must stay empty whatever its line carries."""
    if leg.slot.payload(feed.sending.codec) is None:
        return Trouble.CODEC.value
    return Trouble.ASKED.value if line.asked and leg.kind is Kind.VIDEO else ""


def tile_of(viewer: Peer, person: Peer, feed: Feed) -> Size | None:
    """How large a viewer shows a picture, as far as they said; documents come whole."""
    if feed.sending.source is Source.SCREEN:
        return None
    return viewer.tiles.get(person.person_id)


Watched = tuple[Leg, Feed, Size | None]
"""A slot, the picture it shall show, and how large its viewer shows it."""


def share(line: Line, watched: Sequence[Watched], sounds: int, now: float) -> None:
    """Give each picture of a viewer the encoding that screen and line have room for."""
    offered = [feed.encodings(now) for _, feed, _ in watched]
    pictures = []
    for (leg, _, tile), encodings in zip(watched, offered, strict=True):
        carried = (at for at, (track, _) in enumerate(encodings) if track is leg.track)
        pictures.append(Picture([e for _, e in encodings], tile, next(carried, None)))
    sound = sounds * AUDIO_BPS
    budget = None if line.budget_bps is None else max(0.0, line.budget_bps - sound)
    given = allocate(budget, pictures, strict=line.strict)
    line.need = need(pictures, given, sound)
    for (leg, _, _), encodings, at in zip(watched, offered, given, strict=True):
        leg.withheld = line.reason.value if at is None else ""
        move(leg, None if at is None else encodings[at][0], now)


def need(pictures: Sequence[Picture], given: Sequence[int | None], sound: float) -> Need:
    """What a viewer is sent, and what the next step would take."""
    more = allocation.more(pictures, given)
    return Need(
        more=None if more is None else sound + more,
        shown=sum(level is not None for level in given),
        withheld=sum(level is None for level in given),
    )


def move(leg: Leg, track: Track | None, now: float) -> None:
    """Let a slot carry another track, or none; another layer takes over when it can."""
    if (leg.target or leg.track) is track:
        return
    if leg.target is not None:
        leg.target.cancel(leg)
    if leg.track is track:
        return
    layered = isinstance(track, Layer) and leg.track in track.family and leg.flowing
    if leg.track is not None and not layered:
        leg.track.detach(leg, now)
    if track is not None:
        track.attach(leg)


def send_to(peer: Peer, station: str, now: float) -> None:
    """Send somebody elsewhere: from this moment nothing reaches them by what they were."""
    for leg in peer.media.legs:
        move(leg, None, now)
        leg.station = station
    peer.station = station


def release(peer: Peer, now: float) -> None:
    """Part somebody who goes from everybody: what they receive, and what is received of them."""
    for leg in peer.media.legs:
        move(leg, None, now)
    for feed in peer.media.feeds.values():
        for track in feed.tracks:
            for leg in track.everybody():
                move(leg, None, now)
            track.rest()
        feed.audience = NOBODY


def open_ears(peer: Peer, table: Permissions, *, live: bool) -> None:
    """Say which stations this person's packets may reach: nobody, unless the call is live.

    What is switched off reaches nobody either, even where a client goes on sending it.
    """
    for feed in peer.media.feeds.values():
        on = live and is_on(feed, peer)
        feed.audience = table.audience(feed.kind, peer.station) if on else NOBODY


def ceiling_of(sender: Peer, people: Iterable[Peer]) -> int:
    """What a sender may send, by the lines of those who see them.

    Of a picture in layers the poor lines get the lower ones, so that the best line decides; a
    single encoding has to fit the poorest.
    """
    layers = {track for feed in sender.media.feeds.values() for track in feed.layers}
    single = {t for t in sender.media.tracks if t.kind is Kind.VIDEO} - layers
    estimates, budgets = [], []
    for viewer in people:
        pictures = [g for g in viewer.media.legs if g.kind is Kind.VIDEO and g.track]
        line = viewer.media.line
        if line.estimate_bps is not None and any(g.track in single for g in pictures):
            estimates.append((line.estimate_bps, len(pictures)))
        if any(g.track in layers for g in pictures):
            budgets.append(line.budget_bps)
    return min(ceiling(estimates), highest(budgets))
