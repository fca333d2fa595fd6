"""From an offer to an answer; pure.

The client says what it sends and how many slots it has; we answer once, and nothing is
negotiated again. aiortc's parser and printer are used; where they fall short of what browsers
write, we look away or refuse politely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters
from aiortc.rtcicetransport import RTCIceCandidate, RTCIceParameters
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.sdp import GroupDescription, MediaDescription, SessionDescription, SsrcDescription

from remote_court.video import bulk, extensions, simulcast
from remote_court.video.bundle import with_ports
from remote_court.video.codecs import Codec, Format, formats, parameters
from remote_court.video.lines import Receiving, Sending, Source
from remote_court.video.permissions import Kind
from remote_court.video.refusals import BadOffer, NoCommonCodec

FEEDBACK = frozenset({("nack", None), ("nack", "pli"), ("goog-remb", None), ("ccm", "fir")})
ARRIVALS = ("transport-cc", None)
"""Feedback on when each packet came; we give it, and number nothing of what we send."""

START_KBPS = 600
NOWHERE = "0.0.0.0"  # noqa: S104 - SDP's way to say: see the candidates
LONGEST_MID = 64
SSRCS = 1 << 32
OTHER_ROLE = {"auto": "server", "client": "server", "server": "client"}
"""Who we are in the handshake, by what the client is; FFmpeg's WHIP client is the server."""

UNREADABLE = (AssertionError, AttributeError, LookupError, StopIteration, TypeError, ValueError)
"""What aiortc's parser raises at what is not SDP."""


@dataclass(frozen=True, slots=True)
class Local:
    """Our side of every answer: credentials, certificate, and the addresses we announce."""

    ufrag: str
    password: str
    fingerprints: Sequence[RTCDtlsFingerprint]
    addresses: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Negotiation:
    """What came of an offer."""

    answer: str
    sending: tuple[Sending, ...]
    receiving: tuple[Receiving, ...]
    dtls: RTCDtlsParameters


def negotiate(
    offer: str,
    local: Local,
    new_ssrc: Callable[[], int],
    sources: Mapping[str, str] | None = None,
) -> Negotiation:
    """Answer an offer.

    Raises:
        BadOffer: not SDP, no DTLS fingerprint, a direction or a source we do not serve.
        NoCommonCodec: an m-line has none of our codecs.
    """
    asked = parse(offer)
    remote = next((m.dtls for m in asked.media if m.dtls and m.dtls.fingerprints), None)
    if remote is None:
        raise BadOffer(where="dtls")
    answer = SessionDescription()
    answer.origin = f"- {new_ssrc()} 2 IN IP4 0.0.0.0"
    sending: list[Sending] = []
    receiving: list[Receiving] = []
    layers = simulcast.offered(offer)
    for line in asked.media:
        reply = refused(line)
        if line.kind in tuple(Kind) and line.port and line.direction != "inactive":
            served = formats(line)
            if not served:
                raise NoCommonCodec(kind=line.kind)
            if line.direction == "sendonly":
                taken = accept_sending(line, served[0], sending, sources)
                sending.append(layered(line, taken, layers))
                reply = accepted(line, served[:1], local, layered=bool(sending[-1].rids))
            elif line.direction == "recvonly":
                slot = accept_receiving(line, served, receiving, new_ssrc)
                receiving.append(slot)
                reply = with_slot(accepted(line, served, local), slot)
            else:
                raise BadOffer(where="direction")
        answer.media.append(reply)
    bundled: list[int | str] = [m.rtp.muxId for m in answer.media if m.port]
    answer.group = [GroupDescription("BUNDLE", bundled)]
    answer.msid_semantic = [GroupDescription("WMS", ["*"])]
    for reply in answer.media:
        if reply.dtls is not None:
            reply.dtls.role = OTHER_ROLE[remote.role]
    text = simulcast.accept(str(answer), {s.mid: s.rids for s in sending})
    return Negotiation(text, tuple(sending), tuple(receiving), remote)


