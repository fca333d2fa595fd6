"""Names and a clock as pictures, set by Typst: Persian joins its letters and runs to the left."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import av
import typst
from av import VideoFrame

from remote_court.recording.grid import Box

PAGE = """
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: rgb("#10201e"))
#set text(font: "Vazirmatn", size: {size}pt, fill: white, lang: "{language}")
#align(center + horizon, box(inset: (x: {inset}pt), clip: true, sys.inputs.at("text")))
"""
PIXELS_PER_INCH = 72.0
"""One pixel a point."""

SHARE = 0.55
"""How much of a line's height its letters take."""

DIGITS = "0123456789:"
DIGIT_WIDTH = 16
MARGIN = 8


@dataclass(frozen=True, slots=True)
class Lettering:
    """``digits`` writes numbers as the language does."""

    fonts: typst.Fonts
    language: str
    digits: Callable[[str], str]

    def line(self, text: str, box: Box, inset: int = MARGIN) -> VideoFrame:
        """A line of text as large as a box."""
        page = PAGE.format(
            width=box.width,
            height=box.height,
            size=box.height * SHARE,
            language=self.language,
            inset=inset,
        )
        made = typst.compile(
            page.encode(),
            font_paths=self.fonts,
            format="png",
            ppi=PIXELS_PER_INCH,
            sys_inputs={"text": text},
        )
        return decoded(made)

    def clock(self, height: int) -> Mapping[str, VideoFrame]:
        """Each digit and the colon as a picture, all of one width."""
        box = Box(0, 0, DIGIT_WIDTH, height)
        return {digit: self.line(self.digits(digit), box, inset=0) for digit in DIGITS}


def decoded(png: bytes) -> VideoFrame:
    """A picture file as a frame."""
    with av.open(io.BytesIO(png), "r", format="png_pipe") as container:
        return next(container.decode(video=0))
