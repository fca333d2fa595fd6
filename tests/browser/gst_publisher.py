"""A WHIP client on GStreamer's webrtcbin: a picture and ticks until it is told to end.

Debian's Python runs it, which has GStreamer's bindings; nothing of ours is imported. Says
"published" once the server has taken it, and "gone" with the status of its DELETE.

    /usr/bin/python3 gst_publisher.py URL < ticket
"""

from __future__ import annotations

import signal
import sys
import threading
import urllib.request
from typing import Any
from urllib.parse import urljoin

import gi  # type: ignore[import-not-found] # Debian's Python has it

for name in ("Gst", "GstSdp", "GstWebRTC"):
    gi.require_version(name, "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402 - versions come first

PIPELINE = """
webrtcbin name=peer bundle-policy=max-bundle
videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1
 ! videoconvert ! vp8enc deadline=1 keyframe-max-dist=30 ! rtpvp8pay
 ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! peer.
audiotestsrc is-live=true wave=ticks ! audioconvert ! audioresample ! opusenc ! rtpopuspay
 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! peer.
"""


class Publisher:
    """One publication, from the offer to its end."""

    def __init__(self, url: str, ticket: str) -> None:
        self._url, self._ticket = url, ticket
        self._where = ""
        self._pipeline = Gst.parse_launch(PIPELINE)
        self._peer = self._pipeline.get_by_name("peer")
        self._peer.connect("on-negotiation-needed", self._offer)
        self._peer.connect("notify::ice-gathering-state", self._gathered)

    def begin(self) -> None:
        """Let the cameras run, which asks for an offer."""
        for number in range(2):
            way = self._peer.emit("get-transceiver", number)
            way.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        self._pipeline.set_state(Gst.State.PLAYING)

    def end(self) -> None:
        """Leave."""
        print("gone", self._ask("DELETE", self._where).status, flush=True)  # noqa: T201 - whoever started it reads
        self._pipeline.set_state(Gst.State.NULL)

    def _offer(self, peer: Any) -> None:
        def offered(promise: Any) -> None:
            promise.wait()
            reply = promise.get_reply()  # kept: the offer is a part of it
            offer = reply.get_value("offer")
            peer.emit("set-local-description", offer, Gst.Promise.new())

        peer.emit("create-offer", None, Gst.Promise.new_with_change_func(offered))

    def _gathered(self, peer: Any, _: Any) -> None:
        state = peer.get_property("ice-gathering-state")
        if state == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            threading.Thread(target=self._publish).start()

    def _publish(self) -> None:
        offer = self._peer.get_property("local-description").sdp.as_text()
        answer = self._ask("POST", self._url, offer.encode())
        self._where = urljoin(self._url, answer.headers["Location"])
        _, told = GstSdp.SDPMessage.new_from_text(answer.read().decode())
        answered = GstWebRTC.WebRTCSDPType.ANSWER
        described = GstWebRTC.WebRTCSessionDescription.new(answered, told)
        self._peer.emit("set-remote-description", described, None)
        print("published", answer.status, flush=True)  # noqa: T201 - whoever started it reads

    def _ask(self, method: str, url: str, body: bytes | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._ticket}", "Content-Type": "application/sdp"}
        request = urllib.request.Request(url, body, headers, method=method)
        return urllib.request.urlopen(request, timeout=10)


def main() -> None:
    """Publish until SIGTERM."""
    Gst.init(None)
    publisher, loop = Publisher(sys.argv[1], sys.stdin.readline().strip()), GLib.MainLoop()
    GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, loop.quit)
    publisher.begin()
    loop.run()
    publisher.end()


if __name__ == "__main__":
    main()
