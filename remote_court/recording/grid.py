"""Where each picture stands in the composed one; pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

WIDTH, HEIGHT = 1280, 720
BAR = 40
"""The height of the bar with the clock, at the top."""

LABEL = 32
"""The height of a name below its picture."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture; every edge is even, for colours are halved."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody's place: the picture, and the name below it."""

    picture: Box
    label: Box


def cells(count: int) -> list[Cell]:
    """A place for each of so many, in rows from the top, as square as can be."""
    columns = max(1, ceil(sqrt(count)))
    rows = max(1, ceil(count / columns))
    width, height = even(WIDTH / columns), even((HEIGHT - BAR) / rows)
    return [
        cell((n % columns) * width, BAR + (n // columns) * height, width, height)
        for n in range(count)
    ]


def cell(left: int, top: int, width: int, height: int) -> Cell:
    """A place with room for a name."""
    shown = height - LABEL
    return Cell(Box(left, top, width, shown), Box(left, top + shown, width, LABEL))


def fitted(size: tuple[int, int], box: Box) -> Box:
    """The largest box of this shape within another, in its middle."""
    wide, high = size
    scale = min(box.width / wide, box.height / high)
    width, height = max(2, even(wide * scale)), max(2, even(high * scale))
    left = box.left + even((box.width - width) / 2)
    top = box.top + even((box.height - height) / 2)
    return Box(left, top, width, height)


def even(length: float) -> int:
    """The even number at or below."""
    return int(length) // 2 * 2
