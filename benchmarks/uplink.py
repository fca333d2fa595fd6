"""What it costs to tell a sender when its packets came: CPU per packet that comes in.

Frames of packets reach a worker's port on loopback as a browser would send them, with the running
number among their extensions; nobody receives them. In turns the same frames are sent by a client
that asked for feedback and by one that did not. What sends is not counted.
"""

from __future__ import annotations

import itertools
import socket
import statistics
import sys
import time

from _report import target, write
from aiortc.rtcdtlstransport import RTCCertificate
from pylibsrtp import Policy, Session

from remote_court.demo.offer import Offer
from remote_court.video import extensions, srtp
from remote_court.video.datagrams import sockaddr
from remote_court.video.media import Media
from remote_court.video.port import Port
from remote_court.video.sdp import Local, negotiate

FRAMES, PER_FRAME, FRAMES_PER_S = 3000, 5, 30
PACKET = 1100
TURNS = 5
MOST_RATIO = 2.0
NUMBERED = f"a=extmap:5 {extensions.NUMBER}\r\na=rtcp-fb:96 transport-cc\r\n"
SSRC = 77


def session(direction: int) -> Session:
    policy = Policy(
        key=b"k" * 28, ssrc_type=direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM
    )
    policy.window_size = 1024
    return Session(policy)


def client(port: Port, address: tuple[str, int], *, asks: bool) -> Media:
    """A client as after its handshake, at this address."""
    path = port.new_path()
    certificate = RTCCertificate.generateCertificate()
    local = Local(path.ufrag, path.password, certificate.getFingerprints(), [("127.0.0.1", 1)])
    offer = Offer(certificate.getFingerprints(), video_ssrc=SSRC).text()
    if asks:
        offer = offer.replace("a=mid:1\r\n", "a=mid:1\r\n" + NUMBERED)
    ssrcs = itertools.count(1000)
    media = Media(negotiate(offer, local, lambda: next(ssrcs)), "visitor", port, path, certificate)
    media._incoming = session(Policy.SSRC_ANY_INBOUND)  # noqa: SLF001 - no handshake here
    media._outgoing = session(Policy.SSRC_ANY_OUTBOUND)  # noqa: SLF001
    media._unseal = srtp.handle(media._incoming)  # noqa: SLF001
    media.connected, path.on_packet = True, media._on_packet  # noqa: SLF001
    path.nominate(address)
    port._know(path, key_of(address))  # noqa: SLF001
    return media


def key_of(address: tuple[str, int]) -> int:
    """What the inbox calls this address."""
    return int.from_bytes(sockaddr(address)[:8], sys.byteorder)


def frames() -> list[list[bytes]]:
    """Sealed packets: a head, send time and running number, a payload."""
    seal, made = session(Policy.SSRC_ANY_OUTBOUND), []
    for at in range(FRAMES * PER_FRAME):
        head = b"\x90\x60" + (at & 0xFFFF).to_bytes(2) + bytes(4) + SSRC.to_bytes(4)
        words = b"\xbe\xde\x00\x02\x22abc\x51" + (at & 0xFFFF).to_bytes(2) + b"\x00"
        made.append(seal.protect(head + words + bytes(PACKET)))
    return [made[at : at + PER_FRAME] for at in range(0, len(made), PER_FRAME)]


def measure(sent: list[list[bytes]], *, asks: bool) -> tuple[float, int]:
    """µs of CPU for each packet that came in, and how many reports were sent."""
    port = Port("127.0.0.1", 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        sender.setblocking(False)
        media = client(port, sender.getsockname(), asks=asks)
        used, where = 0.0, ("127.0.0.1", port.number)
        told = 0
        for frame in sent:
            for packet in frame:
                sender.sendto(packet, where)
            before = time.process_time()
            port._readable()  # noqa: SLF001
            used += time.process_time() - before
            media.arrivals.due -= 1 / FRAMES_PER_S  # as if that long had passed
            media.arrivals._told_at -= 1 / FRAMES_PER_S  # noqa: SLF001
            while drained(sender):
                told += 1
        came = media.tracks[1].reception.received
        port.close()
    assert came == len(sent) * PER_FRAME, came
    return used / came * 1e6, told


def drained(sender: socket.socket) -> bool:
    try:
        return bool(sender.recv(2048))
    except BlockingIOError:
        return False


def main() -> None:
    sent = frames()
    plain, told, reports = [], [], 0
    for _ in range(TURNS):
        plain.append(measure(sent, asks=False)[0])
        cost, reports = measure(sent, asks=True)
        told.append(cost)
    before, after = statistics.median(plain), statistics.median(told)
    ratio = round(after / before, 2)
    result = {
        "packets_per_s": PER_FRAME * FRAMES_PER_S,
        "untold_us": round(before, 2),
        "told_us": round(after, 2),
        "reports_per_s": round(reports / FRAMES * FRAMES_PER_S, 1),
    }
    goal = target("ratio", f"<= {MOST_RATIO}", ratio, met=ratio <= MOST_RATIO)
    write("uplink", [result], [goal])


if __name__ == "__main__":
    main()