def parse(offer: str) -> SessionDescription:
    """Read an offer; raises BadOffer."""
    if not bulk.fits(offer):
        raise BadOffer(where="size")
    try:
        asked = SessionDescription.parse(with_ports(offer))
    except UNREADABLE as error:
        raise BadOffer(where="syntax") from error
    mids = [m.rtp.muxId for m in asked.media]
    fit = all(mid and len(mid) <= LONGEST_MID for mid in mids)
    if not mids or not fit or len(set(mids)) != len(mids):
        raise BadOffer(where="mid")
    return asked


def accept_sending(
    line: MediaDescription,
    served: Format,
    before: Sequence[Sending],
    sources: Mapping[str, str] | None,
) -> Sending:
    """Take what the client sends; each source once."""
    mid, taken = line.rtp.muxId, {s.source for s in before}
    named = (sources or {}).get(mid)
    order = [s for s in (Source.MICROPHONE, Source.CAMERA, Source.SCREEN) if s not in taken]
    source = next((s for s in order if s.kind == line.kind and named in {None, s.value}), None)
    if source is None:
        raise BadOffer(where="sources")
    repeats = {
        int(pair.items[0]): int(pair.items[1])
        for pair in line.ssrc_group
        if pair.semantic == "FID" and len(pair.items) > 1
    }
    ssrc = next((s.ssrc for s in line.ssrc if s.ssrc not in repeats.values()), None)
    rtx_ssrc = None if ssrc is None else repeats.get(ssrc)
    if not all(0 <= (each or 0) < SSRCS for each in (ssrc, rtx_ssrc)):
        raise BadOffer(where="ssrc")
    return Sending(
        mid=mid,
        source=source,
        payload_type=served.payload.payload_type,
        rtx_payload_type=served.payload.rtx_payload_type,
        ssrc=ssrc,
        rtx_ssrc=rtx_ssrc,
        clock_rate=served.offered.clockRate,
        level_id=extension_id(line, extensions.AUDIO_LEVEL),
        mid_id=extension_id(line, extensions.MID),
        codec=served.payload.codec,
        nack=hears(served, ("nack", None)),
        number_id=number_id(line, served),
    )


def hears(served: Format, feedback: tuple[str, str | None]) -> bool:
    """Whether the client heeds this feedback on a format."""
    return any((f.type, f.parameter) == feedback for f in served.offered.rtcpFeedback)


def number_id(line: MediaDescription, served: Format) -> int | None:
    """The id of the running number, where the client heeds feedback on it."""
    return extension_id(line, extensions.NUMBER) if hears(served, ARRIVALS) else None


def layered(
    line: MediaDescription, taken: Sending, layers: Mapping[str, simulcast.Layers]
) -> Sending:
    """Take several encodings of a camera, where each packet can tell whose it is."""
    rid_id = extension_id(line, extensions.RID)
    rids = layers.get(taken.mid, ())
    if not rids or taken.source is not Source.CAMERA or None in {rid_id, taken.mid_id}:
        return taken
    if taken.codec is not Codec.VP8:
        return taken
    return replace(
        taken,
        ssrc=None,
        rtx_ssrc=None,
        rids=rids,
        rid_id=rid_id,
        repaired_id=extension_id(line, extensions.REPAIRED_RID),
    )


def accept_receiving(
    line: MediaDescription,
    served: Sequence[Format],
    before: Sequence[Receiving],
    new_ssrc: Callable[[], int],
) -> Receiving:
    """Give a slot its SSRCs, and see which extensions its receiver reads."""
    kind = Kind(line.kind)
    mask = constant = 0
    wide = 32 if kind is Kind.AUDIO else 0
    if (time_id := extension_id(line, extensions.SEND_TIME)) is not None:
        mask |= 0xFFFFFF << wide
        constant |= (time_id << 4 | 2) << (24 + wide)
    level_id = extension_id(line, extensions.AUDIO_LEVEL)
    if kind is Kind.AUDIO and level_id is not None:
        mask |= 0xFF << 16
        constant |= level_id << 28
    repairs = any(f.payload.rtx_payload_type is not None for f in served)
    return Receiving(
        mid=line.rtp.muxId,
        kind=kind,
        pair=sum(slot.kind is kind for slot in before),
        ssrc=new_ssrc(),
        rtx_ssrc=new_ssrc() if repairs else None,
        clock_rate=served[0].offered.clockRate,
        extension_mask=mask,
        extension_constant=constant,
        payloads=tuple(f.payload for f in served),
    )


