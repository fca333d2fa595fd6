"""The m-lines of a negotiated connection: what a client sends, and its slots."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from remote_court.video.codecs import Codec, Payload
from remote_court.video.permissions import Kind


class Source(StrEnum):
    """What a person sends."""

    MICROPHONE = "microphone"
    CAMERA = "camera"
    SCREEN = "screen"

    @property
    def kind(self) -> Kind:
        """Sound or picture."""
        return Kind.AUDIO if self is Source.MICROPHONE else Kind.VIDEO


@dataclass(frozen=True, slots=True)
class Sending:
    """An m-line on which the client sends; an SSRC is None until its first packet tells it.

    ``rids`` names its encodings where it sends several of one picture, each with SSRCs of its
    own; ``…_id`` are ids of header extensions.
    ``nack`` says whether the client sends again what we ask for; ``number_id`` names the running
    number by which it wants to be told what came when.
    """

    mid: str
    source: Source
    payload_type: int
    rtx_payload_type: int | None
    ssrc: int | None
    rtx_ssrc: int | None
    clock_rate: int
    level_id: int | None
    mid_id: int | None
    codec: Codec = Codec.VP8
    rids: tuple[str, ...] = ()
    rid_id: int | None = None
    repaired_id: int | None = None
    nack: bool = True
    number_id: int | None = None

    @property
    def kind(self) -> Kind:
        """Sound or picture."""
        return self.source.kind


@dataclass(frozen=True, slots=True)
class Receiving:
    """A slot: an m-line on which the client receives. ``pair`` counts slots of its kind.

    ``payloads`` are the codecs its receiver reads, one at least.

    Of an outgoing packet's extension words, ``extension_constant`` is always sent, and of what
    changes with each packet only what ``extension_mask`` covers.
    """

    mid: str
    kind: Kind
    pair: int
    ssrc: int
    rtx_ssrc: int | None
    clock_rate: int
    extension_mask: int
    extension_constant: int
    payloads: tuple[Payload, ...]

    def payload(self, codec: Codec) -> Payload | None:
        """Under which types a codec reaches this receiver; None where it does not."""
        return next((p for p in self.payloads if p.codec is codec), None)
