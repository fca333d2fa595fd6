"""The codecs that can be recorded, by the name a negotiation gives them."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.recording.frames import Codec
from remote_court.recording.h264 import H264
from remote_court.recording.opus import Opus
from remote_court.recording.vp8 import Vp8

CODECS: Mapping[str, Codec] = {"opus": Opus(), "vp8": Vp8(), "h264": H264()}
