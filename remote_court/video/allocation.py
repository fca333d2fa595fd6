"""Which encoding of each picture a receiver gets, by its screen and its line; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Size = tuple[int, int]
"""Width and height in pixels."""

ENOUGH = 0.6
"""Share of a tile's pixels that a picture must have to fill it decently."""

HEADROOM = 1.2
"""How far the budget must exceed what a step up costs, so that nobody steps up and down."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """What can be had of a picture: its size (nothing where unknown) and its bitrate."""

    size: Size
    bps: float

    @property
    def pixels(self) -> int:
        """How many there are of them."""
        return self.size[0] * self.size[1]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture a receiver watches: its encodings, the smallest first, one at least.

    ``tile`` is how large it is shown, None where the receiver did not say; ``carried`` which
    encoding it gets now.
    """

    encodings: Sequence[Encoding]
    tile: Size | None = None
    carried: int | None = None

    @property
    def useful(self) -> int:
        """The smallest encoding that fills the tile; the largest where none does."""
        if self.tile is not None:
            wanted = self.tile[0] * self.tile[1] * ENOUGH
            for at, encoding in enumerate(self.encodings):
                if encoding.pixels >= wanted:
                    return at
        return len(self.encodings) - 1

    def price(self, at: int) -> float:
        """What an encoding costs in bit/s; one that is not carried yet needs some room to spare."""
        bps = self.encodings[at].bps
        return bps if self.carried is not None and at <= self.carried else bps * HEADROOM

    def coarseness(self, at: int) -> float:
        """How many pixels of the tile one of the encoding's must fill."""
        tile = self.tile or self.encodings[-1].size
        return tile[0] * tile[1] / max(1, self.encodings[at].pixels)


def allocate(
    budget_bps: float | None, pictures: Sequence[Picture], *, strict: bool = True
) -> list[int | None]:
    """Share a budget out: first something of every picture, then finer ones, the coarsest first.

    ``pictures`` come in order of importance. The answer holds, for each, the encoding it gets,
    or None where not even the smallest fits and the budget is ``strict``. Without a budget
    everybody gets what is useful.
    """
    if budget_bps is None:
        return [picture.useful for picture in pictures]
    given: list[int | None] = []
    for picture in pictures:
        price = picture.price(0)
        given.append(0 if price <= budget_bps or not strict else None)
        budget_bps -= price if given[-1] == 0 else 0.0
    while (step := next_step(budget_bps, pictures, given)) is not None:
        at, price = step
        given[at] = (given[at] or 0) + 1
        budget_bps -= price
    return given


def next_step(
    budget_bps: float, pictures: Sequence[Picture], given: Sequence[int | None]
) -> tuple[int, float] | None:
    """The step up that helps most and can be afforded: which picture, and at what price."""
    affordable = [
        (picture.coarseness(level), -at, price)
        for at, (picture, level, price) in steps(pictures, given)
        if level is not None and price <= budget_bps
    ]
    if not affordable:
        return None
    _, at, price = max(affordable)
    return -at, price


def steps(
    pictures: Sequence[Picture], given: Sequence[int | None]
) -> Iterator[tuple[int, tuple[Picture, int | None, float]]]:
    """Pictures of which more would be useful, with what they have and the price of one step."""
    for at, (picture, level) in enumerate(zip(pictures, given, strict=True)):
        if level is None:
            yield at, (picture, None, picture.price(0))
        elif level < picture.useful:
            yield at, (picture, level, picture.price(level + 1) - picture.price(level))


def spent(pictures: Sequence[Picture], given: Sequence[int | None]) -> float:
    """What is sent, in bit/s."""
    pairs = zip(pictures, given, strict=True)
    return sum(picture.price(level) for picture, level in pairs if level is not None)


def more(pictures: Sequence[Picture], given: Sequence[int | None]) -> float | None:
    """The budget at which the cheapest step more could be taken; None where none is useful."""
    prices = [price for _, (_, _, price) in steps(pictures, given)]
    return spent(pictures, given) + max(0.0, min(prices)) if prices else None