def extension_id(line: MediaDescription, uri: str) -> int | None:
    """The id under which the client wrote an extension, if we can use it."""
    ids = (x.id for x in line.rtp.headerExtensions if x.uri == uri)
    found = next(ids, None)
    return found if found is not None and 0 < found <= extensions.LARGEST_ID else None


def refused(line: MediaDescription) -> MediaDescription:
    """An m-line of the answer that says no."""
    reply = MediaDescription(line.kind, 0, line.profile, line.fmt)
    reply.rtp.muxId = line.rtp.muxId
    reply.host = NOWHERE
    reply.direction = "inactive"
    reply.ice = RTCIceParameters(iceLite=True)
    return reply


def accepted(
    line: MediaDescription,
    served: Sequence[Format],
    local: Local,
    *,
    layered: bool = False,
) -> MediaDescription:
    """An m-line of the answer that says yes."""
    known = extensions.LAYERED if layered else extensions.KNOWN
    receives, given = line.direction == "sendonly", FEEDBACK
    if receives and number_id(line, served[0]) is not None:
        known, given = known | {extensions.NUMBER}, given | {ARRIVALS}
    codecs = [codec for one in served for codec in spoken(one, given, receives=receives)]
    reply = MediaDescription(line.kind, 9, line.profile, [c.payloadType for c in codecs])
    reply.rtp.muxId, reply.rtp.codecs = line.rtp.muxId, codecs
    reply.rtp.headerExtensions = [
        x for x in line.rtp.headerExtensions if x.uri in known and 0 < x.id <= extensions.LARGEST_ID
    ]
    reply.host, reply.rtcp_port, reply.rtcp_host, reply.rtcp_mux = NOWHERE, 9, NOWHERE, True
    reply.direction = "recvonly" if line.direction == "sendonly" else "sendonly"
    reply.ice = RTCIceParameters(local.ufrag, local.password, iceLite=True)
    reply.ice_candidates = [
        RTCIceCandidate(
            1, str(at), ip, port, (126 << 24) | ((65535 - at) << 8) | 255, "udp", "host"
        )
        for at, (ip, port) in enumerate(local.addresses, start=1)
    ]
    reply.ice_candidates_complete = True
    reply.dtls = RTCDtlsParameters(fingerprints=list(local.fingerprints), role="server")
    return reply


def spoken(
    served: Format, given: frozenset[tuple[str, str | None]], *, receives: bool
) -> Iterator[RTCRtpCodecParameters]:
    """A format as we answer it: the feedback we give, the parameters we like; and its repairs."""
    offered, rtx = served.offered, served.payload.rtx_payload_type
    yield RTCRtpCodecParameters(
        mimeType=offered.mimeType,
        clockRate=offered.clockRate,
        channels=offered.channels,
        payloadType=offered.payloadType,
        rtcpFeedback=[f for f in offered.rtcpFeedback if (f.type, f.parameter) in given],
        parameters=parameters(served, receives=receives, start_kbps=START_KBPS),
    )
    if rtx is not None:
        kind = offered.mimeType.split("/")[0]
        repeat = RTCRtpCodecParameters(f"{kind}/rtx", offered.clockRate, payloadType=rtx)
        repeat.parameters = {"apt": offered.payloadType}
        yield repeat


def with_slot(reply: MediaDescription, slot: Receiving) -> MediaDescription:
    """Announce a slot's SSRCs; the slots of a pair share a stream, so lips stay in step."""
    reply.msid = f"pair{slot.pair} {slot.kind}{slot.pair}"
    reply.ssrc = [SsrcDescription(ssrc=slot.ssrc, cname="court")]
    if slot.rtx_ssrc is not None:
        reply.ssrc.append(SsrcDescription(ssrc=slot.rtx_ssrc, cname="court"))
        reply.ssrc_group = [GroupDescription("FID", [slot.ssrc, slot.rtx_ssrc])]
    return reply
