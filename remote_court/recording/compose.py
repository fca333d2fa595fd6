"""One MP4 of a recording: everybody in a grid with their names, the time of day above, all voices.

The only step that decodes and codes; it is done afterwards, by whoever has the master key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from pathlib import Path

import av
from av import AudioFrame, VideoFrame
from av.container import OutputContainer

from remote_court.recording import grid
from remote_court.recording.canvas import Canvas
from remote_court.recording.grid import BAR, WIDTH, Box, cells, fitted
from remote_court.recording.lettering import DIGIT_WIDTH, Lettering
from remote_court.recording.pictures import Pictures
from remote_court.recording.scene import Scene
from remote_court.recording.voices import BLOCK_MS, RATE, Mixer

FPS = 20
FRAME_MS = 1000 // FPS
CLOCK = "00:00:00"
QUALITY = {"crf": "25", "preset": "veryfast"}


class Face:
    """A place of the grid and what fills it."""

    def __init__(self, cell: grid.Cell, pictures: Pictures) -> None:
        self._cell = cell
        self._pictures = pictures
        self._shown: Box | None = None

    def draw(self, canvas: Canvas, now_ms: float) -> None:
        """Show what is new at this moment."""
        new, frame = self._pictures.at(now_ms)
        if not new:
            return
        place = None if frame is None else fitted((frame.width, frame.height), self._cell.picture)
        if place != self._shown:
            canvas.blacken(self._cell.picture)
            self._shown = place
        if frame is not None and place is not None:
            canvas.paint(frame, place)


class Clock:
    """The time of day at the top, and the day beside it."""

    def __init__(
        self,
        lettering: Lettering,
        local: Callable[[datetime], datetime],
        day: Callable[[datetime], str],
    ) -> None:
        self._lettering, self._local, self._day = lettering, local, day
        self._digits = lettering.clock(BAR)
        self._said = ""
        self._dated = ""

    def draw(self, canvas: Canvas, now: datetime) -> None:
        """Show a moment, if it is not shown yet."""
        here = self._local(now)
        if (said := here.strftime("%H:%M:%S")) != self._said:
            for place, digit in enumerate(said):
                if self._said[place : place + 1] != digit:
                    box = Box(place * DIGIT_WIDTH, 0, DIGIT_WIDTH, BAR)
                    canvas.paint(self._digits[digit], box)
            self._said = said
        if (dated := self._day(here)) != self._dated:
            left = len(CLOCK) * DIGIT_WIDTH
            box = Box(left, 0, WIDTH - left, BAR)
            canvas.paint(self._lettering.line(dated, box), box)
            self._dated = dated


def compose(
    scene: Scene,
    path: Path,
    lettering: Lettering,
    *,
    local: Callable[[datetime], datetime],
    day: Callable[[datetime], str],
    progress: Callable[[float], None] = lambda _share: None,
) -> None:
    """Write the MP4.

    Args:
        scene: what is to be seen and heard.
        path: where to.
        lettering: how names are written.
        local: a moment as a time on the wall.
        day: how a day is written.
        progress: told how much of it is done, from 0 to 1.

    Raises:
        RecordingBroken: something is not as it was written.
    """
    canvas, faces = laid_out(scene, lettering)
    clock = Clock(lettering, local, day)
    mixer = Mixer(scene.voices) if scene.voices else None
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as target:
        target.metadata["creation_time"] = scene.begins_at.isoformat()
        film = Film(target, sound=mixer is not None)
        per_block = BLOCK_MS // FRAME_MS
        blocks = max(1, ceil(scene.length_ms / BLOCK_MS))
        for block in range(blocks):
            for number in range(block * per_block, (block + 1) * per_block):
                for face in faces:
                    face.draw(canvas, number * FRAME_MS)
                clock.draw(canvas, scene.begins_at + timedelta(milliseconds=number * FRAME_MS))
                film.show(canvas.frame(), number)
            if mixer is not None:
                film.play(mixer.block(block))
            progress((block + 1) / blocks)
        if mixer is not None:
            film.play(mixer.rest())
        film.end()


def laid_out(scene: Scene, lettering: Lettering) -> tuple[Canvas, list[Face]]:
    """An empty picture with everybody's name in it, and who fills it."""
    canvas, faces = Canvas(), []
    for lane, cell in zip(scene.pictures, cells(len(scene.pictures)), strict=True):
        canvas.paint(lettering.line(lane.name, cell.label), cell.label)
        faces.append(Face(cell, Pictures(lane)))
    return canvas, faces


class Film:
    """The MP4 as it is coded."""

    def __init__(self, target: OutputContainer, *, sound: bool) -> None:
        self._target = target
        self._video = target.add_stream("libx264", rate=FPS, options=QUALITY)
        self._video.width, self._video.height = WIDTH, grid.HEIGHT
        self._video.pix_fmt = "yuv420p"
        self._video.time_base = Fraction(1, FPS)
        self._audio = target.add_stream("aac", rate=RATE, layout="mono") if sound else None

    def show(self, frame: VideoFrame, number: int) -> None:
        """The next picture."""
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        self._target.mux(self._video.encode(frame))

    def play(self, frames: list[AudioFrame]) -> None:
        """The next sound."""
        if self._audio is not None:
            for frame in frames:
                self._target.mux(self._audio.encode(frame))

    def end(self) -> None:
        """No more comes."""
        self._target.mux(self._video.encode(None))
        if self._audio is not None:
            self._target.mux(self._audio.encode(None))
