"""Who sits in which slot; pure.

A slot pair keeps its person as long as the person is worth showing, so that pictures do not
jump about when people come and go.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

Seats = tuple[str | None, ...]
"""Person ids by pair; None is an empty pair."""


def assign(seats: Seats, ranked: Sequence[str]) -> Seats:
    """Seat the first of the ranked, moving nobody who may stay.

    ``ranked`` holds each person once, the most important first; those beyond the number of
    pairs are not shown.
    """
    wanted = ranked[: len(seats)]
    kept = [person if person in wanted else None for person in seats]
    waiting = iter([person for person in wanted if person not in kept])
    return tuple(next(waiting, None) if person is None else person for person in kept)


def rank(
    people: Sequence[str],
    *,
    pinned: Sequence[str],
    spoke: Sequence[str],
    seated: Collection[str | None],
) -> list[str]:
    """Order people by who should be seen first.

    First whom the viewer pinned; then who spoke, the most recent first; then who is shown
    already; then by arrival.
    """
    order = {person: at for at, person in enumerate(people)}
    pins = {person: at for at, person in enumerate(pinned)}
    voices = {person: at for at, person in enumerate(spoke)}

    def key(person: str) -> tuple[int, int, bool, int]:
        return (
            pins.get(person, len(pins)),
            voices.get(person, len(voices)),
            person not in seated,
            order[person],
        )

    return sorted(order, key=key)


def spare(seats: Seats, before: Seats, sharing: Sequence[str], pairs: int) -> Seats:
    """Give shared screens the pairs that nobody sits in; one that has a pair keeps it.

    ``seats`` may be fewer than the ``pairs`` there are. Screens start from the last pair, which
    a person takes last. Whoever's screen finds no pair is not in the answer.
    """
    taken = [*seats, *[None] * pairs][:pairs]
    held = [*before, *[None] * pairs][:pairs]
    wanted = set(sharing)
    given = [
        screen if person is None and screen in wanted else None
        for person, screen in zip(taken, held, strict=True)
    ]
    waiting = iter([person for person in sharing if person not in given])
    for at in reversed(range(pairs)):
        if taken[at] is None and given[at] is None:
            given[at] = next(waiting, None)
    return tuple(given)
